import { decode } from '../../text/decode.ts';
import type { Edit } from '../edited-text.ts';
import { replaceEach } from './replace-each.ts';

/** `=` in a text that is not encoded, as in `--dport=80` or at the end of `option=`. */
const PLAIN = /=(?![0-9A-F]{2}|\r?\n|$)/;
const SIGN = /=3D|=\r?\n/;
const ENCODED = /=\r?\n|(?:=[0-9A-F]{2})+/g;

/**
 * Undoes quoted-printable, as mails are saved: `size=3D4096`, and `=` at the end of a line that goes on below. Only where every `=` of the
 * text is one of the encoding's, and one of them is an encoded `=` or a soft line break.
 */
export function quotedPrintableEdits(text: string): readonly Edit[] {
  if (!SIGN.test(text) || PLAIN.test(text)) return [];
  return replaceEach(text, ENCODED, (found) => {
    if (found.includes('\n')) return '';
    return decode(Uint8Array.from(found.slice(1).split('='), (digits) => Number.parseInt(digits, 16)));
  });
}
