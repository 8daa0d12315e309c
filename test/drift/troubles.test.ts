import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareNodes, diffSnapshots, digestNode, readSnapshot, renderText, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { corpusBytes, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { shareOf } from '../support/share.ts';
import { snapshotFiles } from './support.ts';

const before = snapshotFiles('fixtures/demo/before');
const ipvsadm = before.find((file) => file.name === 'ipvsadm-ln.txt') as SnapshotFile;

/** The troubles of comparing the demo with a copy of it, as `code side source: message`. */
function troubles(after: readonly SnapshotFile[]): string[] {
  const report = diffSnapshots(readSnapshot(before), readSnapshot(after));
  expect(report.verdict).not.toBe('no-change');
  expect(report.verdict).not.toBe('no-effect');
  expect(report.complete).toBe(false);
  expect(renderText(report)).toMatch(/^TROUBLE {3}/);
  return report.troubles.map(({ code, side, source, message }) => `${code} ${side} ${source ?? '-'}: ${message}`);
}

function withContent(name: string, content: string | Uint8Array): SnapshotFile[] {
  return before.map((file) => (file.name === name ? { name, content } : file));
}

describe('a side that cannot be compared is a trouble with file and reason, never "no drift"', () => {
  it('names a listing that is missing beside the others of one capture', () => {
    expect(troubles(before.filter((file) => file.name !== 'ipvsadm-ln.txt'))).toEqual([
      'snapshot/file-missing after ipvsadm-ln.txt: has no ipvsadm-ln.txt; before has one',
    ]);
  });

  it('names a table that one side lacks altogether', () => {
    expect(troubles(before.filter((file) => !file.name.startsWith('ipvsadm')))).toEqual([
      'snapshot/part-missing after -: has no listing of the IPVS table; before has one (ipvsadm-Sn.txt)',
      'snapshot/file-missing after ipvsadm-ln.txt: has no ipvsadm-ln.txt; before has one',
    ]);
  });

  it('names an empty listing', () => {
    expect(troubles(withContent('iptables-nat-nL.txt', ''))).toEqual(['snapshot/empty after iptables-nat-nL.txt: is empty']);
  });

  it('names a file that is no listing although it is called one', () => {
    expect(troubles(withContent('ipvsadm-ln.txt', 'Dear all,\nplease find attached the listing.\n'))).toEqual([
      'snapshot/not-a-listing after ipvsadm-ln.txt: is not an ipvsadm listing',
    ]);
  });

  it('names a binary file', () => {
    expect(troubles(withContent('ipset-list.txt', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xfe])))).toEqual([
      'snapshot/binary after ipset-list.txt: is binary, not text',
    ]);
  });

  it('refuses an ipvsadm listing that was named as a nat table', () => {
    const named = readSnapshot([{ ...ipvsadm, as: 'nat' }]);
    expect(named.troubles).toEqual([
      { code: 'snapshot/wrong-kind', source: 'ipvsadm-ln.txt', message: 'is an ipvsadm listing, but was named as nat' },
    ]);
  });

  it('names what is in a folder with nothing known', () => {
    const nothing = [
      { name: 'README', content: 'notes\n' },
      { name: 'todo', content: 'more notes\n' },
    ];
    expect(readSnapshot(nothing).troubles).toEqual([
      {
        code: 'snapshot/nothing-known',
        message: 'holds no output of a known tool: README, todo',
        help: 'needed is what ipvsadm -ln, iptables-save, ipset list, nft list ruleset or lsmod printed',
      },
    ]);
    expect(troubles(nothing)).toEqual(['snapshot/nothing-known after -: holds no output of a known tool: README, todo']);
  });

  it('says so when two snapshots show nothing in common', () => {
    const nat = before.filter((file) => file.name === 'iptables-nat-nL.txt');
    const report = diffSnapshots(readSnapshot([ipvsadm]), readSnapshot(nat));
    expect(report.troubles.map(({ code, side }) => `${code} ${side}`)).toEqual([
      'snapshot/part-missing after',
      'snapshot/part-missing before',
    ]);
    expect(report.verdict).toBe('undecided');
  });

  it('takes the absence of IPVS as an answer, not as damage', () => {
    const answer = readSnapshot([
      {
        name: 'ipvsadm-ln.txt',
        content:
          "Can't initialize ipvs: Protocol not available\nAre you sure that IP Virtual Server is built in the kernel or as module?\n",
      },
    ]);
    expect(answer.troubles).toEqual([]);
    expect(answer.parts.map(({ content, completeness }) => [content.kind, completeness])).toEqual([['tool-error', { state: 'complete' }]]);
  });

  it('does not mind a file of another kind beside the listings', () => {
    const more = [...before, { name: 'notes.md', content: '# what I did\n' }];
    const report = diffSnapshots(readSnapshot(before), readSnapshot(more));
    expect(report.troubles).toEqual([]);
    expect(report.verdict).toBe('no-change');
  });
});

/** Texts of which nothing is read; one of them speaks of the tools. */
const UNREADABLE = [
  { name: 'x.txt', content: 'hello\n' },
  { name: 'notes.md', content: 'iptables -t nat -nL and ipvsadm -ln of the node are attached\n' },
  { name: 'iptables-save.txt', content: '' },
];

/** What a comparison with an unreadable side claims: there is nothing to claim, in either direction. */
function claimsBesideNothing(files: readonly SnapshotFile[]): string[] {
  const whole = readSnapshot(files);
  return UNREADABLE.flatMap((file) => {
    const nothing = readSnapshot([file]);
    return [diffSnapshots(whole, nothing), diffSnapshots(nothing, whole)].flatMap(({ verdict, changes }) => [
      ...(verdict === 'undecided' ? [] : [`${file.name}: ${verdict}`]),
      ...changes.map(({ text }) => `${file.name}: ${text}`),
    ]);
  });
}

describe('a side of which nothing could be read', () => {
  const repository = fileURLToPath(new URL('../../', import.meta.url));
  const folders = ['fixtures/drift/changes', 'fixtures/drift/iptables', 'fixtures/incidents', 'fixtures/meaning'].flatMap((folder) =>
    readdirSync(join(repository, folder)).map((name) => `${folder}/${name}/before`),
  );
  const sides = [
    'fixtures/demo/before',
    'fixtures/drift/kube-proxy/migration/iptables',
    ...folders.filter((folder) => existsSync(join(repository, folder))),
  ];

  it.each(sides)('is no claim against %s', (side) => {
    expect(claimsBesideNothing(snapshotFiles(side))).toEqual([]);
  });
});

describeCorpus('kube-proxy-modes', 'a side of which nothing could be read, beside real nodes', () => {
  it('is no claim, in any mode', () => {
    const captures = new Set(corpusFiles('kube-proxy-modes').map((path) => path.slice(0, path.lastIndexOf('/'))));
    for (const folder of shareOf([...captures], 12)) {
      const files = corpusFiles(folder).map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), content: corpusBytes(path) }));
      expect(claimsBesideNothing(files), folder).toEqual([]);
    }
  });
});

describe('nodes of which one shows less than the others', () => {
  const whole = (name: string) => ({ name, snapshot: readSnapshot(before) });

  it.each([
    ['nothing that is read', [{ name: 'x.txt', content: 'hello\n' }]],
    ['its IPVS table alone', [ipvsadm]],
    ['its rules alone', before.filter(({ name }) => name.startsWith('iptables'))],
  ])('%s: it is named, and no difference is claimed of what it does not show', (_what, files) => {
    const { differences, troubles: told } = compareNodes([whole('a'), whole('b'), { name: 'c', snapshot: readSnapshot(files) }]);
    expect(differences).toEqual([]);
    expect([...new Set(told.map(({ node }) => node))]).toEqual(['c']);
  });

  it('has a digest that is not complete where the source address is not known', () => {
    const isComplete = (files: readonly SnapshotFile[]): unknown =>
      digestNode({ name: 'a', snapshot: readSnapshot(files) }).flatMap((record) => (record.type === 'node' ? [record.complete] : []))[0];
    expect([isComplete(before), isComplete([ipvsadm])]).toEqual([true, false]);
  });

  it('still differs by what both show', () => {
    const text = new TextDecoder().decode(ipvsadm.content as Uint8Array);
    const without = { name: ipvsadm.name, content: text.replace(/^ {2}-> 10\.244\.0\.3:53 .*\n/m, '') };
    const { differences } = compareNodes([whole('a'), whole('b'), { name: 'c', snapshot: readSnapshot([without]) }]);
    expect(differences.map(({ severity, groups }) => [severity, groups.map(({ nodes }) => nodes)])).toEqual([
      ['warning', [['a', 'b'], ['c']]],
    ]);
  });
});
