import { moveSpans, type Section, toOriginalSpan } from '@netdrift/core';

/**
 * A value whose spans point into the input instead of the section's text. A section that is the whole beginning of its input needs nothing.
 */
export function inOriginal<T>(section: Section, value: T): T {
  const [first] = section.pieces;
  if (first === undefined || (section.pieces.length === 1 && first.at === 0 && first.start === 0)) return value;
  return moveSpans(value, (span) => toOriginalSpan(section, span));
}
