import { renderText } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGolden, expectGoldenJson } from '../support/golden.ts';
import { changesOf, diffPaths, outline } from './support.ts';

const demo = (side: string): string => `fixtures/demo/${side}`;

describe('the demo: a node before and after changes by hand', () => {
  it('tells each change once, the worst first', () => {
    expect(outline(diffPaths(demo('before'), demo('drifted')))).toEqual([
      'critical ipset.member.removed kube-system/kube-dns:dns (udp 10.96.0.10:53)',
      'warning ipvs.destination.removed 10.244.1.22:80 of default/nginx (tcp 10.96.78.31:80)',
      'notice ipvs.destination.weight-changed 10.244.1.21:80 of default/nginx (tcp 10.96.78.31:80)',
      'warning nat.snat.removed nat KUBE-SERVICES#3',
      'none iptables.chain.orphaned nat KUBE-NODE-PORT',
      'warning nat.snat.added nat POSTROUTING#1',
      'warning ipvs.service.added tcp 10.96.200.200:8080',
      'notice ipvs.service.scheduler-changed kube-system/kube-dns:dns-tcp (tcp 10.96.0.10:53)',
      'none ipset.set.added KUBE-6-LOAD-BALANCER',
      'none ipset.set.added KUBE-6-NODE-PORT-TCP',
    ]);
  });

  it('says in words what happens to traffic', () => {
    const report = diffPaths(demo('before'), demo('drifted'));
    expectGolden('fixtures/drift/demo/before--drifted/report.txt', renderText(report));
    expectGoldenJson('fixtures/drift/demo/before--drifted/changes.json', changesOf(report));
  });

  it('finds one rule left when kube-proxy has put the rest right', () => {
    const report = diffPaths(demo('before'), demo('repaired'));
    expect(outline(report).filter((line) => !line.startsWith('none '))).toEqual(['warning nat.snat.added nat POSTROUTING#1']);
    expectGolden('fixtures/drift/demo/before--repaired/report.txt', renderText(report));
  });

  it('tells the repair as the drift in the other direction', () => {
    const report = diffPaths(demo('drifted'), demo('repaired'));
    expectGolden('fixtures/drift/demo/drifted--repaired/report.txt', renderText(report));
    expectGoldenJson('fixtures/drift/demo/drifted--repaired/changes.json', changesOf(report));
  });

  it.each(['before', 'drifted', 'repaired'])('finds nothing between %s and itself, in one line', (side) => {
    const report = diffPaths(demo(side), demo(side));
    expect(report.verdict).toBe('no-change');
    expect(renderText(report).split('\n')).toEqual([expect.stringMatching(/^No drift: /), '']);
  });

  it('gives the same bytes in every run', () => {
    const text = (): string => JSON.stringify(diffPaths(demo('before'), demo('drifted')));
    expect(text()).toBe(text());
  });
});
