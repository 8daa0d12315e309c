import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { sideView } from '../../../packages/drift/src/judge/side.ts';
import { addressNumber } from '../../../packages/drift/src/model/address-range.ts';
import { buildModel } from '../../../packages/drift/src/model/build-model.ts';
import { corpusBytes, corpusFile, corpusFiles, describeCorpus } from '../../support/corpus.ts';
import { snapshotFiles } from '../support.ts';
import { refereeNode } from './model-referee.ts';
import { fatesOf } from './referee.ts';
import { falsehood, witnessesOf } from './witness-check.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
/** The address that stands for the node where none of its own is known. */
const NODE = '192.0.2.1';

const read = (path: string): Snapshot => readSnapshot(snapshotFiles(path));

/** Leads every packet that the report of a pair shows as proof through both sides by hand. */
function checkProofs(before: Snapshot, after: Snapshot): { readonly proofs: number; readonly wrong: readonly unknown[] } {
  const report = diffSnapshots(before, after);
  const models = { before: buildModel(before), after: buildModel(after) };
  const wrong: unknown[] = [];
  const proofs = witnessesOf(report, NODE);
  for (const { packet, hook, holding, ...told } of proofs) {
    for (const side of ['before', 'after'] as const) {
      const [model, other] = side === 'before' ? [models.before, models.after] : [models.after, models.before];
      const family = packet.destination.includes(':') ? 'ipv6' : 'ipv4';
      const { isLocal } = sideView(side, model, other).flowTables(family).world;
      const node = refereeNode(model, family, { holding, isLocal: (address) => isLocal(addressNumber(address) ?? -1n) === true });
      const found = falsehood(told[side], fatesOf(node, packet, hook));
      if (found !== undefined) wrong.push({ side, packet, hook, holding: [...holding], ...found });
    }
  }
  return { proofs: proofs.length, wrong };
}

const folders = (path: string): string[] => readdirSync(join(repository, path)).filter((name) => statSync(join(repository, path, name)).isDirectory());

describe('a packet shown as proof is treated as shown when it is led through both sides by hand', () => {
  const seeds = ['masquerade-all', 'cluster-cidr', 'lb-source-ranges', 'nodeport'].map((setting) => `fixtures/drift/seeds/${setting}`);
  const pairs = [
    ...['fixtures/incidents', 'fixtures/drift/changes'].flatMap((path) => folders(path).map((name) => [`${path}/${name}/before`, `${path}/${name}/after`] as const)),
    ['fixtures/demo/before', 'fixtures/demo/drifted'] as const,
    ['fixtures/demo/drifted', 'fixtures/demo/repaired'] as const,
    ...['published', 'captured'].flatMap((form) => seeds.flatMap((one) => seeds.filter((other) => other !== one).map((other) => [`${one}.${form}.nat.txt`, `${other}.${form}.nat.txt`] as const))),
  ];

  it('in incidents, the demo, the background listings and single changes, in both directions', () => {
    let proofs = 0;
    for (const [before, after] of pairs) {
      for (const [one, other] of [[before, after], [after, before]] as const) {
        const found = checkProofs(read(one), read(other));
        expect(found.wrong, `${one} → ${other}`).toEqual([]);
        proofs += found.proofs;
      }
    }
    expect(proofs).toBeGreaterThanOrEqual(50);
  });
});

describeCorpus('kube-proxy', 'a packet shown as proof for captures of a real kube-proxy', () => {
  const steps = corpusFiles('kube-proxy', (path) => path.endsWith('/manifest.json')).flatMap((path) => {
    const folder = path.slice(0, -'/manifest.json'.length);
    const names = (JSON.parse(corpusFile(path)) as { readonly steps?: readonly string[] }).steps ?? [];
    return names.slice(1).map((name, index) => [`${folder}/${names[index] ?? ''}`, `${folder}/${name}`] as const);
  });
  const snapshot = (folder: string): Snapshot => {
    const depth = folder.split('/').length;
    return readSnapshot(corpusFiles(folder, (path) => path.split('/').length === depth + 1 && !/manifest\.json$|\.log$/.test(path)).map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), content: corpusBytes(path) })));
  };

  it.each(steps)('%s → %s is treated as shown', (before, after) => {
    expect(checkProofs(snapshot(before), snapshot(after)).wrong).toEqual([]);
  });
});

describeCorpus('iptables/drift', 'a packet shown as proof for changes made with iptables', () => {
  it.each(corpusFiles('iptables/drift', (path) => path.endsWith('/before.nat.nL.txt')).map((path) => path.slice(0, -'/before.nat.nL.txt'.length)))('%s is treated as shown', (folder) => {
    const side = (when: string): Snapshot => readSnapshot(['filter', 'nat'].map((table) => ({ name: `${table}.nL.txt`, content: corpusBytes(`${folder}/${when}.${table}.nL.txt`) })));
    expect(checkProofs(side('before'), side('after')).wrong).toEqual([]);
  });
});
