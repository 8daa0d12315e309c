import { type Line, type TokenCode, wordTable, type WordTable } from '@netdrift/core';
import * as token from '../tokens.ts';
import { endOfBraces } from './braces.ts';
import {
  AT,
  BACKSLASH,
  BLANK,
  CLOSE,
  COLON,
  COMMA,
  endOfNftLine,
  endOfNftWord,
  endOfQuotes,
  HASH,
  isSpace,
  NEWLINE,
  OPEN,
  QUOTE,
  SEMICOLON,
  TAB,
} from './characters.ts';
import { scanNote } from './notes.ts';
import { signAt } from './signs.ts';

/** Where a statement stands: what its words mean depends on it. */
export type Place = 'chain' | 'set' | 'element' | 'update';

/** How a statement ended. */
export interface Scanned {
  /** Behind the last character of the statement; its terminator is not passed. */
  readonly end: number;
  /** A brace was opened that nothing closes. */
  readonly unclosed: boolean;
  /** A `#` comment that says nothing which is read. */
  readonly remark?: { readonly start: number; readonly end: number };
}

const RULE_WORDS = wordTable(token.ruleWords);
const ELEMENT_WORDS = wordTable(token.elementWords);
const CHAIN_LINES = wordTable(token.chainLines);
const SETTING_WORDS = wordTable(token.settingWords);
const SET_LINES = wordTable(token.setLines);

const MARKERS: Readonly<Record<Place, TokenCode>> = {
  chain: token.inChain,
  set: token.inSet,
  element: token.inElement,
  update: token.inUpdate,
};

/**
 * Cuts the statement that begins at `start` into tokens: up to the end of the line, a semicolon, or the brace that closes the block.
 * `keepsGaps` is for tables of iptables-nft, where a blank too many stands for a statement.
 */
export function scanStatement(line: Line, start: number, end: number, place: Place, keepsGaps = false): Scanned {
  const { bytes } = line;
  line.begin(start, end);
  line.push(MARKERS[place], start, start);
  const scan = new StatementScan(line, place, end);
  let at = start;
  let lastEnd = keepsGaps ? firstColumn(bytes, start) : -1;
  for (;;) {
    const next = skipSpaces(bytes, at, end);
    const byte = next < end ? bytes[next] : NEWLINE;
    const ends = byte === NEWLINE || byte === SEMICOLON || byte === CLOSE;
    if (lastEnd >= 0) pushGaps(line, lastEnd, next, ends || line.count === 1);
    if (ends || byte === undefined) break;
    if (byte === HASH) {
      const stop = endOfNftLine(bytes, next, end);
      const isNote = scanNote(line, next, stop);
      finish(line, isNote ? stop : next);
      return { end: stop, unclosed: scan.unclosed, ...(isNote ? {} : { remark: { start: next, end: stop } }) };
    }
    at = scan.token(next);
    if (lastEnd >= 0) lastEnd = at;
  }
  finish(line, at);
  return { end: at, unclosed: scan.unclosed };
}

function finish(line: Line, end: number): void {
  line.end = Math.max(line.start, end);
}

function skipSpaces(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (; at < end; at += 1) {
    if (isSpace(bytes[at])) continue;
    // A line that ends with a backslash goes on in the next.
    if (bytes[at] === BACKSLASH && bytes[at + 1] === NEWLINE) at += 1;
    else break;
  }
  return at;
}

/** A rule whose first statement is hidden begins with a blank behind its tabs. */
function firstColumn(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at - 1] === BLANK) at -= 1;
  return bytes[at - 1] === TAB ? at : start;
}

/** nft puts one blank between statements, so each blank more is a statement of which nothing is shown. */
function pushGaps(line: Line, from: number, to: number, atEdge: boolean): void {
  const { bytes } = line;
  let blanks = 0;
  while (from + blanks < to && bytes[from + blanks] === BLANK) blanks += 1;
  for (let index = atEdge ? 0 : 1; index < blanks; index += 1) line.push(token.hidden, from + index, from + index);
}

/** The words of one statement, of which each may tell what the next one means. */
class StatementScan {
  unclosed = false;
  private readonly line: Line;
  private readonly place: Place;
  private readonly end: number;
  private readonly words: WordTable;
  /** The next word is a value, whatever it spells: the protocol of `meta l4proto tcp`. */
  private wantsValue = false;
  private before: TokenCode = -1;
  private isSetting = false;
  private nesting = 0;

  constructor(line: Line, place: Place, end: number) {
    this.line = line;
    this.place = place;
    this.end = end;
    this.words = place === 'element' ? ELEMENT_WORDS : RULE_WORDS;
  }

  /** Adds the token that begins at `at`, and gives where it ends. */
  token(at: number): number {
    const { line } = this;
    const { bytes } = line;
    const byte = bytes[at];
    if (byte === QUOTE) return this.quotes(at);
    if (byte === OPEN) return this.braces(at);
    const sign = signAt(bytes, at, this.end);
    if (sign !== undefined) {
      if (this.isTooDeep(sign.code)) return this.push(token.unread, at, at + sign.length);
      this.wantsValue &&= sign.code === token.signs['!='] || sign.code === token.signs['=='];
      return this.push(sign.code, at, at + sign.length);
    }
    if (byte === AT) return this.reference(at);
    return this.word(at);
  }

  /** What nests an expression in another; so much of it stands in no rule, and the depth of a tree is not that of the input. */
  private isTooDeep(code: TokenCode): boolean {
    if (NESTING.has(code)) this.nesting += 1;
    return this.nesting > DEEPEST && NESTING.has(code);
  }

  private push(code: TokenCode, start: number, end: number): number {
    this.line.push(code, start, end);
    this.before = code;
    return end;
  }

  private quotes(at: number): number {
    const stop = endOfQuotes(this.line.bytes, at, this.end);
    this.wantsValue = false;
    // Without its end a quote is no more than the word it begins.
    return stop < 0 ? this.push(token.plain, at, endOfNftWord(this.line.bytes, at + 1, this.end)) : this.push(token.quoted, at, stop);
  }

  private braces(at: number): number {
    this.wantsValue = false;
    // An element holds no braces: what was put in others is read once and not again for each of them.
    if (this.place === 'element' || this.place === 'update') return this.push(token.plain, at, at + 1);
    const { end, closed } = endOfBraces(this.line.bytes, at, this.end);
    if (!closed) this.unclosed = true;
    return this.push(token.braced, at, end);
  }

  private reference(at: number): number {
    const { bytes } = this.line;
    const stop = endOfNftWord(bytes, at, this.end);
    const isRaw = RAW.test(this.line.source.slice(at, Math.min(stop, at + 24)));
    this.wantsValue = false;
    return this.push(isRaw ? token.rawPayload : token.reference, at, isRaw ? stop : stopAtComma(bytes, at, stop));
  }

  private word(at: number): number {
    const { line, place } = this;
    const { bytes } = line;
    let stop = endOfNftWord(bytes, at, this.end);
    if (stop === at) return this.push(token.plain, at, at + 1);
    if (this.before === token.jump || this.before === token.goTo) return this.push(token.name, at, stop);
    if (place !== 'element') stop = this.withList(at, stop);
    const service = place === 'chain' ? endOfService(bytes, stop, this.end) : -1;
    if (service >= 0) return this.push(token.plain, at, service);
    const split = place === 'element' || place === 'update' ? glued(line, at, stop) : -1;
    if (split >= 0) {
      this.push(this.codeOf(at, split), at, split);
      return this.push(token.signs[':'], split, split + 1);
    }
    return this.push(this.codeOf(at, stop), at, stop);
  }

  /** Words joined by commas are one token, also where blanks stand behind the commas. */
  private withList(start: number, end: number): number {
    const { bytes } = this.line;
    let stop = end;
    while (stop > start && bytes[stop - 1] === COMMA) {
      const next = skipSpaces(bytes, stop, this.end);
      const nextEnd = endOfNftWord(bytes, next, this.end);
      if (nextEnd === next) break;
      stop = nextEnd;
    }
    return stop;
  }

  private codeOf(start: number, end: number): TokenCode {
    const { line } = this;
    const { bytes } = line;
    if (line.count === 1) {
      const first = this.firstCode(start, end);
      if (first >= 0) return first;
    }
    const table = this.isSetting ? SETTING_WORDS : this.words;
    const found = table.find(bytes, start, stopAtComma(bytes, start, end));
    const isValue = this.wantsValue;
    this.wantsValue = this.asksForProtocol(start, end, found);
    if (isValue && !FOLLOWS_FIELD.has(found)) return token.plain;
    if (found === token.jhash && this.isTooDeep(found)) return token.unread;
    if (this.before === token.ct && line.source.slice(start, end) === 'count') {
      line.retype(line.count - 1, token.ctOfCount);
      return token.ctCount;
    }
    return found < 0 ? token.plain : found;
  }

  private firstCode(start: number, end: number): TokenCode {
    const { bytes } = this.line;
    if (this.place === 'set') return SET_LINES.find(bytes, start, end);
    const found = this.place === 'chain' ? CHAIN_LINES.find(bytes, start, end) : -1;
    this.isSetting = found >= 0;
    return found;
  }

  /** Fields whose values are names of protocols, many of which are names of headers too. */
  private asksForProtocol(start: number, end: number, code: TokenCode): boolean {
    if (this.place === 'element') return false;
    if (code === token.typeWord) return this.before === token.header;
    return (code < 0 || code === token.metaKey) && PROTOCOL_FIELDS.find(this.line.bytes, start, end) >= 0;
  }
}

/** More operators, parentheses and hashes than these are not read in one statement. */
const DEEPEST = 64;

const { signs } = token;
const NESTING: ReadonlySet<TokenCode> = new Set([signs['('], signs['&'], signs['|'], signs['^'], signs['<<'], signs['>>'], token.jhash]);

const RAW = /^@(?:ll|nh|th|ih|inner),[0-9]+,[0-9]+$/;

const PROTOCOL_FIELDS = wordTable(
  ['l4proto', 'protocol', 'nfproto', 'nexthdr', 'l3proto', 'iiftype', 'oiftype'].map((text) => [text, 1] as const),
);

/** What may follow a field in place of a value. */
const FOLLOWS_FIELD: ReadonlySet<TokenCode> = new Set([
  token.vmap,
  token.map,
  token.set,
  token.signs['&'],
  token.signs['|'],
  token.signs['^'],
]);

/** `[fd00::1]:"http"`: the port of a translation by name, as nft -S prints it. */
function endOfService(bytes: Uint8Array, at: number, end: number): number {
  return bytes[at - 1] === COLON && bytes[at] === QUOTE ? endOfQuotes(bytes, at, end) : -1;
}

function stopAtComma(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== COMMA) at += 1;
  return at;
}

/** Where the colon of `80: accept` or `80:accept` stands, that nft itself prints with blanks around it; -1 where there is none. */
function glued(line: Line, start: number, end: number): number {
  if (line.bytes[end - 1] === COLON && end - start > 1 && line.bytes[end - 2] !== COLON) return end - 1;
  const text = line.source.slice(start, end);
  const colon = /:(?:accept|drop|jump|goto|return|continue)$/.exec(text);
  return colon === null ? -1 : start + colon.index;
}
