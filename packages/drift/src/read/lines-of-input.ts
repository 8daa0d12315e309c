import { lineIndex, replacePlaces, type Section, toOriginal } from '@netdrift/core';
import type { ReaderValue } from './readers/reader.ts';

/**
 * What a small reader found in a section, with its lines counted in the input: readers count them in the text they are given, and a
 * section of a transcript begins further down.
 */
export function withLinesOfInput(value: ReaderValue, section: Section, lineOfInput: (offset: number) => number): ReaderValue {
  const { starts } = lineIndex(section.text);
  const isLine = (held: unknown): held is number => typeof held === 'number';
  return replacePlaces(value, 'line', isLine, (line) => lineOfInput(toOriginal(section, starts[line - 1] ?? 0)));
}
