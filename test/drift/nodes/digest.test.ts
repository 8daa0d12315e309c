import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { compareNodes, digestNode, type NamedNode, readSnapshot, renderDigest } from '@netdrift/drift';
import { afterAll, describe, expect, it } from 'vitest';
import { fleetNode, type Oddity } from '../../../bench/fleet-node.js';

const work = mkdtempSync(join(tmpdir(), 'netdrift-digest-'));
afterAll(() => rmSync(work, { recursive: true }));

const read = (oddity: Oddity) => readSnapshot([{ name: 'iptables-save.txt', content: fleetNode(9, oddity) }]);
const healthy = read({});
const node = (name: string, oddity?: Oddity): NamedNode => ({ name, snapshot: oddity === undefined ? healthy : read(oddity) });

/** The rows of `outliers` and `incomplete` that the shipped SQL makes of a digest. */
async function reduced(digest: string) {
  writeFileSync(join(work, 'digest.jsonl'), digest);
  const sql = readFileSync(new URL('../../../packages/cli/sql/outliers.sql', import.meta.url), 'utf8').replaceAll(
    "'digest.jsonl'",
    `'${join(work, 'digest.jsonl')}'`,
  );
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(sql);
  const rows = async (query: string) => (await connection.runAndReadAll(query)).getRowObjectsJson();
  return {
    outliers: await rows('select subject, nodes, does, others_do, outlier from outliers order by subject, does'),
    incomplete: await rows('select node from incomplete'),
  };
}

describe('the digest of a fleet', () => {
  it('on 200 nodes gives SQL the same outliers as the comparison of nodes', { timeout: 120_000 }, async () => {
    const odd = new Map<number, Oddity>([
      [7, { stale: [3] }],
      [42, { lacks: [5] }],
      [99, { stale: [3, 8] }],
      [150, { lacks: [5, 6] }],
    ]);
    const nodes = Array.from({ length: 200 }, (_node, index) => node(`node-${String(index).padStart(3, '0')}`, odd.get(index)));
    const { outliers, incomplete } = await reduced(nodes.map((one) => renderDigest(digestNode(one))).join(''));
    const { differences } = compareNodes(nodes);
    const compared = differences.flatMap(({ frontend, subject, groups, id }) =>
      groups.slice(1).map((group) => ({
        subject: frontend ?? subject,
        nodes: group.nodes,
        does: group.does,
        others_do: groups[0]?.does,
        outlier: id === 'node.outlier',
      })),
    );
    const byText = (one: object, other: object): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
    expect([...outliers].sort(byText)).toEqual(compared.sort(byText));
    expect(outliers.map(({ subject, nodes: named }) => [subject, named])).toEqual([
      ['tcp 10.96.0.3:80', ['node-007', 'node-099']],
      ['tcp 10.96.0.5:80', ['node-042', 'node-150']],
      ['tcp 10.96.0.6:80', ['node-150']],
      ['tcp 10.96.0.8:80', ['node-099']],
    ]);
    expect(incomplete).toEqual([]);
  });

  it('keeps a node that is not whole apart: what it lacks is not said of it', async () => {
    const nodes = [node('a'), node('b'), node('c'), node('d', { cut: true })];
    expect(await reduced(nodes.map((one) => renderDigest(digestNode(one))).join(''))).toEqual({
      outliers: [],
      incomplete: [{ node: 'd' }],
    });
  });

  it('hashes the whole of what a node does: equal where that is equal, whatever the name', () => {
    const hashes = [node('a'), node('b'), node('c', { stale: [3] }), node('d', { masqueradeAll: true })].map(
      (one) => digestNode(one)[0]?.hash,
    );
    expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(hashes.map((hash) => hashes.indexOf(hash))).toEqual([0, 0, 2, 3]);
  });

  it('has the same keys in every line of a type, so that an engine finds its columns in the first', () => {
    const keys = new Map<string, Set<string>>();
    for (const one of [node('a'), node('b', { cut: true })]) {
      for (const record of digestNode(one))
        keys.set(record.type, (keys.get(record.type) ?? new Set<string>()).add(Object.keys(record).join()));
    }
    expect([...keys.values()].map(({ size }) => size)).toEqual([1, 1]);
  });
});
