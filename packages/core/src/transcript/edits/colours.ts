import type { Edit } from './edited-text.ts';
import { replaceEach } from './replace-each.ts';

/** Colours and `erase to the end of the line`, as grep --color, watch --color and prompts print them. */
// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const SEQUENCE = /\u001b\[[\d;:]{0,32}[mK]/g;

/** `[?2004h` before a prompt, from a recorded terminal: it says that pasted text is marked, and its escape character may be lost. */
// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const BRACKETED_PASTE = /(?:^|(?<=\n|\r))\u001b?\[\?2004[hl]\r?/g;

/**
 * Takes colours out. Only where a colour is put back too (`ESC[m`, `ESC[00m`): an escape character alone may be part of a chain's name
 * or a comment.
 */
export function colourEdits(text: string): readonly Edit[] {
  const marks = text.includes('[?2004') ? replaceEach(text, BRACKETED_PASTE, () => '') : [];
  // oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
  if (!/\u001b\[0{0,2}m/.test(text)) return marks;
  const colours = replaceEach(text, SEQUENCE, (found, at) =>
    found.endsWith('K') || isGrep(text, at) || !isQuoted(text, at) ? '' : undefined,
  );
  return [...marks, ...colours];
}

/** grep's own colours, which it puts anywhere: a sequence with `ESC[K` after it. */
function isGrep(text: string, at: number): boolean {
  return /^\u001b\[[\d;:]{0,32}m\u001b\[K/.test(text.slice(at, at + 40));
}

/** Whether a place is inside a comment of a rule (`/* … *\/`) or a quote: there an escape is what the rule holds. */
function isQuoted(text: string, at: number): boolean {
  const before = text.slice(Math.max(text.lastIndexOf('\n', at) + 1, at - 1000), at);
  if (before.lastIndexOf('/*') > before.lastIndexOf('*/')) return true;
  return (before.split('"').length - 1) % 2 === 1;
}
