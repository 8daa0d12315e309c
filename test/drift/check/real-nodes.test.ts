import { expect, it } from 'vitest';
import { checkSnapshot, type CheckReport } from '../../../packages/drift/src/check/check.ts';
import { FINDING_CATALOGUE } from '../../../packages/drift/src/check/finding-catalogue.ts';
import { describeCorpus } from '../../support/corpus.ts';
import { expectGolden } from '../../support/golden.ts';
import { type Capture, captures, snapshotOf } from '../../support/scenario.ts';

/** Captures of nodes that somebody changed, that are on their way, or on which kube-proxy does not run as it was asked to. */
const MANIPULATED: ReadonlySet<string> = new Set([
  'fallback-v1.20-no-ip_vs',
  'fallback-v1.20-no-ipset',
  'fallback-v1.30-no-ip_vs',
  'ipvs-v1.20-scheduler-bogus',
  'ipvs-v1.30-scheduler-bogus',
  'ipvs-v1.20-pair-manual-drift/drifted',
  'ipvs-v1.20-pair-manual-drift/repaired',
  'ipvs-v1.30-pair-manual-drift/drifted',
  'ipvs-v1.30-pair-manual-drift/repaired',
  'ipvs-v1.20-pair-mode-to-iptables/after',
  'ipvs-v1.20-pair-mode-to-iptables/after-cleanup',
  'ipvs-v1.30-traffic-drain/during-first-sync',
]);

/** Steps that are healthy, and worth a golden of what is found and weighs nothing. */
const SHOWN: ReadonlySet<string> = new Set([
  'ipvs-v1.20-to-v1.30-pair-upgrade/after',
  'ipvs-v1.30-traffic-drain/draining',
  'ipvs-v1.30-traffic-drain/drained',
  'ipvs-v1.30-kitchen-sink',
]);

function checked(capture: Capture, wanted?: (file: string) => boolean): CheckReport {
  return checkSnapshot(snapshotOf(capture, wanted));
}

/** Reading all captures takes some seconds where other work goes on beside it. */
const LONG = 60_000;

function text({ ipvs, findings }: CheckReport): string {
  const lines = findings.map(
    ({ severity, id, certainty, text: told, evidence }) =>
      `${severity} ${id} (${certainty}): ${told}\n    ${evidence.map(({ source, lines: [first, last] }) => `${source}:${first === last ? first : `${first}-${last}`}`).join(' ')}\n`,
  );
  return `${ipvs.text}\n${lines.join('')}`;
}

describeCorpus('kube-proxy', 'checking real nodes', () => {
  const all = captures();
  const healthy = all.filter(({ name }) => !MANIPULATED.has(name));

  it(
    'finds nothing above none on any capture of a healthy node',
    () => {
      expect(healthy.length).toBe(45);
      const loud = healthy.map(
        (capture) =>
          [
            capture.name,
            checked(capture)
              .findings.filter(({ severity }) => severity !== 'none')
              .map(({ id }) => id),
          ] as const,
      );
      expect(loud.filter(([, ids]) => ids.length > 0)).toEqual([]);
    },
    LONG,
  );

  it.each(['ipvsadm-ln.txt', 'iptables-nat-nL.txt', 'iptables-filter-nL.txt', 'iptables-save.txt', 'ipset-list.txt'])(
    'finds nothing above none in %s alone',
    (file) => {
      const loud = healthy.map(
        (capture) =>
          [
            capture.name,
            checked(capture, (name) => name === file)
              .findings.filter(({ severity }) => severity !== 'none')
              .map(({ id }) => id),
          ] as const,
      );
      expect(loud.filter(([, ids]) => ids.length > 0)).toEqual([]);
    },
    LONG,
  );

  it.each(all.filter(({ name }) => MANIPULATED.has(name) || SHOWN.has(name)).map((capture) => [capture.name, capture] as const))(
    'finds exactly what a person has read in %s',
    (name, capture) => {
      expectGolden(`fixtures/kubernetes/check/${name.replace('/', '-')}.txt`, text(checked(capture)));
    },
  );

  it('tells in its first line why ipvs mode does not run', () => {
    const first = all
      .filter(({ scenario }) => /^fallback|bogus$/.test(scenario))
      .map((capture) => [capture.name, checked(capture).findings.filter(({ severity }) => severity !== 'none')[0]?.text]);
    expect(first).toEqual([
      [
        'fallback-v1.20-no-ip_vs',
        'ipvs mode was asked for, iptables mode runs: module ip_vs is missing (and with it ip_vs_rr, ip_vs_sh, ip_vs_wrr)',
      ],
      ['fallback-v1.20-no-ipset', 'ipvs mode was asked for, iptables mode runs: the program ipset is missing'],
      ['fallback-v1.30-no-ip_vs', 'ipvs mode was asked for, kube-proxy does not run: module ip_vs is missing'],
      ['fallback-v1.30-no-ip_vs_sh', undefined],
      ['ipvs-v1.20-scheduler-bogus', 'ipvs mode was asked for, kube-proxy does not run: scheduler "fastest" does not exist'],
      ['ipvs-v1.30-scheduler-bogus', 'ipvs mode was asked for, kube-proxy does not run: scheduler "fastest" does not exist'],
    ]);
  });

  it(
    'uses only ids of the catalogue, gives every finding a place, and gives the same report twice',
    () => {
      const ids = new Set(FINDING_CATALOGUE.map(({ id }) => id));
      for (const capture of all) {
        const report = checked(capture);
        expect(report.findings.filter(({ id }) => !ids.has(id))).toEqual([]);
        expect(report.findings.filter(({ evidence }) => evidence.length === 0)).toEqual([]);
        expect(JSON.stringify(checked(capture))).toBe(JSON.stringify(report));
      }
    },
    LONG,
  );

  it('compares with Services and endpoints of another snapshot', () => {
    const before = all.find(({ name }) => name === 'ipvs-v1.30-pair-scale-up/before');
    const after = all.find(({ name }) => name === 'ipvs-v1.30-pair-scale-up/after');
    if (before === undefined || after === undefined) return expect.fail('a capture is missing');
    const objects = (capture: Capture) => snapshotOf(capture, (file) => file === 'objects.json' || file === 'kubectl-get-svc.txt');
    const node = snapshotOf(before, (file) => !/objects|kubectl/.test(file));
    expect(checkSnapshot(node, { expect: objects(before) }).maxSeverity).toBe('none');
    expect(
      checkSnapshot(node, { expect: objects(after) })
        .findings.filter(({ severity }) => severity !== 'none')
        .map(({ id, text: told }) => [id, told]),
    ).toEqual([['x.endpoint-missing', 'default/nginx sends no connection to its endpoints 10.244.0.16:80 and 10.244.1.23:80']]);
  });
});
