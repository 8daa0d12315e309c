import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fleetNode } from '../../bench/fleet-node.js';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const manifest = (host: string) => JSON.stringify({ netdrift: '0.1.0', host, started: '2026-01-01T00:00:00Z', commands: [] });

/** The nodes of a digest, each with the number of its rows. */
const nodesOf = (stdout: string): [string, boolean, number][] => {
  const rows: { type: string; node: string; complete: boolean }[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return rows
    .filter(({ type }) => type === 'node')
    .map(({ node, complete }) => [node, complete, rows.filter((row) => row.node === node).length]);
};

describe('netdrift digest', () => {
  it('names a node by its manifest, else by its path, and takes paths on standard input', () => {
    const folder = folderOf({
      'one/iptables-save.txt': fleetNode(3),
      'one/manifest.json': manifest('host-1'),
      'two/iptables-save.txt': fleetNode(3, { lacks: [1] }),
    });
    execFileSync('tar', ['-czf', join(folder, 'node-2.tar.gz'), '-C', folder, 'two']);
    const named = netdrift(['digest', join(folder, 'one'), join(folder, 'node-2.tar.gz')]);
    expect({ status: named.status, stderr: named.stderr, nodes: nodesOf(named.stdout) }).toEqual({
      status: 0,
      stderr: '',
      nodes: [
        ['host-1', true, 4],
        ['node-2', true, 3],
      ],
    });
    expect(netdrift(['digest'], { input: `${join(folder, 'one')}\n${join(folder, 'node-2.tar.gz')}\n` })).toEqual(named);
  });

  it('writes the others where one cannot be read, and that one as not whole', () => {
    const folder = folderOf({ 'one/iptables-save.txt': fleetNode(3) });
    const { status, stdout, stderr } = netdrift(['digest', join(folder, 'gone.tar.gz'), join(folder, 'one')]);
    expect({ status, nodes: nodesOf(stdout) }).toEqual({
      status: 2,
      nodes: [
        ['gone', false, 1],
        ['one', true, 4],
      ],
    });
    expect(stderr).toBe(`netdrift: cannot read ${join(folder, 'gone.tar.gz')}: there is no such file or folder\n`);
  });

  it('ships the SQL that reduces it', () => {
    const manifest: { files: string[] } = JSON.parse(readFileSync(new URL('../../packages/cli/package.json', import.meta.url), 'utf8'));
    expect(manifest.files).toContain('sql');
  });
});
