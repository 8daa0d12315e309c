import type { Edit } from '../edited-text.ts';
import { replaceEach } from './replace-each.ts';

/** Colours and `erase to the end of the line`, as grep --color, watch --color and prompts print them. */
// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const SEQUENCE = /\u001b\[[\d;:]{0,32}[mK]/g;

/**
 * Takes colours out. Only where a colour is put back too (`ESC[m`): an escape character alone may be part of a chain's name
 * or a comment.
 */
export function colourEdits(text: string): readonly Edit[] {
  if (!text.includes('\u001b[m') && !text.includes('\u001b[0m')) return [];
  return replaceEach(text, SEQUENCE, () => '');
}
