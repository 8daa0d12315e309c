import { type Diff, type DiffReader, sideLine, type SideLine, withEnds } from './diff-hunk.ts';
import type { TextLine } from './text-line.ts';

/** `@@ -10,7 +10,6 @@ TCP  10.96.0.1:443 rr`: git adds the line that looks like the title of what follows. */
const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)$/;
/** What stands between the hunks of several files. */
const HEADER = /^(?:diff |index |--- |\+\+\+ |(?:new|deleted) file |(?:old|new) mode |similarity |rename |Only in |\\ )/;
/** The title of a service, under which its destinations stand. */
const SERVICE = /^(?:TCP|UDP|SCTP|FWM) +\S+/;

/** Reads `diff -u` and `git diff`. Numbers of lines that were edited by hand are believed less than the signs of the lines. */
export const unifiedDiff: DiffReader = (lines, at) => {
  const first = lines[at]?.text ?? '';
  const names = first.startsWith('--- ') && lines[at + 1]?.text.startsWith('+++ ') === true;
  if (!HUNK.test(first) && !(names && HUNK.test(lines[at + 2]?.text ?? ''))) return undefined;
  const hunks: (HunkLines & { readonly first: number })[] = [];
  let named: Diff['names'];
  let next = at;
  for (let line = lines[next]; line !== undefined; line = lines[next]) {
    const hunk = HUNK.exec(line.text);
    if (hunk !== null) {
      const read = readHunk(lines, next + 1, [Number(hunk[2] ?? 1), Number(hunk[4] ?? 1)]);
      next = read.end;
      hunks.push(withTitle({ ...read, first: Math.min(Number(hunk[1]), Number(hunk[3])) }, line, hunk[5] ?? ''));
    } else if (HEADER.test(line.text)) {
      // The next file is another diff.
      if (startsFile(lines, next) && hunks.length > 0) break;
      if (startsFile(lines, next)) named ??= { before: line.text, after: lines[next + 1]?.text ?? '' };
      next += 1;
    } else break;
  }
  return { hunks: withEnds(hunks), ...(named === undefined ? {} : { names: named }), start: at, end: next };
};

/** Reads what stands in a fence of Markdown that says that it is a diff, without the numbers of its lines. */
export function fencedDiff(lines: readonly TextLine[], at: number): Diff | undefined {
  if (!/^\s*(?:`{3,}|~{3,}) ?(?:diff|patch)\s*$/.test(lines[at]?.text ?? '')) return undefined;
  let end = at + 1;
  while (end < lines.length && !/^\s*(?:`{3,}|~{3,})\s*$/.test(lines[end]?.text ?? '')) end += 1;
  const body = lines.slice(at + 1, end);
  const signs = body.map(({ text }) => text[0] ?? ' ');
  if (body.some(({ text }) => HUNK.test(text)) || !signs.some((sign) => sign === '+' || sign === '-')) return undefined;
  // Without the blank before lines of both sides, as people write them.
  const isBare = signs.some((sign) => !' +-\\'.includes(sign));
  const before: SideLine[] = [];
  const after: SideLine[] = [];
  for (const line of body) {
    const isChange = /^[+-](?![+-]{2} )/.test(line.text);
    const shown = sideLine(line, isChange || !isBare ? 1 : 0);
    if (line.text[0] !== '+') before.push(shown);
    if (line.text[0] !== '-') after.push(shown);
  }
  return { hunks: [{ before, after, startsFile: false, endsFile: false }], start: at, end: Math.min(end + 1, lines.length) };
}

interface HunkLines {
  readonly before: readonly SideLine[];
  readonly after: readonly SideLine[];
  readonly context: readonly [number, number];
  readonly end: number;
}

function startsFile(lines: readonly TextLine[], at: number): boolean {
  return lines[at]?.text.startsWith('--- ') === true && lines[at + 1]?.text.startsWith('+++ ') === true;
}

function readHunk(lines: readonly TextLine[], at: number, [old, young]: readonly [number, number]): HunkLines {
  const before: SideLine[] = [];
  const after: SideLine[] = [];
  let leading = 0;
  let trailing = 0;
  let changed = false;
  let end = at;
  for (let line = lines[end]; line !== undefined; line = lines[++end]) {
    const sign = line.text[0] ?? ' ';
    const isFull = before.length >= old && after.length >= young;
    if (!' +-\\'.includes(sign) || startsFile(lines, end) || (isFull && (sign === ' ' || line.text === ''))) break;
    if (sign === '\\') continue;
    if (sign !== '+') before.push(sideLine(line, 1));
    if (sign !== '-') after.push(sideLine(line, 1));
    changed ||= sign !== ' ';
    trailing = sign === ' ' ? trailing + 1 : 0;
    if (!changed) leading += 1;
  }
  return { before, after, context: [leading, trailing], end };
}

function withTitle<Hunk extends HunkLines>(hunk: Hunk, line: TextLine, title: string): Hunk {
  if (!SERVICE.test(title)) return hunk;
  const shown = sideLine(line, line.text.length - title.length);
  return { ...hunk, before: [shown, ...hunk.before], after: [shown, ...hunk.after] };
}
