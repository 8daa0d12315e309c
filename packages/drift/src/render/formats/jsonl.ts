import { displayJson } from '@netdrift/core';
import type { CheckFinding, CheckReport } from '../../check/check.ts';
import type { ExplainedFact, Explanation } from '../../explain/explain.ts';
import type { NodesReport } from '../../nodes/compare-nodes.ts';
import type { NodeDifference } from '../../nodes/groups.ts';
import type { ServicePort } from '../../proxy/service-table.ts';
import type { SCHEMA_VERSION } from '../../report.ts';
import { renderJsonLines } from '../lines.ts';
import type { Renderer } from '../renderer.ts';

type RecordOf<Type extends string, Told> = Flat<{ readonly schemaVersion: typeof SCHEMA_VERSION; readonly type: Type } & Told>;
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

/** One line of an explanation as JSON lines. */
export type ExplanationRecord =
  | RecordOf<'explanation', Omit<Explanation, 'schemaVersion' | 'troubles' | 'facts' | 'servicePorts'>>
  | RecordOf<'trouble', Explanation['troubles'][number]>
  | RecordOf<'fact', ExplainedFact>
  | RecordOf<'service-port', ServicePort>;

/** The report as JSON lines: what it comes to, then a record a line for each trouble, change, finding, difference, fact or service port. */
export const JSON_LINES: Renderer = {
  name: 'jsonl',
  about: 'a record a line',
  mediaType: 'application/x-ndjson',
  explains: true,
  render(report) {
    switch (report.command) {
      case 'diff':
        return renderJsonLines(report);
      case 'check':
        return textOf(checkRecords(report));
      case 'explain':
        return textOf(explanationRecords(report));
      case 'nodes':
        return textOf(nodesRecords(report));
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

function explanationRecords({ schemaVersion, troubles, facts, servicePorts, ...rest }: Explanation): ExplanationRecord[] {
  return [
    { schemaVersion, type: 'explanation', ...rest },
    ...troubles.map((trouble) => ({ schemaVersion, type: 'trouble' as const, ...trouble })),
    ...facts.map((fact) => ({ schemaVersion, type: 'fact' as const, ...fact })),
    ...servicePorts.map((port) => ({ schemaVersion, type: 'service-port' as const, ...port })),
  ];
}
