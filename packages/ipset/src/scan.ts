import { endOfWord, isBlank, type Line, skipBlanks, type TokenCode, wordTable, type WordTable } from '@netdrift/core';
import { anyType, findSetType, type SetType } from './set-types.ts';
import * as token from './tokens.ts';

const COMMA = 0x2c;
const QUOTE = 0x22;

interface Vocabulary {
  readonly words: WordTable;
  readonly valued: ReadonlySet<TokenCode>;
}

function vocabulary(keywords: readonly token.Keyword[]): Vocabulary {
  return {
    words: wordTable([...keywords.map(({ text, code }) => [text, code] as const), ['-exist', token.exist], ['-!', token.exist]]),
    valued: new Set(keywords.filter(({ takesValue }) => takesValue).map(({ code }) => code)),
  };
}

const createWords = vocabulary(token.createKeywords);
const memberWords = vocabulary(token.memberKeywords);

/** The label that a line of a listing begins with, or -1; the list is short and told apart by the first letters. */
export function labelOf(line: Line, start: number, end: number): TokenCode {
  for (const [text, code] of token.labels) {
    if (end - start >= text.length && line.source.startsWith(text, start)) return code;
  }
  return -1;
}

const LABEL_LENGTHS = new Map(token.labels.map(([text, code]) => [code, text.length]));

/** A line of a set's head: its label, and what stands behind it. */
export function scanLabelled(line: Line, label: TokenCode, start: number, end: number): void {
  line.begin(start, end);
  const stop = start + (LABEL_LENGTHS.get(label) ?? 0);
  line.push(label, start, stop);
  if (label === token.headerLabel) scanOptions(line, createWords, stop, end);
  else if (label === token.nameLabel) pushRest(line, token.setName, stop, end);
  else if (label === token.typeLabel) pushRest(line, token.typeName, stop, end);
  else scanOptions(line, undefined, stop, end);
}

function pushRest(line: Line, type: TokenCode, start: number, end: number): void {
  const first = skipBlanks(line.bytes, start, end);
  let last = end;
  while (last > first && isBlank(line.bytes[last - 1])) last -= 1;
  if (first < last) line.push(type, first, last);
}

/** A line that is a name and nothing else, of `ipset list -n`. */
export function scanName(line: Line, start: number, end: number): void {
  line.begin(start, end);
  line.push(token.nameLabel, start, start);
  pushRest(line, token.setName, start, end);
}

/**
 * `create NAME TYPE hashsize 1024 …`: the type is the last known one, because the name may hold blanks and the name of a type
 * (`create a hash:ip hash:net family inet`), and no option does.
 */
export function scanCreate(line: Line, start: number, end: number): void {
  const { bytes } = line;
  line.begin(start, end);
  let at = pushCommand(line, token.create, start, end);
  const nameStart = at;
  let nameEnd = endOfWord(bytes, at, end);
  let typeStart = skipBlanks(bytes, nameEnd, end);
  at = typeStart;
  for (let before = nameEnd; at < end;) {
    const stop = endOfWord(bytes, at, end);
    if (findSetType(line.source.slice(at, stop)) !== undefined) {
      nameEnd = before;
      typeStart = at;
    }
    before = stop;
    at = skipBlanks(bytes, stop, end);
  }
  if (nameStart < nameEnd) line.push(token.setName, nameStart, nameEnd);
  const typeEnd = endOfWord(bytes, typeStart, end);
  if (typeStart < typeEnd) line.push(token.typeName, typeStart, typeEnd);
  scanOptions(line, createWords, typeEnd, end);
}

/**
 * `add NAME ELEMENT timeout 600 …`. `last` is the set of the line before, whose name may hold blanks.
 */
export function scanAdd(line: Line, last: TypedSet | undefined, sets: SetsByName, start: number, end: number): void {
  const { bytes, source } = line;
  line.begin(start, end);
  const nameStart = pushCommand(line, token.add, start, end);
  const known = last?.name ?? '';
  const knownEnd = nameStart + known.length;
  const isLast = known !== '' && knownEnd < end && isBlank(bytes[knownEnd]) && source.startsWith(known, nameStart);
  const nameEnd = isLast ? knownEnd : endOfWord(bytes, nameStart, end);
  if (nameStart < nameEnd) line.push(token.setName, nameStart, nameEnd);
  const set = isLast ? last : sets.get(source.slice(nameStart, nameEnd));
  pushMember(line, set?.knownType, nameEnd, end);
}

type SetsByName = Pick<ReadonlyMap<string, TypedSet>, 'get'>;

/** What a member is read by: the name and the type of its set. */
interface TypedSet {
  readonly name: string;
  readonly knownType?: SetType;
}

/** A command may have `-exist` behind it: `create -exist NAME …`. Gives where the name begins. */
function pushCommand(line: Line, code: TokenCode, start: number, end: number): number {
  const stop = endOfWord(line.bytes, start, end);
  line.push(code, start, stop);
  const next = skipBlanks(line.bytes, stop, end);
  const nextEnd = endOfWord(line.bytes, next, end);
  if (createWords.words.find(line.bytes, next, nextEnd) !== token.exist) return next;
  line.push(token.exist, next, nextEnd);
  return skipBlanks(line.bytes, nextEnd, end);
}

/** A line of a listing's members: `10.96.0.1,tcp:443 timeout 600` */
export function scanMember(line: Line, type: SetType | undefined, start: number, end: number): void {
  line.begin(start, end);
  pushMember(line, type, start, end);
}

function pushMember(line: Line, type: SetType | undefined, start: number, end: number): void {
  const { bytes } = line;
  const first = skipBlanks(bytes, start, end);
  line.push(type?.token ?? anyType, first, first);
  const dimensions = type?.dimensions ?? [];
  if (dimensions[0] === 'set') {
    const stop = endOfSetName(bytes, first, end);
    if (first < stop) line.push(token.elements.set, first, stop);
    scanOptions(line, memberWords, stop, end);
    return;
  }
  const stop = endOfWord(bytes, first, end);
  let at = first;
  for (let dimension = 0; at < stop; dimension += 1) {
    // The last dimension takes the rest: the name of an interface may hold a comma.
    const isLast = type !== undefined && dimension >= dimensions.length - 1;
    const elementEnd = isLast ? stop : indexWithin(bytes, COMMA, at, stop);
    line.push(token.elements[dimensions[dimension] ?? 'any'], at, elementEnd);
    at = elementEnd + 1;
  }
  scanOptions(line, memberWords, stop, end);
}

/** The name of a set in a list:set may hold blanks: it ends before the first keyword. */
function endOfSetName(bytes: Uint8Array, start: number, end: number): number {
  let stop = endOfWord(bytes, start, end);
  for (let at = skipBlanks(bytes, stop, end); at < end; at = skipBlanks(bytes, stop, end)) {
    const wordEnd = endOfWord(bytes, at, end);
    if (memberWords.words.find(bytes, at, wordEnd) >= 0) return stop;
    stop = wordEnd;
  }
  return stop;
}

/** Words behind a set or a member: keywords, the values that belong to them, and others. */
function scanOptions(line: Line, known: Vocabulary | undefined, start: number, end: number): void {
  const { bytes } = line;
  let wantsValue = false;
  for (let at = skipBlanks(bytes, start, end); at < end;) {
    const isQuote = bytes[at] === QUOTE;
    const closing = isQuote ? endOfQuoted(bytes, at, end) : -1;
    const stop = closing < 0 ? endOfWord(bytes, at, end) : closing;
    const found: TokenCode = wantsValue || known === undefined ? -1 : known.words.find(bytes, at, stop);
    line.push(closing >= 0 ? token.quoted : wantsValue ? token.value : found >= 0 ? found : token.plainWord, at, stop);
    wantsValue = found >= 0 && known?.valued.has(found) === true;
    at = skipBlanks(bytes, stop, end);
  }
}

/** A comment holds no quote, so it ends at the next one; that one must stand before a blank or the line's end. */
function endOfQuoted(bytes: Uint8Array, start: number, end: number): number {
  const closing = indexWithin(bytes, QUOTE, start + 1, end);
  if (closing >= end) return -1;
  return closing + 1 === end || isBlank(bytes[closing + 1]) ? closing + 1 : -1;
}

/** Where a byte stands in `start..end`, or `end`: a search of the whole text on every line would not be linear. */
function indexWithin(bytes: Uint8Array, wanted: number, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== wanted) at += 1;
  return at;
}
