import { parseIptablesCount } from '@netdrift/core';
import type { Counters, Rule } from '../ast.ts';
import type { ChainHeader } from '../header-grammar.ts';
import type { RuleLine } from '../rule/rule-line.ts';
import type { Columns } from '../rule/scan-rule.ts';

/** Whether a rule shows a word that only a listing without `-n` has. */
export function isAnywhere({ source, destination }: Rule): boolean {
  return ('name' in source && source.name === 'anywhere') || ('name' in destination && destination.name === 'anywhere');
}

/** Whether a counter is printed in full that is shortened without `-x`: the titles may have lost their blanks. */
export function isWholeAndLarge(counters: Counters | undefined): boolean {
  return (
    counters !== undefined &&
    [counters.packets, counters.bytes].some((count) => (typeof count === 'number' ? count > 99_999 : isDigits(count.text)))
  );
}

function isDigits(text: string): boolean {
  return /^[0-9]+$/.test(text);
}

/** Without titles the width of the counters tells `-x`: 8 in place of 5. */
export function isExact(line: RuleLine, { numbers }: Columns): boolean {
  const start = numbers ? line.start + 5 : line.start;
  return (line.ends[numbers ? 1 : 0] ?? 0) - start === 8;
}

/** The first letters of `num`, `pkts` and `target`: nothing else begins a line of titles. */
export function mayBeTitles(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at];
  const second = bytes[at + 1];
  return (first === 0x74 && second === 0x61) || (first === 0x70 && second === 0x6b) || (first === 0x6e && second === 0x75);
}

/** Whether the text at `start..end` is one that was read before; an empty one never is. */
export function isSameText(bytes: Uint8Array, start: number, end: number, before: Uint8Array): boolean {
  if (before.length === 0 || end - start !== before.length) return false;
  for (let at = 0; at < before.length; at += 1) if (before[at] !== bytes[start + at]) return false;
  return true;
}

/** The counters of a base chain. */
export function readCounters({ packets, bytes }: ChainHeader): Counters | undefined {
  const packetCount = packets === undefined ? undefined : parseIptablesCount(packets);
  const byteCount = bytes === undefined ? undefined : parseIptablesCount(bytes);
  return packetCount === undefined || byteCount === undefined ? undefined : { packets: packetCount, bytes: byteCount };
}
