import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderMarkdown, renderText, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGolden, expectGoldenJson } from '../support/golden.ts';
import { changesOf, diffPaths } from './support.ts';

const ROOT = 'fixtures/drift/kube-proxy';

/** Steps of each scenario in the order they were captured. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  'iptables-v1.30-pair-endpoint-not-ready': ['before', 'after'],
  'iptables-v1.30-pair-scale-up': ['before', 'after'],
  'ipvs-v1.20-pair-manual-drift': ['before', 'drifted', 'repaired'],
  'ipvs-v1.20-pair-mode-to-iptables': ['before', 'after', 'after-cleanup'],
  'ipvs-v1.20-pair-service-deleted': ['before', 'after'],
  'ipvs-v1.20-to-v1.30-pair-upgrade': ['before', 'after'],
  'ipvs-v1.30-pair-manual-drift': ['before', 'drifted', 'repaired'],
  'ipvs-v1.30-pair-nodeport-changed': ['before', 'after'],
  'ipvs-v1.30-pair-scale-up': ['before', 'after'],
  'ipvs-v1.30-pair-service-deleted': ['before', 'after'],
  'ipvs-v1.30-traffic-drain': ['during-first-sync', 'connected', 'draining', 'drained'],
  migration: ['ipvs', 'iptables', 'ipvs'],
};
const PAIRS = Object.entries(STEPS).flatMap(([scenario, steps]) =>
  steps.slice(1).map((after, index) => [scenario, steps[index] ?? '', after] as const),
);

function diff(scenario: string, before: string, after: string): Report {
  return diffPaths(`${ROOT}/${scenario}/${before}`, `${ROOT}/${scenario}/${after}`);
}

/**
 * What a move between the modes says first: iptables mode serves node ports at 127.0.0.1; ipvs mode sends to remote endpoints in spite of
 * policy Local.
 */
const SURVIVED: Readonly<Record<string, string>> = {
  ipvs: 'proxy mode ipvs → iptables: 19 of 20 service ports, 111 of 112 frontends, 33 of 33 endpoints survived',
  iptables: 'proxy mode iptables → ipvs: 9 of 20 service ports, 110 of 122 frontends, 33 of 33 endpoints survived',
};

describe('one step of a real kube-proxy to the next', () => {
  it.each(PAIRS)('%s: %s → %s is told as its goldens', (scenario, before, after) => {
    const report = diff(scenario, before, after);
    const golden = `${ROOT}/${scenario}/${before}--${after}`;
    expectGoldenJson(`${golden}/changes.json`, changesOf(report));
    expectGolden(`${golden}/report.txt`, renderText(report));
    expectGolden(`${golden}/report.md`, renderMarkdown(report));
  });

  it.each([
    ['iptables-v1.30-pair-scale-up', 'before', 'after', [], 1],
    // The node ports of three services answer the node itself at 127.0.0.1 now: IPVS kept these connections from other machines.
    ['ipvs-v1.20-pair-mode-to-iptables', 'before', 'after', ['cause.proxy-mode-changed'], 4],
    ['ipvs-v1.20-pair-service-deleted', 'before', 'after', ['cause.service-removed'], 1],
    ['ipvs-v1.20-to-v1.30-pair-upgrade', 'before', 'after', ['cause.proxy-upgraded'], 1],
    ['ipvs-v1.30-pair-service-deleted', 'before', 'after', ['cause.service-removed'], 1],
    ['ipvs-v1.30-pair-nodeport-changed', 'before', 'after', [], 1],
  ])('%s: %s → %s is told once', (scenario, before, after, causes, told) => {
    const report = diff(scenario, before, after);
    expect(report.causes.map(({ id }) => id)).toEqual(causes);
    expect(
      renderText(report)
        .split('\n')
        .filter((line) => /^(?:CRITICAL|WARNING|NOTICE) /.test(line)).length,
    ).toBe(told);
  });

  it.each([
    ['ipvs', 'iptables'],
    ['iptables', 'ipvs'],
  ])(
    'a move from %s to %s mode says first what survived; source ranges that changed between the captures are told beside it',
    (before, after) => {
      const report = diff('migration', before, after);
      expect(report.causes.map(({ id }) => id)).toEqual(['cause.proxy-mode-changed']);
      expect(report.changes[0]?.text).toBe(SURVIVED[before]);
      expect(report.changes.filter(({ id }) => id === 'nat.source-restriction-changed').map(({ subject }) => subject.name)).toEqual([
        'prod/shop:https',
      ]);
    },
  );

  it('every captured scenario is listed here', () => {
    const root = fileURLToPath(new URL(`../../${ROOT}`, import.meta.url));
    expect(readdirSync(root).sort()).toEqual(Object.keys(STEPS).sort());
    for (const [scenario, steps] of Object.entries(STEPS)) {
      const folders = readdirSync(join(root, scenario), { withFileTypes: true }).filter(
        (entry) => entry.isDirectory() && !entry.name.includes('--'),
      );
      expect(folders.map(({ name }) => name).sort(), scenario).toEqual([...new Set(steps)].sort());
    }
  });
});
