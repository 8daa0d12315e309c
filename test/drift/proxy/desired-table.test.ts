import { expect, it } from 'vitest';
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
  ['iptables-v1.30-etp-local-no-local', 'what no local endpoint would drop is dropped before that by the rule of the source ranges'],
  ['iptables-v1.30-pair-manual-drift/drifted', 'drifted by hand'],
  ['iptables-v1.30-pair-manual-drift/repaired', 'rules added by hand to PREROUTING and POSTROUTING stay'],
  ['ipvs-v1.30-chain-ipvs-iptables-nftables/iptables', 'virtual services of ipvs mode stay and take what the rules leave alone'],
  ['nftables-to-ipvs-v1.30-pair-migration/after', 'the tables of nftables mode stay and take packets before IPVS does'],
]);

const FILES: ReadonlySet<string> = new Set([
  'objects.json',
  'iptables-save.txt',
  'ip6tables-save.txt',
  'nft-list-ruleset.txt',
  'ipvsadm-Sn.txt',
  'ipset-save.txt',
  'ip-addr.txt',
  'kubectl-get-svc.txt',
]);

function differing(capture: Capture): string {
  const snapshot = snapshotOf(capture, (file) => FILES.has(file));
  return differingLines(
    serviceTableLines(desiredTable(nodeKnowledge(snapshot), settingsOf(capture))),
    serviceTableLines(serviceTable(snapshot)),
  );
}

describeCorpus('kube-proxy-modes', 'what the objects ask for', () => {
  const running = [...captures('kube-proxy-modes'), ...captures('kube-proxy-nftables')].filter(
    ({ step }) => !step.startsWith('after-cleanup'),
  );
  const plain = running.filter(({ name }) => !EXCEPTIONS.has(name));

  it('is compared with every capture of a node on which kube-proxy runs', () => {
    expect([plain.length, running.length]).toEqual([77, 82]);
  });

  it.each(plain.map((capture) => [capture.name, capture] as const))('is what the node does: %s', (_, capture) => {
    expect(differing(capture)).toBe('');
  });

  it.each([...EXCEPTIONS])('is not what the node does in %s: %s', (name) => {
    const capture = running.find((candidate) => candidate.name === name);
    if (capture === undefined) return expect.fail(`there is no capture ${name}`);
    expectGolden(`fixtures/kubernetes/service-table/${name.replace('/', '-')}.txt`, differing(capture));
  });
});
