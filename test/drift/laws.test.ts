import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CATALOGUE, diffSnapshots, readSnapshot, renderJson, type Report, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { effort } from '../support/share.ts';
import { diffPaths, snapshotFiles } from './support.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const before = snapshotFiles('fixtures/demo/before');
const drifted = snapshotFiles('fixtures/demo/drifted');
const settings = ['masquerade-all', 'cluster-cidr', 'lb-source-ranges', 'nodeport'];

/** Pairs of the repository's own captures. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['fixtures/demo/before', 'fixtures/demo/drifted'],
  ['fixtures/demo/drifted', 'fixtures/demo/repaired'],
  ...settings.flatMap((one) =>
    settings
      .filter((other) => other > one)
      .map((other) => [`fixtures/drift/seeds/${one}.captured.nat.txt`, `fixtures/drift/seeds/${other}.captured.nat.txt`] as const),
  ),
];

/** What a change is called in a report of the other direction: ids of both directions stand for one. */
function directionless({ changes }: Report): string[] {
  return changes
    .map(({ id, subject }) => `${[id, CATALOGUE.get(id)?.mirror ?? id].sort().join(' / ')} ${subject.name.replace(/#\d+$/, '')}`)
    .sort();
}

/** A number from 0 to below `limit`, the same in every run. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
}

describe('laws of a comparison', () => {
  it.each(PAIRS)('%s against %s mirrors the other direction', (one, other) => {
    expect(directionless(diffPaths(one, other))).toEqual(directionless(diffPaths(other, one)));
  });

  it.each(PAIRS)('%s against %s: a witness mirrors too', mirrorsWitnesses);

  function mirrorsWitnesses(one: string, other: string): void {
    const witnesses = (report: Report, side: 'before' | 'after'): string[] =>
      report.changes
        .flatMap(({ witness }) => (witness === undefined ? [] : [JSON.stringify([witness.packet, witness[side].verdict])]))
        .sort();
    const forth = diffPaths(one, other);
    const back = diffPaths(other, one);
    expect(witnesses(forth, 'before')).toEqual(witnesses(back, 'after'));
    expect(witnesses(forth, 'after')).toEqual(witnesses(back, 'before'));
  }

  it('what is proven needs nothing more, and what is assumed or conditional names what it needs', () => {
    const folders = ['fixtures/drift/changes', 'fixtures/drift/iptables', 'fixtures/incidents'].flatMap((folder) =>
      readdirSync(join(repository, folder)).map((name) => `${folder}/${name}`),
    );
    const captures = folders
      .filter((folder) => existsSync(join(repository, folder, 'before')))
      .map((folder) => [`${folder}/before`, `${folder}/after`] as const);
    for (const [one, other] of [...PAIRS, ...captures]) {
      for (const { changes } of [diffPaths(one, other), diffPaths(other, one)]) {
        const wrong = changes.filter(
          ({ certainty, effect, assumptions }) =>
            effect !== 'undecided' && certainty !== 'heuristic' && (certainty === 'proven') !== (assumptions.length === 0),
        );
        expect(
          wrong.map(({ id, certainty, text, assumptions }) => ({ id, certainty, text, assumptions })),
          `${one} and ${other}`,
        ).toEqual([]);
      }
    }
  });

  it('equal inputs give equal bytes, whatever the order of the files', () => {
    const report = (files: readonly SnapshotFile[]): string => renderJson(diffSnapshots(readSnapshot(before), readSnapshot(files)));
    expect(report(drifted)).toBe(report(drifted));
    const changes = (files: readonly SnapshotFile[]): string =>
      JSON.stringify(diffSnapshots(readSnapshot(before), readSnapshot(files)).changes.map(({ id, subject, text }) => [id, subject, text]));
    expect(changes(drifted.toReversed())).toBe(changes(drifted));
  });

  it('every fingerprint of a report is another one', () => {
    const prints = diffPaths('fixtures/demo/before', 'fixtures/demo/drifted').changes.map((change) => change.fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('a fingerprint does not hang on the place of a rule', () => {
    const save = before.find((file) => file.name === 'iptables-save.txt') as SnapshotFile;
    const text = new TextDecoder().decode(save.content as Uint8Array);
    const rule = '-A POSTROUTING -s 10.9.0.0/16 -j MASQUERADE\n';
    const print = (changed: string): string[] =>
      diffSnapshots(readSnapshot([save]), readSnapshot([{ name: save.name, content: changed }])).changes.map(
        (change) => change.fingerprint,
      );
    const first = print(text.replace('-A POSTROUTING -m', `${rule}-A POSTROUTING -m`));
    const last = print(text.replace('KUBE-POSTROUTING\n', `KUBE-POSTROUTING\n${rule}`));
    expect(first).toHaveLength(1);
    expect(last).toEqual(first);
  });

  it('a listing with one line taken out is never "no change"', () => {
    const random = generator(7);
    const listings = ['iptables-save.txt', 'iptables-nat-nL.txt', 'ipvsadm-ln.txt', 'ipvsadm-Sn.txt', 'ipset-save.txt'].map((name) => {
      const { content } = before.find((file) => file.name === name) as SnapshotFile;
      return { name, lines: new TextDecoder().decode(content as Uint8Array).split('\n') };
    });
    const silent: string[] = [];
    for (let round = 0; round < effort(60, 300); round++) {
      const { name, lines } = listings[random(listings.length)] as (typeof listings)[number];
      const at = random(lines.length);
      const line = lines[at] ?? '';
      // Lines that say nothing: blank ones, comments, COMMIT, banners and the headings of columns.
      if (/^\s*$|^#|^COMMIT|^IP Virtual Server|^Prot |^  -> RemoteAddress|^target +prot/.test(line)) continue;
      const whole = { name, content: lines.join('\n') };
      const cut = { name, content: lines.filter((_, index) => index !== at).join('\n') };
      const { verdict } = diffSnapshots(readSnapshot([whole]), readSnapshot([cut]));
      if (verdict === 'no-change') silent.push(`${name}: ${line}`);
    }
    expect(silent).toEqual([]);
  });

  it('a listing cut at the end of a line never throws and never reads as complete and equal', () => {
    const save = new TextDecoder().decode((before.find((file) => file.name === 'iptables-save.txt') as SnapshotFile).content as Uint8Array);
    const lines = save.trimEnd().split('\n');
    for (let end = 1; end < lines.length - 2; end += effort(5, 1)) {
      const report = diffSnapshots(
        readSnapshot([{ name: 'iptables-save.txt', content: save }]),
        readSnapshot([{ name: 'iptables-save.txt', content: `${lines.slice(0, end).join('\n')}\n` }]),
      );
      expect([end, report.verdict]).not.toEqual([end, 'no-change']);
    }
  });
});
