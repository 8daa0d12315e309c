import { hostsOf, hostTitle } from '../../report/host-sections.ts';
import { hostName } from '../../read/read-snapshot.ts';
import type { Verdict } from '../../report.ts';
import type { AnyReport } from '../renderer.ts';
import { outlineOfCheck } from './check.ts';
import { outlineOfDiff } from './diff.ts';
import { outlineOfExplanation } from './explanation.ts';
import { outlineOfNodes } from './nodes.ts';
import type { Outline } from './outline-model.ts';

/** What a report comes to for each host that it tells of: for formats that have a section for each. */
export function outlinesOf(report: AnyReport): readonly Outline[] {
  switch (report.command) {
    case 'diff':
      return [outlineOfDiff(report)];
    case 'check':
      return hostsOf(report).map((one) => ofHost(one, outlineOfCheck(one)));
    case 'explain':
      return hostsOf(report).map((one) => ofHost(one, outlineOfExplanation(one)));
    case 'nodes':
      return [outlineOfNodes(report)];
  }
}

/** The same as one: of several hosts each sentence says which it is about. */
export function outlineOf(report: AnyReport): Outline {
  const outlines = outlinesOf(report);
  const [only, other] = outlines;
  if (only !== undefined && other === undefined) return only;
  return {
    command: report.command,
    headline: outlines.map((one) => `${hostTitle(one)}: ${one.headline}`).join(' '),
    verdict: VERDICTS.find((verdict) => outlines.some((one) => one.verdict === verdict)) ?? 'no-change',
    troubles: outlines.flatMap(({ host, troubles }) =>
      troubles.map((trouble) => ({ ...trouble, message: `${hostName(host)}: ${trouble.message}` })),
    ),
    entries: outlines.flatMap(({ host, entries }) =>
      entries.map((entry) => ({
        ...entry,
        text: `${hostName(host)}: ${entry.text}`,
        fingerprint: `${hostName(host)} ${entry.fingerprint}`,
      })),
    ),
    notes: outlines.flatMap(({ host, notes }) => notes.map((note) => `${hostName(host)}: ${note}`)),
  };
}

/** The worst first. */
const VERDICTS: readonly Verdict[] = ['drift', 'undecided', 'no-effect', 'no-change'];

function ofHost({ host, time }: Pick<Outline, 'host' | 'time'>, outline: Outline): Outline {
  const named = host === undefined ? {} : { host };
  return {
    ...outline,
    ...named,
    ...(time === undefined ? {} : { time }),
    entries: outline.entries.map((entry) => ({ ...entry, ...named })),
  };
}
