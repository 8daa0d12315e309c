import {
  type AnyReport,
  type Change,
  checkSnapshot,
  type CheckFinding,
  type CheckReport,
  checkSnapshots,
  compareNodes,
  diffSnapshots,
  explainSnapshot,
  type Explanation,
  explainSnapshots,
  type NodesReport,
  readSnapshot,
  readSnapshots,
  RENDERERS,
  rendererOf,
  type Report,
} from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from '../support.ts';

/** Everything that each kind of report can say, each by a word that stands nowhere else. */
const before = readSnapshot(snapshotFiles('fixtures/demo/before'));
const after = readSnapshot(snapshotFiles('fixtures/demo/drifted'));
const place = (source: string) => ({ source, lines: [1, 1] as const });
const leftOut = { moments: 3, listings: [{ title: 'earlier', source: 'a.txt', line: 7 }] };
const trouble = { code: 'snapshot/unreadable', source: 'troublefile', message: 'troublemessage', help: 'troublehelp' };

function diffReport(): Report {
  const report = diffSnapshots(before, after);
  const first = report.changes[0] as Change;
  const change = (key: string, more: Partial<Change>): Change => ({
    ...first,
    key,
    fingerprint: key,
    details: [],
    evidence: [],
    ...more,
  });
  const cause = { id: 'cause.masquerade-all-toggled', severity: 'none', certainty: 'proven', details: [] } as const;
  return {
    ...report,
    troubles: [{ ...trouble, side: 'before' }],
    causes: [{ ...cause, key: 'k1', text: 'quietcause', changes: ['c3'] }],
    changes: [
      change('c1', {
        text: 'storytext',
        certainty: 'heuristic',
        details: [{ label: 'also', text: 'storydetail' }],
        evidence: [{ ...place('storyplace'), side: 'after' }],
      }),
      change('c2', { severity: 'none', text: 'quietchange' }),
      change('c3', { severity: 'none', text: 'explained', cause: 'k1' }),
      change('c4', { text: 'passedover', ignored: true }),
    ],
    findings: [
      {
        id: 'snapshot.views-disagree',
        fingerprint: '000000000000',
        severity: 'notice',
        certainty: 'proven',
        side: 'after',
        subject: { kind: 'flow', name: 'x' },
        text: 'findingtext',
        evidence: [],
      },
    ],
    scopeNotes: ['scopenote'],
  };
}

function checkReport(): CheckReport {
  const report = checkSnapshot(after);
  const first = report.findings[0] as CheckFinding;
  const finding = {
    ...first,
    text: 'findingtext',
    certainty: 'heuristic',
    note: 'findingnote',
    lookAt: 'lookhere',
    evidence: [place('findingplace')],
  } as const;
  const host: CheckReport = {
    ...report,
    host: 'firsthost',
    troubles: [trouble],
    findings: [finding, { ...first, severity: 'none', text: 'quietfinding', evidence: [] }],
    assumptions: ['assumption'],
    outlook: 'outlook',
    inputs: [{ source: 'partialinput', part: 'ipvsadm', completeness: 'partial', reason: 'partialreason' }],
    leftOut,
  };
  const other: CheckReport = {
    ...report,
    host: 'secondhost',
    time: '2026-11-30T13:20:50',
    findings: [{ ...first, text: 'secondfinding' }],
    assumptions: ['secondassumption'],
  };
  return { ...host, otherHosts: [other] };
}

function explanationReport(): Explanation {
  const report = explainSnapshot(after);
  const [fact] = report.facts;
  if (fact === undefined) throw new Error('no fact');
  const host: Explanation = {
    ...report,
    host: 'firsthost',
    summary: 'firstsummary',
    facts: [{ ...fact, text: 'facttext', because: 'factreason', evidence: [place('factplace')] }],
    assumptions: ['assumption'],
    troubles: [trouble],
    leftOut,
  };
  const other: Explanation = {
    ...report,
    host: 'secondhost',
    summary: 'secondsummary',
    assumptions: ['secondassumption'],
    servicePorts: [],
  };
  return { ...host, otherHosts: [{ ...other, noServices: 'secondservices' }] };
}

function nodesReport(): NodesReport {
  const report = compareNodes([
    { name: 'node-1', snapshot: before },
    { name: 'node-2', snapshot: after },
  ]);
  const [first] = report.differences;
  if (first === undefined) throw new Error('no difference');
  return {
    ...report,
    differences: [{ ...first, text: 'differencetext' }],
    troubles: [{ node: 'troublenode', message: 'troublemessage' }],
  };
}

const TROUBLE = ['troublefile', 'troublemessage', 'troublehelp'];
const NOTES = {
  diff: ['scopenote', '1 change is ignored'],
  check: ['assumption', 'outlook', 'partialinput', 'partialreason', 'earlier', 'secondassumption'],
};
const TOLD: { readonly [Command in AnyReport['command']]: { readonly report: AnyReport; readonly facets: readonly string[] } } = {
  diff: {
    report: diffReport(),
    facets: [...TROUBLE, 'storytext', 'storydetail', 'storyplace', 'quietcause', 'quietchange', 'findingtext', ...NOTES.diff],
  },
  check: {
    report: checkReport(),
    facets: [
      ...TROUBLE,
      ...['findingtext', 'heuristic', 'findingnote', 'lookhere', 'findingplace', 'quietfinding'],
      ...NOTES.check,
      ...['firsthost', 'secondhost', 'secondfinding'],
    ],
  },
  explain: {
    report: explanationReport(),
    facets: [
      ...TROUBLE,
      ...['firstsummary', 'facttext', 'factreason', 'factplace', 'default/nginx', '10.96.78.31', '10.244.1.21:80', 'assumption', 'earlier'],
      ...['firsthost', 'secondhost', 'secondsummary', 'secondassumption', 'secondservices'],
    ],
  },
  nodes: { report: nodesReport(), facets: ['troublenode', 'troublemessage', 'differencetext'] },
};

/** What a format does not tell, and why. */
const NOT_TOLD: { readonly [Format in string]: { readonly [Command in AnyReport['command']]?: readonly string[] } } = {
  // Troubles of one snapshot are told on standard error; findings of severity none are counted.
  text: { check: [...TROUBLE, 'quietfinding'], explain: TROUBLE },
  markdown: { check: ['quietfinding'] },
  // Lists of what is wrong: a line, row or issue each, with no place for what else is said. JSON alone counts what is ignored by itself.
  lines: {
    diff: ['storydetail', 'storyplace', 'quietcause', 'findingtext', ...NOTES.diff],
    check: ['findingnote', 'lookhere', 'findingplace', ...NOTES.check],
  },
  csv: { diff: NOTES.diff, check: NOTES.check },
  gitlab: { diff: ['storydetail', ...NOTES.diff], check: ['findingnote', 'lookhere', ...NOTES.check] },
  // Annotations are of what has an effect.
  azure: { diff: ['quietcause', 'quietchange'], check: ['quietfinding'] },
  github: { diff: ['quietcause', 'quietchange'], check: ['quietfinding'] },
  json: { diff: ['1 change is ignored'] },
  jsonl: { diff: ['1 change is ignored'] },
};

describe.each(RENDERERS)('$name tells what a report says', ({ name: format, explains, render }) => {
  it.each(Object.entries(TOLD).filter(([command]) => command !== 'explain' || explains === true))(
    'of %s',
    (command, { report, facets }) => {
      // What is to filter by is not to be read.
      const text = render(report).replaceAll(/ data-find="[^"]*"/g, '');
      expect(facets.filter((facet) => !text.includes(facet))).toEqual(NOT_TOLD[format]?.[command as AnyReport['command']] ?? []);
    },
  );
});

describe('two hosts in one text', () => {
  const listing = (port: number) =>
    `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\nTCP  10.0.0.1:${port} rr\n  -> 10.1.0.1:${port}                  Masq    1      0          0         \n  -> 10.1.0.2:${port}                  Route   1      0          0         \n`;
  const paste = `root@lb1:~# ipvsadm -ln\n${listing(81)}root@lb2:~# ipvsadm -ln\n${listing(82)}`;
  const snapshots = readSnapshots([{ name: 'ticket.txt', content: paste }]);

  it.each(RENDERERS.map(({ name }) => name))('are both told by check as %s', (format) => {
    const text = rendererOf(format)?.render(checkSnapshots(snapshots)) ?? '';
    for (const word of ['10.0.0.1:81', '10.0.0.1:82', 'lb1', 'lb2']) expect(text).toContain(word);
  });

  it('have a fingerprint each, so that no reader takes one for the other', () => {
    const issues: { fingerprint: string }[] = JSON.parse(rendererOf('gitlab')?.render(checkSnapshots(snapshots)) ?? '');
    const { findings, otherHosts } = checkSnapshots(snapshots);
    expect(issues.map(({ fingerprint }) => fingerprint)).toEqual([
      `lb1 ${findings[0]?.fingerprint}`,
      `lb2 ${otherHosts?.[0]?.findings[0]?.fingerprint}`,
    ]);
  });

  it('are a suite each in JUnit, and a section each of a page', () => {
    const report = checkSnapshots(snapshots);
    expect(
      [...(rendererOf('junit')?.render(report) ?? '').matchAll(/hostname="(\w+)" (.*) skipped/g)].map(([, ...parts]) => parts),
    ).toEqual([
      ['lb1', 'tests="1" failures="1" errors="0"'],
      ['lb2', 'tests="1" failures="1" errors="0"'],
    ]);
    const page = rendererOf('html')?.render(explainSnapshots(snapshots)) ?? '';
    expect([...page.matchAll(/<section><h2 class="host">(\w+)<\/h2>/g)].map(([, host]) => host)).toEqual(['lb1', 'lb2']);
  });
});
