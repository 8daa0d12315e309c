import { type Span, timeIn, toOriginal, toOriginalDiagnostics } from '@netdrift/core';
import { firstNames } from '../../common/first-names.ts';
import { isKnown, partOf, readSections, troubleIn, type SectionRead } from '../read-sections.ts';
import type { PartCompleteness, PartialReason, PartialThings } from '../section-completeness.ts';
import type { Reading } from '../seen-files.ts';
import type { Part, SnapshotFile } from '../snapshot.ts';
import { thingsOf } from '../things.ts';
import { completedBy } from './both-sides.ts';
import type { Diff } from './diff-hunk.ts';
import { GAP, type SideText, sideText } from './side-text.ts';
import { linesOf } from './text-line.ts';
import { thingsAcross } from './things-across.ts';

/**
 * Reads the diffs of a text as the two moments that they compare, each partial beyond what the diff shows. A diff of what another one has
 * compared begins two moments more. Outputs beside the diffs stand as they do in any text.
 */
export function readDiffs(file: SnapshotFile, text: string, diffs: readonly Diff[], lineOfInput: (offset: number) => number): Reading[] {
  const readings: Reading[] = [];
  let shown = new Set<string>();
  let side = 0;
  for (const diff of diffs) {
    const before = readSide(file, diff, 'before', lineOfInput);
    const after = readSide(file, diff, 'after', lineOfInput);
    const sides = withUnplaced(before, after, diff.lost ?? 0);
    const things = sides.flat().flatMap(({ part }) => thingsOf(part));
    if (things.some((thing) => shown.has(thing))) {
      side += 2;
      shown = new Set();
    }
    for (const thing of things) shown.add(thing);
    for (const [index, own] of sides.entries())
      for (const { part, ...rest } of own) readings.push({ part: { ...part, moment: { of: file.name, place: side + index } }, ...rest });
  }
  const beside = readSections(file, withoutDiffs(text, diffs)).filter(
    ({ section, read }) => section !== undefined && isKnown(read.content),
  );
  readings.push(...beside.map((one) => ({ part: partOf(file, lineOfInput, one) })));
  return readings.length > 0 ? readings : [nothingIn(file, lineOfInput)];
}

/** The text with blanks in place of its diffs: what stands beside them keeps its place. */
function withoutDiffs(text: string, diffs: readonly Diff[]): string {
  const lines = linesOf(text);
  const offset = (line: number): number => lines[line]?.start ?? text.length;
  let from = 0;
  const kept: string[] = [];
  for (const { start, end } of diffs) {
    kept.push(text.slice(from, offset(start)), text.slice(offset(start), offset(end)).replace(/[^\n]/g, ' '));
    from = offset(end);
  }
  return kept.join('') + text.slice(from);
}

function readSide(file: SnapshotFile, { hunks, names }: Diff, side: 'before' | 'after', lineOfInput: (offset: number) => number): Side[] {
  const shown = sideText(hunks, side);
  const title = names?.[side] ?? '';
  // `--- before/iptables-nat-nL.txt` tells what it is as the name of a file does.
  const named = { ...file, name: /^\S+ (\S+)/.exec(title)?.[1] ?? file.name };
  const time = timeIn(title);
  const line = (offset: number): number => lineOfInput(toOriginal(shown, offset));
  return readSections(named, shown.text)
    .filter(({ read }) => read.content.kind !== 'unknown' || read.trouble !== undefined)
    .map((one): Side => {
      const part = partOf(file, line, one);
      const completeness = shown.whole ? part.completeness : alike(one, part.completeness, shown);
      return {
        part: {
          ...part,
          ...(part.time === undefined && time !== undefined ? { time } : {}),
          completeness,
          diagnostics: toOriginalDiagnostics(shown, part.diagnostics),
        },
        ...(completeness.state === 'unreadable' ? troubleIn(file, line, one) : {}),
        unplaced: one.read.diagnostics
          .filter(({ code }) => UNPLACED.has(code))
          .flatMap(({ span }) => linesIn(one.section?.text ?? '', span)),
      };
    });
}

/** Rows whose place is not shown: what they are of stands beyond the hunk. */
const UNPLACED: ReadonlySet<string> = new Set(['ipvsadm/orphan-destination', 'ipvsadm/service-not-added']);

/** What a side does not show, the other one does not show either; rows that could not be read are another matter. */
function alike({ section, read }: SectionRead, completeness: PartCompleteness, side: SideText): PartCompleteness {
  if (completeness.state === 'absent' || (completeness.state === 'unreadable' && !read.diagnostics.some(({ code }) => UNPLACED.has(code))))
    return completeness;
  const lost =
    read.diagnostics.filter(
      ({ code, severity, span }) => severity === 'error' && !UNPLACED.has(code) && lineAt(section?.text ?? '', span.start) !== GAP,
    ).length + side.cut;
  const only: PartialThings =
    section === undefined
      ? {}
      : thingsAcross(
          read.content,
          side.gaps.map((gap) => offsetIn(section.pieces, gap)),
        );
  const because: PartialReason[] = [
    { text: 'is one side of a diff, which shows what is near a difference', rows: true, alike: true, only },
    ...(lost === 0 ? [] : [{ text: `${lost} ${lost === 1 ? 'line' : 'lines'} could not be read`, rows: true as const }]),
  ];
  return { state: 'partial', because };
}

/**
 * The sides of a diff as they complete each other. Rows that one side alone has and that have no place are told, for nothing compares them.
 */
function withUnplaced(before: readonly Side[], after: readonly Side[], lost: number): readonly [readonly Reading[], readonly Reading[]] {
  const rows = [before, after].map((side) => side.flatMap(({ unplaced }) => unplaced));
  const [one = [], other = []] = rows;
  const own = [one.filter((row) => !other.includes(row)), other.filter((row) => !one.includes(row))].flat();
  const cut = lost === 0 ? undefined : `${lost} changed ${lost === 1 ? 'line is' : 'lines are'} cut at the width of the diff`;
  const told =
    own.length === 0
      ? cut
      : `${own.length} changed ${own.length === 1 ? 'row is' : 'rows are'} of something that the diff does not show: ${firstNames(
          own.map((row) => JSON.stringify(row.trim().replace(/ +/g, ' '))),
          3,
        )}`;
  const mark = (reading: Reading): Reading => {
    const { part } = reading;
    if (told === undefined || part.completeness.state !== 'partial') return reading;
    return {
      ...reading,
      part: {
        ...part,
        completeness: { state: 'partial', because: part.completeness.because.map((reason) => ({ ...reason, unplaced: told })) },
      },
    };
  };
  const bare = (side: readonly Side[]): Reading[] => side.map(({ unplaced: _told, ...reading }) => reading);
  return [completedBy(bare(before), bare(after)).map(mark), completedBy(bare(after), bare(before)).map(mark)];
}

type Side = Reading & { readonly unplaced: readonly string[] };

/** The lines of a span, whole. */
function linesIn(text: string, { start, end }: Span): string[] {
  return text.slice(text.lastIndexOf('\n', start - 1) + 1, Math.max(start, end)).split('\n');
}

function lineAt(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? '';
}

/** Where an offset of a side stands in the text of one of its outputs. */
function offsetIn(pieces: readonly { readonly at: number; readonly start: number; readonly end: number }[], offset: number): number {
  const piece = pieces.findLast(({ start }) => start <= offset);
  return piece === undefined ? -1 : piece.at + Math.min(offset, piece.end) - piece.start;
}

/** A diff of something else: of a script, of a manifest. */
function nothingIn(file: SnapshotFile, lineOfInput: (offset: number) => number): Reading {
  const because = 'is a diff, of which neither side is an output of a known tool';
  const read = { title: 'diff', content: { kind: 'unknown' }, completeness: { state: 'unreadable', because }, diagnostics: [] } as const;
  const part: Part = partOf(file, lineOfInput, { section: undefined, read, block: 0 });
  return {
    part,
    trouble: {
      code: 'snapshot/diff',
      source: file.name,
      message: because,
      help: 'needed are outputs of ipvsadm, iptables, ipset, nft or lsmod, or a diff of them',
    },
  };
}
