import { renderText } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGolden, expectGoldenJson } from '../support/golden.ts';
import { changesOf, diffPaths } from './support.ts';

const SETTINGS = ['masquerade-all', 'cluster-cidr', 'lb-source-ranges', 'nodeport'] as const;
type Setting = (typeof SETTINGS)[number];
const PAIRS = SETTINGS.flatMap((before) => SETTINGS.filter((after) => after !== before).map((after) => [before, after] as const));

const listing = (setting: Setting, form: string): string => `fixtures/drift/seeds/${setting}.${form}.nat.txt`;

describe.each(['published', 'captured'])('the four settings of the background listings, %s', (form) => {
  it.each(PAIRS)('%s → %s is told as its golden says', (before, after) => {
    const report = diffPaths(listing(before, form), listing(after, form));
    const folder = `fixtures/drift/seeds/pairs/${form}/${before}--${after}`;
    expectGolden(`${folder}/report.txt`, renderText(report));
    expectGoldenJson(`${folder}/changes.json`, changesOf(report));
  });

  it('masquerade-all on or off is one cause in both directions', () => {
    for (const [before, after] of [
      ['masquerade-all', 'cluster-cidr'],
      ['cluster-cidr', 'masquerade-all'],
    ] as const) {
      const report = diffPaths(listing(before, form), listing(after, form));
      expect(report.causes.map((cause) => cause.id)).toEqual(['cause.masquerade-all-toggled']);
      expect(report.changes.map((change) => [change.id, change.severity])).toEqual([['kube.config.masquerade-all-changed', 'warning']]);
    }
  });

  it.each(SETTINGS.filter((setting) => setting !== 'lb-source-ranges'))(
    'source ranges that appear or go are told as such (%s)',
    (other) => {
      for (const [before, after] of [
        [other, 'lb-source-ranges'],
        ['lb-source-ranges', other],
      ] as const) {
        const ids = diffPaths(listing(before, form), listing(after, form)).changes.map((change) => change.id);
        expect(ids.filter((id) => id === 'nat.source-restriction-changed')).toEqual(['nat.source-restriction-changed']);
      }
    },
  );

  it.each(SETTINGS.filter((setting) => setting !== 'nodeport'))(
    'KUBE-SVC and KUBE-SEP chains with DNAT are iptables mode (%s)',
    (other) => {
      for (const [before, after] of [
        [other, 'nodeport'],
        ['nodeport', other],
      ] as const) {
        const report = diffPaths(listing(before, form), listing(after, form));
        expect(report.causes.map((cause) => cause.id)).toEqual(['cause.proxy-mode-changed']);
        expect([report.facts.before['proxyMode'], report.facts.after['proxyMode']]).toEqual(
          other === before ? ['ipvs', 'iptables'] : ['iptables', 'ipvs'],
        );
      }
    },
  );

  it.each(SETTINGS)('%s against itself is no drift', (setting) => {
    expect(diffPaths(listing(setting, form), listing(setting, form)).verdict).toBe('no-change');
  });
});
