import { type Diff, type DiffReader, sideLine, type SideLine, withEnds } from './diff-hunk.ts';
import type { TextLine } from './text-line.ts';

const BEFORE = /^\*\*\* (\d{1,9})(?:,\d{1,9})? \*{4}$/;
const AFTER = /^--- (\d{1,9})(?:,\d{1,9})? -{4}$/;
const STARS = /^\*{15}/;

/** Reads `diff -c`: of a hunk that changes one side alone, the other side is told by the lines of both. */
export const contextDiff: DiffReader = (lines, at) => {
  const start = [at, at + 1, at + 3].find((place) => BEFORE.test(lines[place]?.text ?? ''));
  if (start === undefined || !(start === at || STARS.test(lines[start - 1]?.text ?? ''))) return undefined;
  const [first, second] = [lines[at]?.text ?? '', lines[at + 1]?.text ?? ''];
  const names: Diff['names'] = start === at + 3 ? { before: first, after: second } : undefined;
  const hunks: { before: readonly SideLine[]; after: readonly SideLine[]; first: number; context: readonly [number, number] }[] = [];
  let next = start;
  for (let head = BEFORE.exec(lines[next]?.text ?? ''); head !== null; head = BEFORE.exec(lines[next]?.text ?? '')) {
    const old = readSide(lines, next + 1, '-');
    const middle = AFTER.exec(lines[old.end]?.text ?? '');
    if (middle === null) break;
    const young = readSide(lines, old.end + 1, '+');
    const before = old.lines.length > 0 ? old : { ...young, lines: young.lines.filter(({ sign }) => sign === ' ') };
    const after = young.lines.length > 0 ? young : { ...old, lines: old.lines.filter(({ sign }) => sign === ' ') };
    hunks.push({
      before: before.lines,
      after: after.lines,
      first: Math.min(Number(head[1]), Number(middle[1])),
      context: contextOf(old.lines.length > 0 ? old.lines : young.lines),
    });
    next = young.end;
    while (
      STARS.test(lines[next]?.text ?? '') ||
      (/^(?:diff |\*\*\* |--- )/.test(lines[next]?.text ?? '') && !BEFORE.test(lines[next]?.text ?? ''))
    )
      next += 1;
  }
  return hunks.length === 0 ? undefined : { hunks: withEnds(hunks), ...(names === undefined ? {} : { names }), start: at, end: next };
};

type Signed = SideLine & { readonly sign: string };

function readSide(lines: readonly TextLine[], at: number, own: '-' | '+'): { readonly lines: readonly Signed[]; readonly end: number } {
  const found: Signed[] = [];
  let end = at;
  for (let line = lines[end]; line !== undefined; line = lines[++end]) {
    const sign = line.text[0] ?? ' ';
    if (AFTER.test(line.text) || BEFORE.test(line.text) || (line.text[1] ?? ' ') !== ' ' || ![' ', '!', own].includes(sign)) break;
    found.push({ ...sideLine(line, 2), sign });
  }
  return { lines: found, end };
}

/** Lines of both sides before the first change and behind the last one. */
function contextOf(lines: readonly Signed[]): readonly [number, number] {
  const first = lines.findIndex(({ sign }) => sign !== ' ');
  const last = lines.findLastIndex(({ sign }) => sign !== ' ');
  return first < 0 ? [lines.length, lines.length] : [first, lines.length - 1 - last];
}
