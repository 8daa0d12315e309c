import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { corpusBytes, corpusFile, corpusFiles, describeCorpus } from '../../support/corpus.ts';
import { shareOf } from '../../support/share.ts';
import { snapshotFiles } from '../support.ts';
import { checkProofs } from './proofs.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): Snapshot => readSnapshot(snapshotFiles(path));

const folders = (path: string): string[] =>
  readdirSync(join(repository, path)).filter((name) => statSync(join(repository, path, name)).isDirectory());

describe('a packet shown as proof is treated as shown when it is led through both sides by hand', () => {
  const seeds = ['masquerade-all', 'cluster-cidr', 'lb-source-ranges', 'nodeport'].map((setting) => `fixtures/drift/seeds/${setting}`);
  const pairs = [
    ...['fixtures/incidents', 'fixtures/drift/changes'].flatMap((path) =>
      folders(path).map((name) => [`${path}/${name}/before`, `${path}/${name}/after`] as const),
    ),
    ['fixtures/demo/before', 'fixtures/demo/drifted'] as const,
    ['fixtures/demo/drifted', 'fixtures/demo/repaired'] as const,
    ...['published', 'captured'].flatMap((form) =>
      seeds.flatMap((one) =>
        seeds.filter((other) => other !== one).map((other) => [`${one}.${form}.nat.txt`, `${other}.${form}.nat.txt`] as const),
      ),
    ),
  ];

  it('in incidents, the demo, the background listings and single changes, in both directions', () => {
    let proofs = 0;
    for (const [before, after] of pairs) {
      for (const [one, other] of [
        [before, after],
        [after, before],
      ] as const) {
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
    return readSnapshot(
      corpusFiles(folder, (path) => path.split('/').length === depth + 1 && !/manifest\.json$|\.log$/.test(path)).map((path) => ({
        name: path.slice(path.lastIndexOf('/') + 1),
        content: corpusBytes(path),
      })),
    );
  };

  it.each(shareOf(steps, 10))('%s → %s is treated as shown', (before, after) => {
    expect(checkProofs(snapshot(before), snapshot(after)).wrong).toEqual([]);
  });
});

describeCorpus('iptables/drift', 'a packet shown as proof for changes made with iptables', () => {
  it.each(
    shareOf(
      corpusFiles('iptables/drift', (path) => path.endsWith('/before.nat.nL.txt')),
      20,
    ).map((path) => path.slice(0, -'/before.nat.nL.txt'.length)),
  )('%s is treated as shown', (folder) => {
    const side = (when: string): Snapshot =>
      readSnapshot(
        ['filter', 'nat'].map((table) => ({ name: `${table}.nL.txt`, content: corpusBytes(`${folder}/${when}.${table}.nL.txt`) })),
      );
    expect(checkProofs(side('before'), side('after')).wrong).toEqual([]);
  });
});
