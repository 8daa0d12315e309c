import { displayJson, displayText } from '@netdrift/core';
import type { Cause, Change, Finding, Report, Trouble } from '../report.ts';

/**
 * One line for each change, for log pipelines: `severity id "subject" key=value…`, the worst first. Troubles come before, as
 * `trouble code …`. A report without either gives the line `none verdict=no-change`.
 *
 * @example
 * renderLines(report).split('\n')[0] // => 'critical kube.service.removed "prod/web:http" effect=lost certainty=proven
 * fingerprint=9f2c41d07be3'
 */
export function renderLines(report: Report): string {
  const lines = report.troubles.map(
    (trouble) =>
      `trouble ${trouble.code} side=${trouble.side}${trouble.source === undefined ? '' : ` source=${quoted(trouble.source)}`} message=${quoted(trouble.message)}${trouble.help === undefined ? '' : ` help=${quoted(trouble.help)}`}`,
  );
  for (const change of report.changes) if (!change.ignored) lines.push(changeLine(change));
  if (lines.length === 0) lines.push(`none verdict=${report.verdict}`);
  return `${lines.join('\n')}\n`;
}

function changeLine({ severity, id, subject, effect, certainty, fingerprint, known, cause, text }: Change): string {
  const words = [severity, id, quoted(subject.name), `effect=${effect}`, `certainty=${certainty}`, `fingerprint=${fingerprint}`];
  if (cause !== undefined) words.push(`cause=${cause}`);
  if (known) words.push('known=true');
  words.push(`text=${quoted(text)}`);
  return words.join(' ');
}

function quoted(text: string): string {
  return JSON.stringify(displayText(text));
}

type RecordOf<Type extends string, Told> = Flat<{ readonly schemaVersion: Report['schemaVersion']; readonly type: Type } & Told>;
type Flat<Fields> = { readonly [Key in keyof Fields]: Fields[Key] };

/** One line of a report as JSON lines. */
export type ReportRecord =
  | RecordOf<'report', Omit<Report, 'schemaVersion' | 'troubles' | 'causes' | 'changes' | 'findings'>>
  | RecordOf<'trouble', Trouble>
  | RecordOf<'cause', Cause>
  | RecordOf<'change', Change>
  | RecordOf<'finding', Finding>;

/**
 * The report as JSON lines: a record of `type: "report"` with verdict and facts, then one of `type` `trouble`, `cause`, `change` or
 * `finding` on each line. Every record has `schemaVersion` and stands for itself.
 */
export function renderJsonLines(report: Report): string {
  const { schemaVersion, troubles, causes, changes, findings, ...rest } = report;
  const records: ReportRecord[] = [
    { schemaVersion, type: 'report', ...rest },
    ...troubles.map((trouble) => ({ schemaVersion, type: 'trouble' as const, ...trouble })),
    ...causes.map((cause) => ({ schemaVersion, type: 'cause' as const, ...cause })),
    ...changes.map((change) => ({ schemaVersion, type: 'change' as const, ...change })),
    ...findings.map((finding) => ({ schemaVersion, type: 'finding' as const, ...finding })),
  ];
  return `${records.map((record) => displayJson(record)).join('\n')}\n`;
}
