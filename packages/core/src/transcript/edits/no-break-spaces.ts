import type { Edit } from './edited-text.ts';
import { replaceEach } from './replace-each.ts';

/** Reads no-break spaces as blanks where they stand for columns: at a line's start or in a row. */
export function noBreakSpaceEdits(text: string): readonly Edit[] {
  if (!/^ ?\u00a0|\u00a0 ?\u00a0/m.test(text)) return [];
  return replaceEach(text, /\u00a0+/g, (found) => ' '.repeat(found.length));
}
