import { readSnapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';
import { checkSnapshot } from '../../../packages/drift/src/check/check.ts';
import { type ApiObject, MISSING_PARTS, VARIANTS } from '../../support/cluster-variants.ts';
import { corpusFile, describeCorpus } from '../../support/corpus.ts';
import { UNFIT } from '../../support/mutations.ts';
import { type Capture, captures } from '../../support/scenario.ts';

/** Every so many of the pairs of a capture and a variant; NETDRIFT_VARIANTS=1 takes all of them. */
const EVERY = Number(process.env['NETDRIFT_VARIANTS'] ?? 40);

/** The files of a capture, but for listings that show the same again. */
function filesOf({ files }: Capture): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap((file) => {
      const name = file.slice(file.lastIndexOf('/') + 1);
      return /^(?:manifest\.json|nft-a|nft-j|iptables-(?:nat|filter)|ip6tables-(?:nat|filter)|ipset-list|ipvsadm-ln|kubectl)/.test(name)
        ? []
        : [[name, corpusFile(file)] as const];
    }),
  );
}

/** A table left out of what iptables-save printed: `iptables-save -t nat` shows one. */
function withoutTable(files: ReadonlyMap<string, string>, table: string): ReadonlyMap<string, string> {
  const without = (text: string): string =>
    text
      .split(/(?=^\*)/m)
      .filter((part) => !part.startsWith(`*${table}\n`))
      .join('');
  return new Map([...files].map(([name, text]) => [name, /^ip6?tables-save/.test(name) ? without(text) : text]));
}

function loud(files: ReadonlyMap<string, string>): string[] {
  return checkSnapshot(readSnapshot([...files].map(([name, content]) => ({ name, content }))))
    .findings.filter(({ severity }) => severity !== 'none')
    .map(({ id, text }) => `${id}: ${text}`);
}

describeCorpus('kube-proxy-modes', 'a healthy node and its cluster', () => {
  const all = (['kube-proxy', 'kube-proxy-modes', 'kube-proxy-nftables'] as const)
    .flatMap((folder) => captures(folder))
    .filter(({ name, step }) => !UNFIT.has(name) && !step.startsWith('after-cleanup'));

  it('are no alarm, however the same objects are told', () => {
    const wrong: string[] = [];
    let at = 0;
    for (const capture of all) {
      for (const [name, variant] of Object.entries(VARIANTS)) {
        if (at++ % EVERY !== 0) continue;
        const files = filesOf(capture);
        const { items } = JSON.parse(files.get('objects.json') ?? '{"items":[]}') as { readonly items: readonly ApiObject[] };
        const told = variant(items);
        const others = [...files].filter(([file]) => file !== 'objects.json');
        const found = told === undefined ? [] : loud(new Map([...others, ...told]));
        if (found.length > 0) wrong.push(`${capture.name}, ${name}: ${found.join('; ')}`);
      }
    }
    if (EVERY === 1) process.stdout.write(`${at} variants\n${wrong.join('\n')}\n`);
    expect(wrong).toEqual([]);
  }, 600_000);

  it('are no alarm, whatever part of the snapshot is not there', () => {
    const wrong: string[] = [];
    let at = 0;
    for (const capture of all) {
      const files = filesOf(capture);
      const parts = Object.entries(MISSING_PARTS).map(
        ([name, isMissing]) => [name, () => new Map([...files].filter(([file]) => !isMissing(file)))] as const,
      );
      for (const [name, rest] of [
        ...parts,
        ...['nat', 'filter'].map((table) => [`no ${table} table`, () => withoutTable(files, table)] as const),
      ]) {
        if (at++ % EVERY !== 0) continue;
        const found = loud(rest());
        if (found.length > 0) wrong.push(`${capture.name}, ${name}: ${found.join('; ')}`);
      }
    }
    if (EVERY === 1) process.stdout.write(`${at} parts\n${wrong.join('\n')}\n`);
    expect(wrong).toEqual([]);
  }, 600_000);
});
