import { endOfWord, skipBlanks, type Line } from '@netdrift/core';
import * as t from './tokens.ts';

const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const EQUALS = 0x3d;

/** Cuts a line of fixed words and figures: `Timeout (tcp tcpfin udp): 900 120 300`, a title or a row of statistics. */
export function scanWords(line: Line): void {
  eachWord(line, (start, end) => {
    const found = t.words.find(line.bytes, start, end);
    line.push(found < 0 ? t.value : found, start, end);
  });
}

/** Cuts `master sync daemon (mcast=dummy0, syncid=7, maxlen=1472)`. */
export function scanDaemon(line: Line): void {
  eachWord(line, (start, end) => {
    const equals = line.bytes.subarray(0, end).indexOf(EQUALS, start);
    if (equals >= 0) {
      pushSetting(line, start, equals, end);
      return;
    }
    const found = t.words.find(line.bytes, start, end);
    line.push(found < 0 ? t.stray : found, start, end);
  });
}

/** `(mcast=dummy0,`, `ttl=1)` */
function pushSetting(line: Line, start: number, equals: number, end: number): void {
  const { bytes } = line;
  const from = bytes[start] === OPEN ? start + 1 : start;
  const key = t.settingKeys.find(bytes, from, equals);
  const last = bytes[end - 1];
  const stop = last === COMMA || last === CLOSE ? end - 1 : end;
  line.push(key < 0 ? t.stray : key, from, equals);
  line.push(t.value, equals + 1, stop);
  if (last === CLOSE) line.push(t.close, stop, end);
}

function eachWord(line: Line, each: (start: number, end: number) => void): void {
  const { bytes, end: stop } = line;
  for (let start = skipBlanks(bytes, line.start, stop); start < stop;) {
    const end = endOfWord(bytes, start, stop);
    each(start, end);
    start = skipBlanks(bytes, end, stop);
  }
}
