import { decode } from '../../text/decode.ts';
import type { Edit } from './edited-text.ts';
import { replaceEach } from './replace-each.ts';

/** `=` in a text that is not encoded, as in `--dport=80` or at the end of `option=`. */
const PLAIN = /=(?![0-9A-F]{2}|\r?\n|$)/;
const SIGN = /=3D|=\r?\n/;
const ENCODED = /=\r?\n|(?:=[0-9A-F]{2})+/g;
/** The header of a mail, or of a part of one, that says so, down to the blank line below it. */
const DECLARED = /^Content-Transfer-Encoding: *quoted-printable *\r?\n(?:\S[^\n]*\n|[ \t]+\S[^\n]*\n)*\r?\n/gim;
/** The line between two parts of a mail. */
const BOUNDARY = /^--\S{8,}\s*$/m;

/**
 * Undoes quoted-printable, as mails are saved: `size=3D4096`, and `=` at the end of a line that goes on below. Only in what a header of a
 * mail declares, or where every `=` of the text is one of the encoding's, and one of them is an encoded `=` or a soft line break.
 */
export function quotedPrintableEdits(text: string): readonly Edit[] {
  if (!SIGN.test(text)) return [];
  const declared = [...text.matchAll(DECLARED)].map(({ index, 0: header }) => {
    const start = index + header.length;
    const boundary = BOUNDARY.exec(text.slice(start));
    return { start, end: boundary === null ? text.length : start + boundary.index };
  });
  if (declared.length === 0 && PLAIN.test(text)) return [];
  const edits = replaceEach(text, ENCODED, (found) => {
    if (found.includes('\n')) return '';
    return decode(Uint8Array.from(found.slice(1).split('='), (digits) => Number.parseInt(digits, 16)));
  });
  if (declared.length === 0) return edits;
  return edits.filter(({ span }) => declared.some(({ start, end }) => span.start >= start && span.end <= end));
}
