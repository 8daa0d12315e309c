import { displayJson } from '@netdrift/core';
import type { CheckFinding, CheckReport } from '../../check/check.ts';
import type { NodeDifference, NodesReport } from '../../nodes/compare-nodes.ts';
import { renderJsonLines } from '../lines.ts';
import type { Renderer } from '../renderer.ts';

type RecordOf<Type extends string, Told> = Flat<{ readonly schemaVersion: '1.0'; readonly type: Type } & Told>;
type Flat<Fields> = { readonly [Key in keyof Fields]: Fields[Key] };

/** One line of a check as JSON lines. */
export type CheckRecord =
  | RecordOf<'check', Omit<CheckReport, 'schemaVersion' | 'troubles' | 'findings'>>
  | RecordOf<'trouble', CheckReport['troubles'][number]>
  | RecordOf<'finding', CheckFinding>;

/** One line of a comparison of nodes as JSON lines. */
export type NodesRecord =
  | RecordOf<'nodes', Omit<NodesReport, 'schemaVersion' | 'troubles' | 'differences'>>
  | RecordOf<'trouble', NodesReport['troubles'][number]>
  | RecordOf<'difference', NodeDifference>;

/** The report as JSON lines: what it comes to, then a record a line for each trouble, change, finding or difference. */
export const JSON_LINES: Renderer = {
  name: 'jsonl',
  mediaType: 'application/x-ndjson',
  render(rendered) {
    switch (rendered.command) {
      case 'diff':
        return renderJsonLines(rendered.report);
      case 'check':
        return textOf(checkRecords(rendered.report));
      case 'nodes':
        return textOf(nodesRecords(rendered.report));
    }
  },
};

function textOf(records: readonly object[]): string {
  return `${records.map((record) => displayJson(record)).join('\n')}\n`;
}

function checkRecords({ schemaVersion, troubles, findings, ...rest }: CheckReport): CheckRecord[] {
  return [
    { schemaVersion, type: 'check', ...rest },
    ...troubles.map((trouble) => ({ schemaVersion, type: 'trouble' as const, ...trouble })),
    ...findings.map((finding) => ({ schemaVersion, type: 'finding' as const, ...finding })),
  ];
}

function nodesRecords({ schemaVersion, troubles, differences, ...rest }: NodesReport): NodesRecord[] {
  return [
    { schemaVersion, type: 'nodes', ...rest },
    ...troubles.map((trouble) => ({ schemaVersion, type: 'trouble' as const, ...trouble })),
    ...differences.map((difference) => ({ schemaVersion, type: 'difference' as const, ...difference })),
  ];
}
