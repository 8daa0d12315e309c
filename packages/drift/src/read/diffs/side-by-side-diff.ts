import type { DiffReader, SideLine } from './diff-hunk.ts';
import { GAP } from './side-text.ts';
import type { TextLine } from './text-line.ts';

/** Where `diff -y` puts the two sides and the sign between them, in columns. */
interface Layout {
  /** Columns of a side: a longer line is cut. */
  readonly width: number;
  readonly sign: number;
  readonly right: number;
}

/** Widths of `diff -y` (`--width`, 130 without it) that are tried, with tabs and without them. */
const LAYOUTS: readonly Layout[] = [8, 1].flatMap((tab) =>
  Array.from({ length: 361 }, (_, index) => layoutOf(40 + index, tab)).filter(
    (one, index, all) =>
      one.width > 10 &&
      all.findIndex((other) => other.width === one.width && other.sign === one.sign && other.right === one.right) === index,
  ),
);

/** As `side.c` and `diff.c` of diffutils compute it. */
function layoutOf(total: number, tab: number): Layout {
  const right = Math.trunc((total + tab + 3) / (2 * tab)) * tab;
  const width = Math.max(0, Math.min(right - 3, total - right));
  return { width, sign: Math.trunc((width + right - 1) / 2), right: width === 0 ? total : right };
}

/** Lines that must fit for a text to be taken for such a diff, and of them those that are the same on both sides. */
const ENOUGH = 3;
/** Lines that are looked at to find the columns. */
const LOOKED_AT = 200;
/** A sign with blanks on both sides of it. */
const SIGN = /[ \t][|<>/\\](?:[ \t]|$)/;

/** Reads `diff -y`: both sides whole, but for lines that are wider than a side. */
export const sideBySideDiff: DiffReader = (lines, at) => {
  const head = lines.slice(at, at + LOOKED_AT).map(({ text }) => expanded(text));
  if (head.length < ENOUGH || !head.some((text) => SIGN.test(text))) return undefined;
  const layout = best(head);
  if (layout === undefined) return undefined;
  let lost = 0;
  const before: SideLine[] = [];
  const after: SideLine[] = [];
  let end = at;
  for (let line = lines[end]; line !== undefined; line = lines[++end]) {
    const sides = sidesOf(expanded(line.text), layout);
    if (sides === undefined) break;
    const shown = [sides.left, sides.right].map((side) => (side === undefined ? undefined : shownLine(side, line, layout)));
    if (shown[0] !== undefined) before.push(shown[0]);
    if (shown[1] !== undefined) after.push(shown[1]);
    if (sides.sign !== ' ' && shown.some((side) => side?.text === GAP)) lost += 1;
  }
  return { hunks: [{ before, after, startsFile: true, endsFile: true }], start: at, end, ...(lost === 0 ? {} : { lost }) };
};

/** The layout that most lines fit from the first one on, of which one differs and others are the same on both sides. */
function best(head: readonly string[]): Layout | undefined {
  // Where no sign stands is no column of signs.
  const signs = new Set(head.flatMap((text) => [...text.matchAll(/[|<>/\\]/g)].map(({ index }) => index)));
  let found: Layout | undefined;
  let most = ENOUGH - 1;
  for (const layout of LAYOUTS) {
    const lines = signs.has(layout.sign) ? fitting(head, layout) : 0;
    if (lines > most) [found, most] = [layout, lines];
  }
  return found;
}

/** How many lines fit before the first that does not. */
function fitting(head: readonly string[], layout: Layout): number {
  let same = 0;
  let differ = 0;
  for (const text of head) {
    const sides = sidesOf(text, layout);
    if (sides === undefined) break;
    if (sides.sign !== ' ') differ += 1;
    else if (text.trim() !== '') same += 1;
  }
  return differ > 0 && same > 0 ? same + differ : 0;
}

interface Sides {
  readonly left?: string;
  readonly right?: string;
  readonly sign: string;
}

function sidesOf(text: string, { width, sign: column, right: start }: Layout): Sides | undefined {
  const left = text.slice(0, width).trimEnd();
  const right = text.slice(start).trimEnd();
  const sign = text[column] ?? ' ';
  if (text.slice(width, column).trim() !== '' || text.slice(column + 1, start).trim() !== '') return undefined;
  if (sign === ' ') return left === right ? { left, right, sign } : undefined;
  if (sign === '<' && right === '' && text.trim() !== '<') return { left, sign };
  if (sign === '>' && left === '') return { right, sign };
  return '|/\\'.includes(sign) && left !== '' && right !== '' ? { left, right, sign } : undefined;
}

/** A line as far as a side of this width can show it: a cut one, and a rule whose columns may go on behind the width, say nothing. */
function shownLine(text: string, line: TextLine, { width }: Layout): SideLine {
  const isDestination = /^ *-> +\S+ +\S+ +\d+ +\d+ +\d+$/.test(text);
  // A blank at the edge is not seen, and a comment is of no weight.
  const mayGoOn =
    (text.length >= width - 1 && !text.startsWith('#')) ||
    (/ (?:--|-f|!f) +/.test(text) && !text.startsWith('-') && text.length + COLUMN > width);
  if (!mayGoOn || isDestination) return { text, start: line.start };
  const title = TITLES.find((one) => one.startsWith(text));
  return { text: title ?? GAP, start: line.start };
}

/** Blanks that a column of `iptables -L` may end with. */
const COLUMN = 22;
/** Titles that are known whole by how they begin. */
const TITLES = [
  '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
  ' pkts bytes target     prot opt in     out     source               destination         ',
];

/** A line with blanks in place of tabs. */
function expanded(text: string): string {
  if (!text.includes('\t')) return text;
  let all = '';
  for (const part of text.split('\t')) all += part + ' '.repeat(8 - ((all.length + part.length) % 8));
  return all;
}
