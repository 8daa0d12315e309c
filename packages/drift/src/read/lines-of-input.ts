import { lineIndex, replacePlaces, type Section, toOriginal } from '@netdrift/core';
import type { ReaderValue } from './readers/reader.ts';

/**
 * What a small reader found in a section, with its lines counted in the input: readers count them in the text they are given, and a
 * section of a transcript begins further down.
 */
export function withLinesOfInput(value: ReaderValue, section: Section, lineOfInput: (offset: number) => number): ReaderValue {
  const lines = lineIndex(section.text).starts.map((start) => lineOfInput(toOriginal(section, start)));
  // Most files are one output from their first line on: a copy of a cluster's objects would take a tenth of the time of reading.
  if (lines.every((line, index) => line === index + 1)) return value;
  const isLine = (held: unknown): held is number => typeof held === 'number';
  return replacePlaces(value, 'line', isLine, (line) => lines[line - 1] ?? lines[0] ?? line);
}
