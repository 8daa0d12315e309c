import { lineIndex, type Section, toOriginal } from '@netdrift/core';
import type { ReaderValue } from './readers/reader.ts';

/**
 * What a small reader found in a section, with its lines counted in the input: readers count them in the text they are given, and a
 * section of a transcript begins further down.
 */
export function withLinesOfInput(value: ReaderValue, section: Section, lineOfInput: (offset: number) => number): ReaderValue {
  const { starts } = lineIndex(section.text);
  // Only numbers of lines change, so the copy has the type of the value.
  return moved(value, (line) => lineOfInput(toOriginal(section, starts[line - 1] ?? 0))) as ReaderValue;
}

function moved(value: unknown, lineOf: (line: number) => number): unknown {
  if (Array.isArray(value)) return value.map((element) => moved(element, lineOf));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.entries(value).map(([key, held]) => [
    key,
    key === 'line' && typeof held === 'number' ? lineOf(held) : moved(held, lineOf),
  ]);
  return Object.fromEntries(copy);
}
