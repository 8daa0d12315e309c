import type { Edit } from './edited-text.ts';
import { colourEdits } from './colours.ts';
import { htmlEdits } from './html.ts';
import { jsonEscapeEdits } from './json-escapes.ts';
import { jsonLineEdits } from './json-lines.ts';
import { lostLineEndEdits } from './lost-line-ends.ts';
import { mailWrappingEdits } from './mail-wrapping.ts';
import { markdownEdits } from './markdown.ts';
import { noBreakSpaceEdits } from './no-break-spaces.ts';
import { quotedPrintableEdits } from './quoted-printable.ts';
import { shellMessageEdits } from './shell-messages.ts';
import { stderrEdits } from './stderr.ts';
import { terminalLineEdits } from './terminal-lines.ts';
import { terminalPaddingEdits } from './terminal-padding.ts';
import { trailingCommentEdits } from './trailing-comments.ts';
import { typographyEdits } from './typography.ts';

/** One kind of damage inside lines, and how it is undone. */
export interface EditKind {
  readonly code: string;
  /** What was done, for a message; `count` is the number of changes. */
  message(count: number): string;
  find(text: string): readonly Edit[];
}

const times = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one} is` : `${count} ${many} are`);

/** Every kind, in the order in which it has the first say where two would change the same place. */
export const editKinds: readonly EditKind[] = [
  {
    code: 'transcript/byte-order-mark',
    message: () => 'the byte order mark is removed',
    find: (text) => (text.startsWith('\ufeff') ? [{ span: { start: 0, end: 1 }, replacement: '' }] : []),
  },
  {
    code: 'transcript/colours',
    message: (count) => `${times(count, 'colour sequence', 'colour sequences')} taken out`,
    find: colourEdits,
  },
  {
    code: 'transcript/stderr-inside',
    message: (count) => `${times(count, 'message', 'messages')} from standard error cut out of the output`,
    find: stderrEdits,
  },
  {
    code: 'transcript/terminal-lines',
    message: () => 'the blanks with which a terminal filled up its lines are taken off',
    find: terminalLineEdits,
  },
  {
    code: 'transcript/shell-messages',
    message: (count) => `${times(count, 'message', 'messages')} of a shell read as in English`,
    find: shellMessageEdits,
  },
  {
    code: 'transcript/json-lines',
    message: () => 'the quotes of a list of JSON strings are taken off',
    find: jsonLineEdits,
  },
  {
    code: 'transcript/json-escapes',
    message: (count) => `${times(count, 'escape', 'escapes')} of a JSON string undone`,
    find: jsonEscapeEdits,
  },
  {
    code: 'transcript/quoted-printable',
    message: (count) => `${times(count, 'sign', 'signs')} of quoted-printable undone`,
    find: quotedPrintableEdits,
  },
  {
    code: 'transcript/html',
    message: (count) => `${times(count, 'HTML tag or entity', 'HTML tags and entities')} undone`,
    find: htmlEdits,
  },
  {
    code: 'transcript/no-break-spaces',
    message: (count) => `${times(count, 'no-break space', 'no-break spaces')} read as blanks`,
    find: noBreakSpaceEdits,
  },
  {
    code: 'transcript/typography',
    message: (count) => `${times(count, 'dash or quote', 'dashes and quotes')} of typography read as those of a keyboard`,
    find: typographyEdits,
  },
  {
    code: 'transcript/markdown',
    message: (count) => `${times(count, 'sign', 'signs')} of Markdown removed from rows`,
    find: markdownEdits,
  },
  {
    code: 'transcript/trailing-comments',
    message: (count) => `${times(count, 'comment', 'comments')} cut off after saved lines`,
    find: trailingCommentEdits,
  },
  {
    code: 'transcript/lost-line-ends',
    message: (count) => `${times(count, 'line end', 'line ends')} given back between lines that were run together`,
    find: lostLineEndEdits,
  },
  {
    code: 'transcript/mail-wrapping',
    message: (count) => (count === 1 ? 'a row wrapped over two lines is joined' : `wrapped rows are joined in ${count} places`),
    find: mailWrappingEdits,
  },
  {
    code: 'transcript/terminal-padding',
    message: (count) => `the blanks with which a terminal broke ${count === 1 ? 'a line' : `${count} lines`} are taken out`,
    find: terminalPaddingEdits,
  },
];
