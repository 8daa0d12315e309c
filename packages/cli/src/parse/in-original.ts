import { type Section, toOriginalSpan } from '@netdrift/core';

/**
 * A value whose spans point into the input instead of the section's text. A section that is the whole beginning of its
 * input needs nothing; the depth walked is that of the tree's types, not of the text.
 */
export function inOriginal<T>(section: Section, value: T): T {
  const [first] = section.pieces;
  if (first === undefined || (section.pieces.length === 1 && first.at === 0 && first.start === 0)) return value;
  // Only numbers inside spans change, so the copy has the type of the value.
  return moved(section, value) as T;
}

function moved(section: Section, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => moved(section, element));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.entries(value).map(([key, held]) => [key, key === 'span' ? toOriginalSpan(section, held) : moved(section, held)]);
  return Object.fromEntries(copy);
}
