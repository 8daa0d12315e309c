import { endOfWord, isBlank, skipBlanks, type Line, type TokenCode } from '@netdrift/core';
import * as t from './tokens.ts';

/** Cuts a title line. */
export function scanTitle(line: Line): void {
  const { bytes, end: stop } = line;
  for (let start = skipBlanks(bytes, line.start, stop); start < stop;) {
    const end = endOfWord(bytes, start, stop);
    const found = t.titleWords.find(bytes, start, end);
    line.push(found < 0 ? t.stray : found, start, end);
    start = skipBlanks(bytes, end, stop);
  }
}

const listRow: readonly TokenCode[] = [t.listProtocol, t.clock, t.state, t.place, t.place, t.place, t.engineName];
const procRow: readonly TokenCode[] = [
  t.procProtocol,
  t.hexAddress,
  t.hexPort,
  t.hexAddress,
  t.hexPort,
  t.hexAddress,
  t.hexPort,
  t.state,
  t.seconds,
  t.engineName,
];

/** Cuts a row of `ipvsadm -lc`: `UDP 00:44  NONE        10.11.0.1:0        10.11.0.1:53       10.211.0.1:53    sip f81d…` */
export function scanListRow(line: Line): void {
  scanRow(line, listRow);
}

/** Cuts a row of `/proc/net/ip_vs_conn`: `UDP 0A0B0001 0000 0A0B0001 0035 0AD30001 0035 NONE             43 sip f81d…` */
export function scanProcRow(line: Line): void {
  scanRow(line, procRow);
}

/** Columns in order; what stands behind the last one, blanks included, is the engine's data. */
function scanRow(line: Line, columns: readonly TokenCode[]): void {
  const { bytes } = line;
  let stop = line.end;
  while (stop > line.start && isBlank(bytes[stop - 1])) stop -= 1;
  let start = skipBlanks(bytes, line.start, stop);
  for (const column of columns) {
    if (start === stop) return;
    const end = endOfWord(bytes, start, stop);
    line.push(column, start, end);
    start = skipBlanks(bytes, end, stop);
  }
  if (start < stop) line.push(t.engineData, start, stop);
}
