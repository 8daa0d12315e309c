import { describe, expect, it } from 'vitest';
import { buildModel } from '../../../packages/drift/src/state/build-model.ts';
import { desiredTable } from '../../../packages/drift/src/desired/desired-table.ts';
import { nodeKnowledge } from '../../../packages/drift/src/read/kinds/node-knowledge.ts';
import { serviceTable } from '../../../packages/drift/src/services/snapshot-service-table.ts';
import { describeCorpus } from '../../support/corpus.ts';
import { expectGolden } from '../../support/golden.ts';
import { settingsOf } from '../../support/proxy-settings.ts';
import { type Capture, captures, snapshotOf } from '../../support/scenario.ts';
import { differingLines, serviceTableLines } from '../../support/service-table-text.ts';

/** Captures of a node that does not do what the objects ask for, and why. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['fallback-v1.30-no-ip_vs', 'kube-proxy exits'],
  ['ipvs-v1.20-scheduler-bogus', 'kube-proxy exits'],
  ['ipvs-v1.30-scheduler-bogus', 'kube-proxy exits'],
  ['ipvs-v1.20-pair-manual-drift/drifted', 'drifted by hand'],
  ['ipvs-v1.30-pair-manual-drift/drifted', 'drifted by hand'],
  ['ipvs-v1.20-pair-mode-to-iptables/after', 'virtual services left behind refuse before the rules do'],
  ['ipvs-v1.20-pair-mode-to-iptables/after-cleanup', 'cleaned up, kube-proxy does not run'],
  ['ipvs-v1.30-traffic-drain/during-first-sync', 'taken during the first sync'],
  ['ipvs-v1.30-kitchen-sink', 'its sets were listed before the second source range was in'],
]);

function desiredLines(capture: Capture): string[] {
  return serviceTableLines(desiredTable(nodeKnowledge(snapshotOf(capture)), settingsOf(capture)));
}

describeCorpus('kube-proxy', 'the service table of a real node', () => {
  const all = captures();
  const plain = all.filter(({ name }) => !EXCEPTIONS.has(name));

  it(`is checked on all captures: ${plain.length} that obey, ${EXCEPTIONS.size} that do not`, () => {
    expect(all.length).toBe(57);
    expect(plain.length).toBe(48);
  });

  it.each(plain.map((capture) => [capture.name, capture] as const))('of %s is what the objects demand', (_, capture) => {
    const found = serviceTableLines(serviceTable(snapshotOf(capture)));
    expect(found.length).toBeGreaterThan(3);
    expect(found).toEqual(desiredLines(capture));
  });

  it.each([...EXCEPTIONS])('of %s differs from what the objects demand: %s', (name) => {
    const capture = all.find((candidate) => candidate.name === name);
    if (capture === undefined) return expect.fail(`there is no capture ${name}`);
    const text = differingLines(desiredLines(capture), serviceTableLines(serviceTable(snapshotOf(capture))));
    expect(text).not.toBe('');
    expectGolden(`fixtures/kubernetes/service-table/${name.replace('/', '-')}.txt`, text);
  });

  it.each([
    ['ipvs-v1.20-kitchen-sink', 'iptables-v1.20-kitchen-sink'],
    ['ipvs-v1.30-kitchen-sink', 'iptables-v1.30-kitchen-sink'],
    ['ipvs-v1.20-pair-mode-to-iptables/before', 'ipvs-v1.20-pair-mode-to-iptables/after'],
  ])('is the same in both modes, but for what the modes do differently: %s and %s', (ipvs, iptables) => {
    const [one = [], other = []] = [ipvs, iptables].map((name) => {
      const capture = all.find((candidate) => candidate.name === name);
      return capture === undefined
        ? []
        : serviceTableLines(serviceTable(snapshotOf(capture))).map((line) => line.replace(/ by (?:ipvs|iptables)/, ''));
    });
    expect(one.length).toBe(other.length);
    expectGolden(`fixtures/kubernetes/service-table/modes-${ipvs.replace('/', '-')}.txt`, differingLines(one, other));
  });

  it('names service ports by address where no name is known, and says nothing that an ipvsadm listing alone does not show', () => {
    const capture = all.find(({ name }) => name === 'ipvs-v1.30-session-affinity');
    if (capture === undefined) return expect.fail('the capture is missing');
    const table = serviceTable(snapshotOf(capture, (file) => file === 'ipvsadm-ln.txt'));
    expect(table.servicePorts.filter(({ named }) => named)).toEqual([]);
    const port = table.servicePorts.find(({ name }) => name === 'tcp 10.104.1.2:7000');
    expect(port?.frontends).toEqual([
      {
        purpose: 'unknown',
        protocol: 'tcp',
        addresses: ['10.104.1.2'],
        port: 7000,
        by: 'ipvs',
        affinitySeconds: 300,
        paths: ['pod', 'node', 'outside'].map((from) => ({
          from,
          verdict: 'delivered',
          endpoints: [
            { address: '10.244.1.83:7000', share: 0.5 },
            { address: '10.244.1.84:7000', share: 0.5 },
          ],
        })),
      },
    ]);
  });
});

describe('the service table', () => {
  it('is empty where nothing serves', () => {
    expect(serviceTable({ parts: [], troubles: [] })).toEqual({ servicePorts: [] });
    expect(buildModel({ parts: [], troubles: [] }).tables.size).toBe(0);
  });
});
