import { endOfWord, isBlank, skipBlanks, type Line, type TokenCode, type WordTable } from '@netdrift/core';
import type { ListingForm } from '../ast.ts';
import * as t from './tokens.ts';

const OPEN = 0x28;
const MINUS = 0x2d;
const SLASH_ZERO = 0x30;
const NINE = 0x39;

/** Cuts `IP Virtual Server version 1.2.1 (size=4096)`. */
export function scanBanner(line: Line): void {
  let previous: TokenCode = t.stray;
  words(line, (start, end, index) => {
    const found = index === 0 ? t.bannerStart : t.titleWords.find(line.bytes, start, end);
    const byPlace = previous === t.version ? t.versionNumber : line.bytes[start] === OPEN ? t.size : t.stray;
    previous = found < 0 ? byPlace : found;
    line.push(previous, start, end);
  });
}

/** Cuts a title: `Prot LocalAddress:Port …` or `-> RemoteAddress:Port …`. */
export function scanTitle(line: Line): void {
  words(line, (start, end, index) => {
    const first = line.bytes[start] === MINUS ? t.titleArrow : t.titleStart;
    line.push(index === 0 ? first : lookUp(t.titleWords, line, start, end, t.stray), start, end);
  });
}

/** Whether a title that was cut, as scanned, is `-> RemoteAddress:Port Forward Weight` and some of what stands behind that. */
export function isCutTitle(line: Line): boolean {
  return line.type(0) === t.titleArrow && line.type(2) === t.titleColumn('Forward') && line.type(3) === t.titleColumn('Weight');
}

/** Cuts a service line: `TCP  10.0.0.1:443 rr persistent 10800`, or with the five figures of `--stats` and `--rate`. */
export function scanService(line: Line, form: ListingForm): void {
  if (form === 'stats' || form === 'rate') scanCountedService(line, form);
  else scanConfiguredService(line, form === 'proc');
}

function scanConfiguredService(line: Line, proc: boolean): void {
  let previous: TokenCode = t.stray;
  words(line, (start, end, index) => {
    previous = index < 2 ? identityWord(line, start, end, index, proc) : settingWord(line, start, end, previous, proc);
    line.push(previous, start, end);
  });
}

function scanCountedService(line: Line, form: 'stats' | 'rate'): void {
  const { bytes } = line;
  let at = skipBlanks(bytes, line.start, line.end);
  for (let index = 0; index < 2; index += 1) {
    const end = endOfWord(bytes, at, line.end);
    if (end === at) return;
    const cut = index === 1 ? withoutTouchingFigure(line, at, end) : end;
    line.push(identityWord(line, at, cut, index, false), at, cut);
    at = skipBlanks(bytes, cut, line.end);
  }
  const end = endOfWord(bytes, at, line.end);
  if (line.type(0) === t.markStart && t.familyWord.find(bytes, at, end) >= 0) {
    line.push(t.ipv6, at, end);
    at = end;
  }
  scanFigures(line, at, form === 'stats' ? t.statsFigure : t.rateFigure);
}

/** The first two words of a service line: what kind of identity it has, and the identity. */
function identityWord(line: Line, start: number, end: number, index: number, proc: boolean): TokenCode {
  if (index === 0) {
    const first = lookUp(t.firstWords, line, start, end, t.protocol);
    return proc && first === t.markStart ? t.hexMarkStart : first;
  }
  if (line.type(0) === t.markStart || line.type(0) === t.hexMarkStart) return t.mark;
  return proc ? t.hexLocation : t.location;
}

/** A word behind the identity: its meaning comes from the word before it. */
function settingWord(line: Line, start: number, end: number, previous: TokenCode, proc: boolean): TokenCode {
  switch (previous) {
    case t.mark:
      return t.familyWord.find(line.bytes, start, end) < 0 ? t.scheduler : t.ipv6;
    case t.location:
    case t.hexLocation:
    case t.ipv6:
      return t.scheduler;
    case t.persistent:
      return proc ? t.ticks : t.seconds;
    case t.ticks:
      return t.maskWord;
    case t.mask:
      return t.maskValue;
    case t.pe:
      return t.engine;
    default:
      if (proc) return lookUp(t.procServiceWords, line, start, end, t.extra);
      return line.bytes[start] === OPEN ? t.flags : lookUp(t.serviceWords, line, start, end, t.extra);
  }
}

const rowOf: Readonly<Record<ListingForm, TokenCode>> = {
  plain: t.plainRow,
  'tun-info': t.tunnelRow,
  thresholds: t.thresholdRow,
  'persistent-conn': t.persistentRow,
  stats: t.statsRow,
  rate: t.rateRow,
  proc: t.procRow,
};

/** Cuts a destination line, `-> 10.0.0.2:80 Masq 1 0 0`, with the columns of this form. */
export function scanDestination(line: Line, form: ListingForm): void {
  const { bytes } = line;
  const arrow = skipBlanks(bytes, line.start, line.end);
  line.push(rowOf[form], arrow, arrow + 2);
  const at = skipBlanks(bytes, arrow + 2, line.end);
  const end = endOfWord(bytes, at, line.end);
  if (end === at) return;
  if (form === 'stats' || form === 'rate') {
    const cut = withoutTouchingFigure(line, at, end);
    line.push(t.location, at, cut);
    scanFigures(line, cut, form === 'stats' ? t.statsFigure : t.rateFigure);
    return;
  }
  line.push(form === 'proc' ? t.hexLocation : t.location, at, end);
  for (let start = skipBlanks(bytes, end, line.end); start < line.end;) {
    const stop = endOfWord(bytes, start, line.end);
    line.push(form === 'plain' ? lookUp(t.stateWords, line, start, stop, t.column) : t.column, start, stop);
    start = skipBlanks(bytes, stop, line.end);
  }
}

/** Figures are set to the right in nine places, of which `18446744T` fills all: it touches the figure before it. */
const FIGURE_WIDTH = 9;

function scanFigures(line: Line, from: number, figure: TokenCode): void {
  eachWord(line, from, (start, end) => {
    if (end - start <= FIGURE_WIDTH || !endsInSuffix(line, end)) {
      line.push(figure, start, end);
      return;
    }
    for (let at = start + ((end - start) % FIGURE_WIDTH || FIGURE_WIDTH), last = start; last < end; at += FIGURE_WIDTH) {
      line.push(figure, last, at);
      last = at;
    }
  });
}

/** Where an address ends that `18446744T` touches: `[2001:db8::1]:6553518446744T`; else the end of the word. */
function withoutTouchingFigure(line: Line, start: number, end: number): number {
  const cut = end - FIGURE_WIDTH;
  if (cut <= start || !endsInSuffix(line, end)) return end;
  for (let index = cut; index < end - 1; index += 1) if (!isDigit(line.bytes[index])) return end;
  return isDigit(line.bytes[cut - 1]) ? cut : end;
}

function endsInSuffix(line: Line, end: number): boolean {
  const last = line.bytes[end - 1];
  return last === 0x4b || last === 0x4d || last === 0x47 || last === 0x54;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= SLASH_ZERO && byte <= NINE;
}

function lookUp(table: WordTable, line: Line, start: number, end: number, otherwise: TokenCode): TokenCode {
  const code = table.find(line.bytes, start, end);
  return code < 0 ? otherwise : code;
}

function words(line: Line, each: (start: number, end: number, index: number) => void): void {
  eachWord(line, line.start, each);
}

function eachWord(line: Line, from: number, each: (start: number, end: number, index: number) => void): void {
  const { bytes, end: stop } = line;
  let index = 0;
  for (let start = skipBlanks(bytes, from, stop); start < stop && !isBlank(bytes[start]); index += 1) {
    const end = endOfWord(bytes, start, stop);
    each(start, end, index);
    start = skipBlanks(bytes, end, stop);
  }
}
