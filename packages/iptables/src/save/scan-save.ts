import { endOfWord, isBlank, LINE_FEED, skipBlanks, wordTable, type TokenCode } from '@netdrift/core';
import type { RuleLine } from '../rule/rule-line.ts';
import { NEXT_IS_VALUE } from '../rule/vocabulary.ts';
import { JUMP_CODES, MATCH_CODES, PLACE, SAVE } from './save-grammar.ts';

const BANG = 0x21;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const DASH = 0x2d;
const COLON = 0x3a;
const STAR = 0x2a;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;

/** Verbs of a line: the words, and whether what follows the chain is a rule. */
const VERBS = wordTable([
  ['-A', PLACE.append],
  ['--append', PLACE.append],
  ['-I', PLACE.insert],
  ['--insert', PLACE.insert],
  ['-N', PLACE.newChain],
  ['--new-chain', PLACE.newChain],
  ['-P', PLACE.policy],
  ['--policy', PLACE.policy],
]);

const MATCHES = wordTable(MATCH_CODES);
const JUMPS = wordTable(JUMP_CODES);
const NAMED = { match: 1, jump: 2, goto: 3 } as const;
const NAMED_OPTIONS = wordTable([
  ['-m', NAMED.match],
  ['--match', NAMED.match],
  ['-j', NAMED.jump],
  ['--jump', NAMED.jump],
  ['-g', NAMED.goto],
  ['--goto', NAMED.goto],
]);

/** A word of a line: where it stands, and where what is meant stands (without its quotes). */
interface Word {
  readonly start: number;
  readonly stop: number;
  readonly from: number;
  readonly to: number;
}

/** Cuts one line of a save form into tokens. A negation's sign follows the option it stands before. */
export function scanSaved(line: RuleLine, start: number, end: number): void {
  line.begin(start, end);
  const { bytes, source } = line;
  let at = skipBlanks(bytes, start, end);
  if (bytes[at] === STAR) return line.push(PLACE.table, at + 1, endOfWord(bytes, at, end));
  if (bytes[at] === COLON) return scanDeclaration(line, at, end);
  if (bytes[at] === OPEN) {
    const stop = endOfWord(bytes, at, end);
    line.push(PLACE.counters, at + 1, bytes[stop - 1] === CLOSE ? stop - 1 : stop);
    at = skipBlanks(bytes, stop, end);
  }
  if (source.startsWith('COMMIT', at) && skipBlanks(bytes, at + 6, end) === end) return line.push(PLACE.commit, at, at + 6);
  at = skipCommand(line, at, end);
  at = scanVerb(line, at, end);
  scanOptions(line, at, end);
}

/** `:INPUT ACCEPT [0:0]`. */
function scanDeclaration(line: RuleLine, start: number, end: number): void {
  const { bytes } = line;
  const stop = endOfWord(bytes, start, end);
  line.push(PLACE.declaration, start + 1, stop);
  const policy = skipBlanks(bytes, stop, end);
  const policyStop = endOfWord(bytes, policy, end);
  if (policyStop > policy) line.push(PLACE.name, policy, policyStop);
  const counters = skipBlanks(bytes, policyStop, end);
  const countersStop = endOfWord(bytes, counters, end);
  if (countersStop === counters) return;
  const closed = bytes[counters] === OPEN && bytes[countersStop - 1] === CLOSE;
  line.push(closed ? PLACE.counters : SAVE.plain, closed ? counters + 1 : counters, closed ? countersStop - 1 : countersStop);
  const more = skipBlanks(bytes, countersStop, end);
  if (more < end) line.push(SAVE.plain, more, end);
}

/** A line of a script begins with the command: `iptables -t nat -A ...`. */
function skipCommand(line: RuleLine, at: number, end: number): number {
  if (line.bytes[at] === DASH) return at;
  const stop = endOfWord(line.bytes, at, end);
  const name = line.source.slice(at, stop);
  return /^(?:.*\/)?ip6?tables(?:-legacy|-nft)?$/.test(name) ? skipBlanks(line.bytes, stop, end) : at;
}

/** `-A CHAIN`, `-I CHAIN 2`, `-P CHAIN POLICY`; options such as `-t nat` may stand before it. */
function scanVerb(line: RuleLine, start: number, end: number): number {
  let at = start;
  const before: [TokenCode, number, number][] = [];
  for (;;) {
    const word = readWord(line, at, end);
    if (word === undefined) break;
    const verb = VERBS.find(line.bytes, word.start, word.stop);
    if (verb >= 0) return scanChain(line, verb, word, before, end);
    const code = SAVE.words.find(line.bytes, word.start, word.stop);
    if (code !== SAVE.code('-t') && code !== SAVE.code('-4') && code !== SAVE.code('-6')) break;
    before.push([code, word.start, word.stop]);
    at = skipBlanks(line.bytes, word.stop, end);
    if (code !== SAVE.code('-t')) continue;
    const table = readWord(line, at, end);
    if (table === undefined) break;
    before.push([SAVE.plain, table.from, table.to]);
    at = skipBlanks(line.bytes, table.stop, end);
  }
  return start;
}

function scanChain(
  line: RuleLine,
  verb: TokenCode,
  word: Word,
  before: readonly (readonly [TokenCode, number, number])[],
  end: number,
): number {
  line.push(verb, word.start, word.stop);
  let at = skipBlanks(line.bytes, word.stop, end);
  const chain = readWord(line, at, end);
  // `-A -t 10.0.0.1:80` is a line of ipvsadm: no chain begins with a dash.
  if (chain === undefined || line.bytes[chain.start] === DASH) return at;
  line.push(PLACE.name, chain.from, chain.to);
  at = skipBlanks(line.bytes, chain.stop, end);
  const next = verb === PLACE.policy || verb === PLACE.insert ? readWord(line, at, end) : undefined;
  if (next !== undefined && (verb === PLACE.policy || /^\d+$/.test(line.source.slice(next.from, next.to)))) {
    line.push(PLACE.name, next.from, next.to);
    at = skipBlanks(line.bytes, next.stop, end);
  }
  for (const [code, from, to] of before) line.push(code, from, to);
  return at;
}

function scanOptions(line: RuleLine, start: number, end: number): void {
  const { bytes } = line;
  let bang = -1;
  let at = start;
  while (at < end) {
    const word = readWord(line, at, end);
    if (word === undefined) return;
    const next = skipBlanks(bytes, word.stop, end);
    if (word.stop === word.start + 1 && bytes[word.start] === BANG) {
      if (bang >= 0) line.push(SAVE.bang, bang, bang + 1);
      bang = word.start;
      at = next;
      continue;
    }
    at = scanOption(line, word, next, end, bang);
    bang = -1;
  }
  if (bang >= 0) line.push(SAVE.bang, bang, bang + 1);
}

/** One option with the sign before it and its first value; gives where the next word starts. */
function scanOption(line: RuleLine, word: Word, next: number, end: number, bang: number): number {
  const { bytes } = line;
  const isOption = bytes[word.start] === DASH && word.from === word.start;
  const stop = isOption && bytes[word.start + 1] === DASH ? endOfName(bytes, word) : word.stop;
  if (isOption && stop === word.stop && isNamed(bytes, word)) {
    const named = pushNamed(line, word, next, end);
    if (named >= 0) return named;
  }
  const code = isOption ? SAVE.words.find(bytes, word.start, stop) : -1;
  if (code < 0) {
    if (bang >= 0) line.push(SAVE.bang, bang, bang + 1);
    line.push(word.from > word.start ? SAVE.quoted : SAVE.plain, word.from, word.to);
    return next;
  }
  line.push(code, word.start, stop);
  if (bang >= 0) line.push(SAVE.bang, bang, bang + 1);
  if (((SAVE.flags[code] ?? 0) & NEXT_IS_VALUE) === 0) return next;
  if (stop < word.stop) return pushValue(line, readWord(line, stop + 1, end), next, end);
  return pushSignedValue(line, next, end);
}

/** Where the name of a long option ends: at the `=` that its value is joined by, or where the word ends. */
function endOfName(bytes: Uint8Array, { start, stop }: Word): number {
  let at = start + 1;
  while (at < stop && bytes[at] !== EQUALS) at += 1;
  return at;
}

/** A value; a sign alone before it, as old restore files have it, counts for the option. */
function pushSignedValue(line: RuleLine, at: number, end: number): number {
  const { bytes } = line;
  const word = readWord(line, at, end);
  if (word === undefined) return at;
  const next = skipBlanks(bytes, word.stop, end);
  if (word.stop === word.start + 1 && bytes[word.start] === BANG && next < end && bytes[next] !== DASH) {
    line.push(SAVE.bang, word.start, word.start + 1);
    return pushValue(line, readWord(line, next, end), next, end);
  }
  return pushValue(line, word, next, end);
}

function pushValue(line: RuleLine, word: Word | undefined, next: number, end: number): number {
  if (word === undefined) return next;
  line.push(word.from > word.start ? SAVE.quoted : SAVE.plain, word.from, word.to);
  return skipBlanks(line.bytes, word.stop, end);
}

/** `-m`, `-j`, `-g` and their long names: the next word is a name. */
function isNamed(bytes: Uint8Array, { start, stop }: Word): boolean {
  const letter = bytes[start + 1];
  if (stop === start + 2) return letter === 0x6d || letter === 0x6a || letter === 0x67;
  return letter === DASH;
}

function pushNamed(line: RuleLine, word: Word, next: number, end: number): number {
  const option = NAMED_OPTIONS.find(line.bytes, word.start, word.stop);
  if (option < 0) return -1;
  const name = readWord(line, next, end);
  if (name === undefined) return -1;
  const behind = skipBlanks(line.bytes, name.stop, end);
  if (option === NAMED.match) {
    const code = MATCHES.find(line.bytes, name.from, name.to);
    if (code < 0) {
      line.push(SAVE.plain, word.start, word.stop);
      line.push(SAVE.plain, name.from, name.to);
    } else line.push(code, word.start, name.stop);
    return behind;
  }
  const code = option === NAMED.jump ? JUMPS.find(line.bytes, name.from, name.to) : PLACE.goto;
  line.push(code < 0 ? PLACE.jump : code, name.from, name.to);
  return behind;
}

/** The next word: up to a blank, or, in quotes, up to the closing one. Inside quotes a backslash takes the next sign as it is. */
function readWord(line: RuleLine, start: number, end: number): Word | undefined {
  const { bytes } = line;
  const at = skipBlanks(bytes, start, end);
  if (at >= end) return undefined;
  const quote = bytes[at];
  if (quote === QUOTE || quote === APOSTROPHE) {
    // Where one quote has no end, later ones are not looked through again.
    const close = line.isOpen ? -1 : closeOfQuote(bytes, at + 1, end, quote);
    if (close >= 0) return { start: at, stop: close + 1, from: at + 1, to: close };
    line.isOpen = true;
  }
  const stop = endOfWord(bytes, at, end);
  return { start: at, stop, from: at, to: stop };
}

function closeOfQuote(bytes: Uint8Array, start: number, end: number, quote: number): number {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === BACKSLASH && quote === QUOTE) at += 1;
    else if (bytes[at] === quote && (at + 1 === end || isBlank(bytes[at + 1]) || bytes[at + 1] === LINE_FEED)) return at;
  }
  return -1;
}
