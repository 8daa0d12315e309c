import { readTranscript, type Span, toOriginalSpan } from '@netdrift/core';
import { completenessOf, diffSnapshots, parseSection, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { readInput } from '../support/line-fates.ts';
import { OUTPUTS } from '../support/outputs.ts';
import { shareOf } from '../support/share.ts';

const TRANSCRIPT = `[root@node-1 ~]# ipvsadm -ln\n${textOf('ipvsadm -ln --stats')}[root@node-1 ~]# iptables -S\n${textOf('iptables -S')}[root@node-1 ~]# `;

function textOf(command: string): string {
  return OUTPUTS.find((output) => output.command === command)?.text ?? '';
}

type Row = { readonly kind: string; readonly span: Span; readonly [key: string]: unknown };

/** Figures that change by themselves, and what of an output is no fact of the machine. */
const EVIDENCE = new Set([
  'span',
  'counters',
  'rates',
  'activeConnections',
  'inactiveConnections',
  'references',
  'useCount',
  'usedBy',
  'memory',
  'revision',
  'entries',
  'hashsize',
  'maxelem',
  'bucketsize',
  'initval',
  'comment',
  'completed',
  'layout',
]);

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'kind' in value && 'span' in value;
}

function* rowsIn(value: unknown): Generator<Row> {
  if (isRow(value)) yield value;
  if (typeof value === 'object' && value !== null) for (const held of Object.values(value)) yield* rowsIn(held);
}

/** What is told of an output as a whole when it ends: which columns it has, when it was made. */
const OF_THE_WHOLE = new Set(['span', 'layout', 'completed']);

/** What a row says itself, without the rows under it. */
function own(row: Row): [key: string, value: string][] {
  return Object.entries(row).flatMap(([key, held]): [string, string][] => {
    const holdsRows = Array.isArray(held) && (held.length === 0 ? key !== 'matches' : held.some(isRow));
    return OF_THE_WHOLE.has(key) || holdsRows ? [] : [[key, JSON.stringify(held)]];
  });
}

/** The rows of a text by kind and the offset at which they begin, and the spans that something is remarked about. */
function read(text: string): { readonly rows: ReadonlyMap<string, Row>; readonly remarks: readonly Span[] } {
  const transcript = readTranscript(text);
  const parsed = transcript.sections.map(parseSection);
  const completeness = completenessOf(transcript, parsed);
  const rows = new Map<string, Row>();
  const remarks = transcript.diagnostics.map(({ span }) => span);
  for (const [index, section] of transcript.sections.entries()) {
    for (const row of rowsIn(parsed[index]?.value)) rows.set(`${row.kind} ${toOriginalSpan(section, row.span).start}`, row);
    for (const { span } of parsed[index]?.diagnostics ?? []) remarks.push(toOriginalSpan(section, span));
    if (completeness[index]?.state !== 'complete') remarks.push(section.span);
  }
  return { rows, remarks };
}

/** What the rows of a text say of the machine. */
function facts(rows: ReadonlyMap<string, Row>): string[] {
  return [...rows.values()]
    .map((row) =>
      JSON.stringify(row, (key, held: unknown) => (EVIDENCE.has(key) || (Array.isArray(held) && held.some(isRow)) ? undefined : held)),
    )
    .sort();
}

describe.each([...OUTPUTS.map(({ command, text }) => [command, text] as const), ['a transcript with prompts', TRANSCRIPT] as const])(
  '%s, cut anywhere',
  (command, text) => {
    const cuts = shareOf(
      Array.from(text, (_character, end) => text.slice(0, end)),
      150,
    );
    const whole = read(text);

    it('has every line under a node, under a diagnostic, or set aside', () => {
      const lost = cuts.flatMap((cut) =>
        readInput(cut)
          .fates.filter(({ fate }) => fate === 'lost')
          .map(({ text: line }) => `${cut.length}: ${line}`),
      );
      expect(lost).toEqual([]);
    });

    it('gives no value that the whole text does not give, but with a remark on the cut line', () => {
      const wrong = cuts.flatMap((cut) => {
        const { rows, remarks } = read(cut);
        const lastLine = cut.lastIndexOf('\n') + 1;
        if (remarks.some(({ end }) => end >= lastLine)) return [];
        return [...rows].flatMap(([key, row]) =>
          own(row)
            .filter(([name, value]) => JSON.stringify(whole.rows.get(key)?.[name]) !== value)
            .map(([name, value]) => `${cut.length}: ${key} ${name} ${value}`),
        );
      });
      expect(wrong).toEqual([]);
    });

    it('is "no change" against the whole only where nothing that it lacks is a fact of the machine', () => {
      // Connections come and go by themselves: two lists of them are no difference.
      if (/^ipvsadm -\S*c/.test(command)) return;
      const before = readSnapshot([{ name: 'text.txt', content: text }]);
      const silent = shareOf(cuts, 50).filter((cut) => {
        const { verdict } = diffSnapshots(before, readSnapshot([{ name: 'text.txt', content: cut }]));
        return verdict === 'no-change' && facts(read(cut).rows).join() !== facts(whole.rows).join();
      });
      expect(silent.map((cut) => cut.length)).toEqual([]);
    });
  },
);
