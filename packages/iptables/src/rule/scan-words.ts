import { endOfWord, isBlank, LINE_FEED, skipBlanks, type Line } from '@netdrift/core';
import { noteSpelling, type RuleLine } from './rule-line.ts';
import { GLUED, NEGATABLE, NEXT_IS_VALUE, PHRASE_HEAD, QUOTED_TO_END, type Vocabulary } from './vocabulary.ts';

const BANG = 0x21;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKTICK = 0x60;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const EQUALS = 0x3d;
const STAR = 0x2a;
const SLASH = 0x2f;
/** No word with its value joined on is longer up to its value. */
const MAX_GLUED = 32;

/** Which ends of quotes may still stand in a line: plain ones, only such behind a backslash, or none. */
type QuoteEnds = 'plain' | 'escaped' | 'none';

/** Cuts the text after a listing's columns into tokens: matches and the text of the target. */
export function scanListingWords(line: RuleLine, vocabulary: Vocabulary, start: number, end: number, commentEnd = -1): void {
  const { bytes } = line;
  const { flags } = vocabulary;
  let bang = -1;
  let previous = -1;
  let at = skipBlanks(bytes, start, end);
  // What was not found once is not looked for again: a row of openers alone would be looked through for each of them.
  let mayEndComment = true;
  let quoteEnds: QuoteEnds = 'plain';
  let mayEndOldQuote = true;
  while (at < end) {
    const first = bytes[at];
    if (first === SLASH && bytes[at + 1] === STAR && isBlank(bytes[at + 2])) {
      const close = commentEnd > at ? commentEnd : mayEndComment ? closeOfComment(bytes, at + 4, end) : -1;
      if (close >= 0) {
        if (!line.hasMoreEnds && closeOfComment(bytes, close + 2, end) >= 0) line.hasMoreEnds = true;
        bang = flushBang(line, vocabulary, bang);
        line.push(vocabulary.comment, at + 3, close - 1);
        at = skipBlanks(bytes, close + 2, end);
        previous = -1;
        continue;
      }
      mayEndComment = false;
      line.isOpen = true;
    }
    if (first === BACKTICK && mayEndOldQuote && previous >= 0 && ((flags[previous] ?? 0) & QUOTED_TO_END) !== 0) {
      const close = closeOfOldQuote(bytes, at, end);
      if (close > at) {
        line.push(vocabulary.quoted, at + 1, close);
        at = end;
        continue;
      }
      mayEndOldQuote = false;
    }
    if (first === QUOTE) {
      const toEnd = previous >= 0 && ((flags[previous] ?? 0) & QUOTED_TO_END) !== 0;
      const close = closeOfQuote(bytes, at + 1, end, toEnd, quoteEnds);
      if (!toEnd && quoteEnds !== 'none' && close < 0) quoteEnds = 'none';
      else if (!toEnd && bytes[close - 1] === BACKSLASH) quoteEnds = 'escaped';
      if (close >= 0) {
        bang = flushBang(line, vocabulary, bang);
        line.push(vocabulary.quoted, at + 1, close);
        at = skipBlanks(bytes, close + 1, end);
        previous = -1;
        continue;
      }
    }
    const stop = endOfListed(line, vocabulary, at, end);
    if (previous >= 0 && ((flags[previous] ?? 0) & NEXT_IS_VALUE) !== 0 && !(first === BANG && stop === at + 1)) {
      bang = flushBang(line, vocabulary, bang);
      line.push(vocabulary.plain, at, stop);
      previous = -1;
      at = skipBlanks(bytes, stop, end);
      continue;
    }
    if (first === BANG && stop === at + 1) {
      bang = flushBang(line, vocabulary, bang);
      bang = at;
      at = skipBlanks(bytes, stop, end);
      continue;
    }
    const apart = flagsApart(line, vocabulary, at, stop, end);
    if (apart > 0) bang = flushBang(line, vocabulary, bang);
    at = apart > 0 ? apart : scanWord(line, vocabulary, at, stop, end, bang);
    bang = -1;
    const last = line.type(line.count - 1);
    previous = last === vocabulary.bang && line.count > 1 ? line.type(line.count - 2) : last;
  }
  flushBang(line, vocabulary, bang);
}

/** One word, with the phrase it begins; gives where the next word starts. A sign before it follows it as a token. */
function scanWord(line: Line, vocabulary: Vocabulary, start: number, stop: number, end: number, bang: number): number {
  const { bytes } = line;
  const { flags } = vocabulary;
  let code = vocabulary.words.find(bytes, start, stop);
  if (code < 0) {
    if (bang >= 0) line.push(vocabulary.bang, bang, bang + 1);
    if (bytes[start] === BANG) {
      pushTight(line, vocabulary, start, stop);
    } else if (!pushGlued(line, vocabulary, start, stop)) line.push(vocabulary.plain, start, stop);
    return skipBlanks(bytes, stop, end);
  }
  let next = skipBlanks(bytes, stop, end);
  let last = stop;
  while (next < end && ((flags[code] ?? 0) & PHRASE_HEAD) !== 0) {
    const nextStop = endOfWord(bytes, next, end);
    const follower = vocabulary.words.find(bytes, next, nextStop);
    const phrase = follower < 0 ? undefined : vocabulary.phrases.get(code * 65_536 + follower);
    if (phrase === undefined) break;
    code = phrase;
    last = nextStop;
    next = skipBlanks(bytes, nextStop, end);
  }
  const follows = bang >= 0 && ((flags[code] ?? 0) & NEGATABLE) !== 0;
  if (bang >= 0 && !follows) line.push(vocabulary.bang, bang, bang + 1);
  line.push(code, start, last);
  if (follows) line.push(vocabulary.bang, bang, bang + 1);
  return next;
}

/** `!ECE`, `!node_mask=0x2`: a word that may be negated, and its sign behind it. `!80`: a sign and a value. */
function pushTight(line: Line, vocabulary: Vocabulary, start: number, stop: number): void {
  const code = vocabulary.words.find(line.bytes, start + 1, stop);
  if (code >= 0 && ((vocabulary.flags[code] ?? 0) & NEGATABLE) !== 0) {
    line.push(code, start + 1, stop);
    line.push(vocabulary.bang, start, start + 1);
    return;
  }
  if (pushGlued(line, vocabulary, start + 1, stop, NEGATABLE)) {
    line.push(vocabulary.bang, start, start + 1);
    return;
  }
  line.push(vocabulary.bang, start, start + 1);
  line.push(code < 0 ? vocabulary.plain : code, start + 1, stop);
}

/** `dpt:80`, `node_mask=0x2`, `match0x10`: the word up to its sign, or up to its first digit or `!`, then the value. */
function pushGlued(line: Line, vocabulary: Vocabulary, start: number, stop: number, needed = 0): boolean {
  const { bytes } = line;
  const limit = Math.min(stop, start + MAX_GLUED);
  for (let at = start; at < limit; at += 1) {
    const byte = bytes[at] ?? 0;
    const isSign = byte === COLON || byte === EQUALS;
    if (!isSign && byte !== BANG && !(byte >= 0x30 && byte <= 0x39)) continue;
    const code = vocabulary.glued.find(bytes, start, isSign ? at + 1 : at);
    if (code < 0 || ((vocabulary.flags[code] ?? 0) & needed) !== needed) {
      if (isSign) return pushBeforeLetter(line, vocabulary, start, at, stop);
      continue;
    }
    let value = isSign ? at + 1 : at;
    const isNegated = bytes[value] === BANG;
    if (isNegated) value += 1;
    line.push(code, value, stop);
    if (isNegated) line.push(vocabulary.bang, value - 1, value);
    return true;
  }
  return false;
}

/** `MACfe:00:11:22:33:44`, as 1.8.7 prints it: the joined value begins with a letter. */
function pushBeforeLetter(line: Line, vocabulary: Vocabulary, start: number, sign: number, stop: number): boolean {
  for (let at = start + 1; at < sign; at += 1) {
    const code = vocabulary.glued.find(line.bytes, start, at);
    if (code < 0) continue;
    line.push(code, at, stop);
    return true;
  }
  return false;
}

const FLAGS = 'flags:';

/**
 * `tcpflags: 0x17/0x02`, `dpt:22flags:! 0x17/0x02`: 1.4.11 to 1.4.20 print the blank behind the word in place of the one before
 * it. Gives where the next word starts, 0 where this word is another.
 */
function flagsApart(line: RuleLine, vocabulary: Vocabulary, start: number, stop: number, end: number): number {
  const not = line.bytes[stop - 1] === BANG;
  if (stop - start !== FLAGS.length + (not ? 1 : 0) || !line.source.startsWith(FLAGS, start)) return 0;
  const value = skipBlanks(line.bytes, stop, end);
  const code = vocabulary.glued.find(line.bytes, start, start + FLAGS.length);
  if (value === end || code < 0) return 0;
  const valueEnd = endOfWord(line.bytes, value, end);
  line.push(code, value, valueEnd);
  if (not) line.push(vocabulary.bang, stop - 1, stop);
  noteSpelling(line, 'tcp-flags-apart');
  return skipBlanks(line.bytes, valueEnd, end);
}

/** Where a word ends: before a text that the tools print without a blank before it, or at a blank. */
function endOfListed(line: Line, vocabulary: Vocabulary, at: number, end: number): number {
  const stop = endOfWord(line.bytes, at, end);
  const last = line.bytes[stop - 1] ?? 0;
  if (last === COLON || last === BANG) {
    const flags = stop - FLAGS.length - (last === BANG ? 1 : 0);
    if (flags > at && line.source.startsWith(FLAGS, flags)) return flags;
  }
  if (vocabulary.joinedEnds[last] === 0) return stop;
  for (const text of vocabulary.joined) {
    const blank = text.indexOf(' ');
    const head = blank < 0 ? text.length : blank;
    const cut = stop - head;
    if (cut > at && line.source.startsWith(text, cut) && isJoined(line, cut, end, text)) return cut;
  }
  return stop;
}

/** Whether a text printed without a blank before it stands here. One word alone has two blanks behind it, or ends the line with one. */
function isJoined(line: Line, at: number, end: number, text: string): boolean {
  const behind = at + text.length;
  if (!line.source.startsWith(text, at) || !isBlank(line.bytes[behind])) return false;
  return text.includes(' ') || behind + 1 === end || isBlank(line.bytes[behind + 1]);
}

function flushBang(line: Line, vocabulary: Vocabulary, bang: number): number {
  if (bang >= 0) line.push(vocabulary.bang, bang, bang + 1);
  return -1;
}

/** A comment ends at a closing sign with a blank before it and a blank or a line's end behind it. */
export function closeOfComment(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end - 1; at += 1) {
    if (bytes[at] !== STAR || bytes[at + 1] !== SLASH || !isBlank(bytes[at - 1])) continue;
    const behind = bytes[at + 2];
    if (at + 2 === end || isBlank(behind) || behind === LINE_FEED) return at;
  }
  return -1;
}

/** A quoted text ends at a quote, not behind a backslash, that stands before a blank or the line's end. */
function closeOfQuote(bytes: Uint8Array, start: number, end: number, toEnd: boolean, ends: QuoteEnds): number {
  if (toEnd) return bytes[end - 1] === QUOTE && end > start ? end - 1 : -1;
  if (ends === 'none') return -1;
  let escaped = -1;
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== QUOTE) continue;
    if (at + 1 !== end && !isBlank(bytes[at + 1])) continue;
    if (bytes[at - 1] !== BACKSLASH || ends === 'escaped') return at;
    if (escaped < 0) escaped = at;
  }
  return escaped;
}

/** ``LOG flags 0 level 4 prefix `IN-unknown:' `` before 1.4.11: the quote ends where the line ends, but for a blank. */
function closeOfOldQuote(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(bytes[at - 1])) at -= 1;
  return bytes[at - 1] === APOSTROPHE ? at - 1 : -1;
}

/** Where the text of a token really starts and ends in the source: with its quotes, comment signs or joined word. */
export function writtenSpan(line: Line, vocabulary: Vocabulary, index: number): { start: number; end: number } {
  let start = line.starts[index] ?? line.end;
  const end = line.ends[index] ?? line.end;
  const type = line.type(index);
  if (type === vocabulary.quoted) return { start: start - 1, end: end + 1 };
  if (type === vocabulary.comment) return { start: start - 3, end: end + 3 };
  if (((vocabulary.flags[type] ?? 0) & GLUED) === 0 && type !== vocabulary.plain) return { start, end };
  while (start > line.start && !isBlank(line.bytes[start - 1])) start -= 1;
  return { start, end };
}
