import type { Edit } from './edited-text.ts';
import { replaceEach } from './replace-each.ts';

/** `-A KUBE-SERVICES …`, `-a -t …`, and commands of the tools: where a dash and a quote are those of a keyboard. */
const SAVED = /^[ \t>*+|]{0,40}(?:\[\d+:\d+\] )?(?:[#$] *)?(?:sudo +)?(?:-[AaIN] \S|(?:ip6?tables|ipvsadm|ipset)(?:-\w+)* )/;
/** `–comment` for `--comment`, `“web”` for `"web"`. */
const MARKS = /[\u2013\u2014](?=[a-z][a-z-]+)|[\u201c\u201d\u201e]/g;

/** Undoes what word processors and blogs make of two dashes and of quotes, in saved lines and commands. */
export function typographyEdits(text: string): readonly Edit[] {
  if (!/[\u2013\u2014][a-z]/.test(text)) return [];
  let start = 0;
  let end = -1;
  let mended = false;
  return replaceEach(text, MARKS, (found, at) => {
    // Marks come in order, so each line is looked at once.
    if (at > end) {
      start = text.lastIndexOf('\n', at - 1) + 1;
      end = text.indexOf('\n', at);
      if (end < 0) end = text.length;
      const line = text.slice(start, Math.min(end, start + LONGEST));
      // Where two dashes are left they are the tool's own, and others a comment's.
      mended = SAVED.test(line) && !/\s--[a-z]/.test(line);
    }
    if (!mended || at - start > LONGEST) return undefined;
    return found === '\u2013' || found === '\u2014' ? '--' : '"';
  });
}

/** Characters of a line that are looked at. */
const LONGEST = 2000;
