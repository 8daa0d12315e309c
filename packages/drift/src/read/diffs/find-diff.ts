import { contextDiff } from './context-diff.ts';
import type { Diff, DiffReader } from './diff-hunk.ts';
import { normalDiff } from './normal-diff.ts';
import { sideBySideDiff } from './side-by-side-diff.ts';
import { linesOf, prefixesOf, type TextLine, withoutPrefix } from './text-line.ts';
import { fencedDiff, unifiedDiff } from './unified-diff.ts';

const READERS: readonly DiffReader[] = [unifiedDiff, contextDiff, normalDiff, fencedDiff];
/** How lines begin with which a diff can begin, behind what stands before them. */
const BEGINS =
  /(?:@@ -\d|--- \S|\*\*\* \S|\*{15}|\d[acd]\d|`{3,} ?(?:diff|patch)|~{3,} ?(?:diff|patch)|\d,\d{1,9}[acd]\d|\d[acd]\d{1,9},\d)/;
/** A sign of `diff -y` between two columns. */
const BESIDE = /[ \t]{2}[|<>/\\](?:[ \t]|$)/m;

/** The diffs of a text, in order; none in most texts. */
export function findDiffs(text: string): Diff[] {
  if (!BEGINS.test(text) && !BESIDE.test(text)) return [];
  const lines = linesOf(text);
  const diffs: Diff[] = [];
  const bare = new Map<string, readonly TextLine[]>();
  for (let at = 0; at < lines.length;) {
    const line = lines[at]?.text ?? '';
    const diff = BEGINS.test(line) ? diffAt(lines, at, bare) : undefined;
    if (diff !== undefined) diffs.push(diff);
    at = diff === undefined ? at + 1 : diff.end;
  }
  if (diffs.length > 0 || !BESIDE.test(text)) return diffs;
  return besideIn(lines);
}

/** Prefixes of one text that are tried: one that changes from diff to diff is no prefix. */
const MOST_PREFIXES = 8;

/** Reads the diff that begins at a line. `bare` keeps the lines without each prefix that was met. */
function diffAt(lines: readonly TextLine[], at: number, bare: Map<string, readonly TextLine[]>): Diff | undefined {
  for (const prefix of prefixesOf(lines[at]?.text ?? '')) {
    const key = prefix.replace(/\d/g, '0');
    if (!bare.has(key) && bare.size < MOST_PREFIXES) bare.set(key, withoutPrefix(lines, prefix));
    for (const read of READERS) {
      const found = read(bare.get(key) ?? lines, at);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** `diff -y` has no line of its own: its columns tell it, from the first line that is there twice. */
function besideIn(lines: readonly TextLine[]): Diff[] {
  for (let at = 0; at < lines.length; at += 1) {
    if ((lines[at]?.text ?? '').trim() === '') continue;
    const found = sideBySideDiff(lines, at);
    if (found !== undefined) return [found];
    if (at > LOOKED_AT) break;
  }
  return [];
}

/** Lines before a diff in columns that are tried. */
const LOOKED_AT = 100;
