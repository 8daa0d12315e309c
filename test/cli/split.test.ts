import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const output = (side: string): string => `root@node:~# ipvsadm -ln\n${readFileSync(`fixtures/demo/${side}/ipvsadm-ln.txt`, 'utf8')}`;
const paste = `${output('before')}root@node:~# systemctl restart kubelet\n${output('drifted')}`;

describe('netdrift diff --split', () => {
  it('tells of one paste what diff tells of two files, with the lines of the paste', () => {
    const files = netdrift(['diff', 'fixtures/demo/before/ipvsadm-ln.txt', 'fixtures/demo/drifted/ipvsadm-ln.txt', '--format', 'json']);
    const split = netdrift(['diff', '--split', '-', '--format', 'json'], { input: paste });
    const told = ({ stdout }: typeof files): unknown =>
      JSON.parse(stdout).changes.map(({ id, text, fingerprint }: Record<string, string>) => [id, text, fingerprint]);
    expect([split.status, split.stderr, told(split)]).toEqual([1, '', told(files)]);
    expect(
      JSON.parse(split.stdout).inputs.map(({ role, source, completeness }: Record<string, string>) => [role, source, completeness]),
    ).toEqual([
      ['before', '-', 'complete'],
      ['after', '-', 'complete'],
    ]);
  });

  it('says which outputs are not compared', () => {
    const folder = folderOf({ 'ticket.txt': `${output('before')}${output('drifted')}${output('before')}` });
    const lines = output('before').split('\n').length;
    expect(netdrift(['diff', '--split', 'ticket.txt'], { cwd: folder })).toMatchObject({
      status: 0,
      stderr: `netdrift: ticket.txt:${lines + 1}: ipvsadm is not compared: it stands between the first and the last moment\n`,
    });
  });

  it('exits with 2 where nothing is there twice', () => {
    expect(netdrift(['diff', '--split', '-'], { input: output('before') })).toMatchObject({
      status: 2,
      stderr:
        'netdrift: -: shows one host at one moment: there is nothing to compare; two sides are one host at two moments, or two hosts at one moment each\n',
    });
  });

  it('refuses one host twice beside another one once, naming what was found', () => {
    expect(netdrift(['diff', '--split', 'fixtures/drift/reading/split-one-host-twice-other-once.txt'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr:
        'netdrift: fixtures/drift/reading/split-one-host-twice-other-once.txt: shows 2 hosts, lb1 at 2 moments, lb2 at 1 moment: two sides are one host at two moments, or two hosts at one moment each; leave the rest out\n',
    });
  });

  it('compares two hosts at one moment each as nodes', () => {
    const input = output('before').replace('root@node', 'root@a') + output('before').replace('root@node', 'root@b');
    expect(netdrift(['diff', '--split', '-'], { input })).toMatchObject({ status: 0, stderr: '' });
  });

  it('takes one file and nothing beside it', () => {
    expect(netdrift(['diff', 'a', '--split', 'b'])).toMatchObject({
      status: 2,
      stderr: 'netdrift: --split takes both sides from one file; no snapshot may be named beside it\n',
    });
    expect(netdrift(['diff', '--split', 'a', '--nodes', 'b', 'c'])).toMatchObject({
      status: 2,
      stderr: 'netdrift: --split has no meaning with --nodes\n',
    });
    expect(netdrift(['diff', '--split', 'a', '--split', 'b'])).toMatchObject({ status: 2, stderr: 'netdrift: --split is given twice\n' });
  });
});
