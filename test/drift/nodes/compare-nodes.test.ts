import { readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { compareNodes, type NodesReport } from '../../../packages/drift/src/nodes/compare-nodes.ts';
import { renderNodesJson, renderNodesMarkdown, renderNodesText } from '../../../packages/drift/src/render/reports/render-nodes.ts';
import { describeCorpus } from '../../support/corpus.ts';
import { expectGolden } from '../../support/golden.ts';
import { snapshotFiles } from '../support.ts';
import { captures, snapshotOf } from '../../support/scenario.ts';

describeCorpus('kube-proxy', 'comparing nodes of one cluster', () => {
  const all = captures();
  const compare = (...names: readonly string[]): NodesReport =>
    compareNodes(
      names.map((name, index) => {
        const capture = all.find((candidate) => candidate.name === name);
        return capture === undefined
          ? expect.fail(`there is no capture ${name}`)
          : { name: `node-${index + 1}`, snapshot: snapshotOf(capture) };
      }),
    );

  it('finds nothing between equal nodes, in whatever order', () => {
    const name = 'ipvs-v1.30-kitchen-sink';
    expect(compare(name, name, name).differences).toEqual([]);
    expect(renderNodesText(compare(name, name))).toBe('2 nodes do the same for services, as far as their snapshots show.\n');
  });

  it('names the node that misses endpoints that the others have', () => {
    const report = compare('ipvs-v1.30-pair-scale-up/after', 'ipvs-v1.30-pair-scale-up/before', 'ipvs-v1.30-pair-scale-up/after');
    expect(report.differences.map(({ id, severity, text }) => [id, severity, text])).toEqual([
      [
        'node.outlier',
        'warning',
        'default/nginx (tcp 10.96.78.31:80): node-2: 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80, masqueraded from outside; 2 of 3 nodes: 10.244.0.15:80, 10.244.0.16:80, 10.244.1.21:80 and 2 more (5), masqueraded from outside',
      ],
    ]);
  });

  it.each([
    ['drifted', ['ipvs-v1.30-pair-manual-drift/before', 'ipvs-v1.30-pair-manual-drift/drifted', 'ipvs-v1.30-pair-manual-drift/before']],
    ['modes', ['ipvs-v1.20-kitchen-sink', 'iptables-v1.20-legacy-kitchen-sink']],
    ['not-running', ['ipvs-v1.30-default', 'ipvs-v1.30-default', 'ipvs-v1.30-scheduler-bogus']],
  ] as const)('tells what a person has read of %s nodes', (name, names) => {
    expectGolden(`fixtures/kubernetes/nodes/${name}.txt`, renderNodesText(compare(...names)));
  });

  it('gives the same report twice, and Markdown and JSON of it', () => {
    const report = compare('ipvs-v1.30-masquerade-all', 'ipvs-v1.30-default');
    expect(JSON.parse(renderNodesJson(report))).toEqual(report);
    expect(renderNodesJson(compare('ipvs-v1.30-masquerade-all', 'ipvs-v1.30-default'))).toBe(renderNodesJson(report));
    expectGolden('fixtures/kubernetes/nodes/masquerade-all.md', renderNodesMarkdown(report));
  });
});

describe('nodes of which only the IPVS table is shown', () => {
  const nodes = (pair: string): NodesReport =>
    compareNodes(['before', 'after'].map((name) => ({ name, snapshot: readSnapshot(snapshotFiles(`fixtures/kernel/${pair}/${name}`)) })));

  it('differ where one leads to an endpoint that the other does not have', () => {
    expect(nodes('nodes-stale-endpoint').differences.map(({ id, severity, text }) => [id, severity, text])).toEqual([
      ['node.differs', 'critical', 'tcp 198.18.0.20:80: before: 10.42.1.7:8080; after: 10.42.9.9:8080'],
    ]);
  });

  it('differ where one lacks a service', () => {
    expect(nodes('nodes-service-missing').differences.map(({ id, severity, text }) => [id, severity, text])).toEqual([
      ['node.differs', 'critical', 'tcp 198.18.0.20:80: before: 10.42.1.7:8080; after: not there'],
    ]);
  });

  it('are not equal where one of them shows nothing of it', () => {
    const report = compareNodes([
      { name: 'one', snapshot: readSnapshot(snapshotFiles('fixtures/kernel/nodes-service-missing/before')) },
      {
        name: 'other',
        snapshot: readSnapshot([
          { name: 'lsmod.txt', content: 'Module                  Size  Used by\nip_vs                 180224  0\n' },
        ]),
      },
    ]);
    expect(report.troubles).toEqual([{ node: 'other', message: 'the IPVS table is not in its snapshot, and other nodes show theirs' }]);
  });
});
