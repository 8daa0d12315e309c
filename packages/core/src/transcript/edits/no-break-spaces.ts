import type { Edit } from './edited-text.ts';
import { replaceEach } from './replace-each.ts';

/**
 * Reads no-break spaces as blanks where they stand for columns: at a line's start or in a row. U+DCA0 is that of Latin-1, a byte that is
 * not UTF-8.
 */
export function noBreakSpaceEdits(text: string): readonly Edit[] {
  if (!/(?:^|>) ?[\u00a0\udca0]|[\u00a0\udca0] ?[\u00a0\udca0]/m.test(text)) return [];
  return replaceEach(text, /[\u00a0\udca0]+/g, (found) => ' '.repeat(found.length));
}
