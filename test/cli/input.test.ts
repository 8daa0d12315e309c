import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const LISTING = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.1:443 rr
  -> 192.168.0.1:6443             Masq    1      1          0         
`;

const MODULES = `Module                  Size  Used by
ip_vs                 151552  0
`;

describe('the input of netdrift diff', () => {
  it('may be standard input on one side', () => {
    const folder = folderOf({ 'saved.txt': LISTING });
    expect(netdrift(['diff', join(folder, 'saved.txt'), '-'], { input: LISTING })).toMatchObject({ status: 0, stderr: '' });
  });

  it('may not be standard input on both sides', () => {
    expect(netdrift(['diff', '-', '-'], { input: LISTING })).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: standard input (-) can be read once, and is named twice\n',
    });
  });

  it('that is not there is named with its reason', () => {
    expect(netdrift(['diff', 'no-such-folder', '-'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: cannot read no-such-folder: there is no such file or folder\n',
    });
  });

  it('with a name that holds a terminal escape is shown escaped', () => {
    expect(netdrift(['diff', 'a\u001b[2Jb', '-']).stderr).toBe('netdrift: cannot read a\\x1b[2Jb: there is no such file or folder\n');
  });

  it('may come from a pipe, which cannot be sought in', () => {
    const folder = folderOf({ 'saved.txt': LISTING });
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const script = 'cat "$1" > "$2" & exec "$3" packages/cli/dist/netdrift.js diff "$1" "$2"';
    const stdout = execFileSync('sh', ['-c', script, 'sh', join(folder, 'saved.txt'), fifo, process.execPath], { encoding: 'utf8' });
    expect(stdout.split('\n')).toHaveLength(2);
  });

  it('that is a folder leaves out links that lead outside and pipes, and says so', () => {
    const outside = folderOf({ 'secret.txt': LISTING });
    const folder = folderOf({ 'ipvsadm-ln.txt': LISTING });
    symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'));
    symlinkSync(join(folder, 'ipvsadm-ln.txt'), join(folder, 'same.txt'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const run = netdrift(['diff', folder, folder]);
    const side = [
      `netdrift: ${folder}: link.txt is not read: it is a link that leads out of the folder`,
      `netdrift: ${folder}: pipe is not read: it is not a regular file`,
    ];
    expect(run).toMatchObject({ status: 0, stderr: `${[...side, ...side].join('\n')}\n` });
  });

  it('that is named wrongly is trouble, never "no drift"', () => {
    const folder = folderOf({ 'saved.txt': LISTING });
    const run = netdrift(['diff', `nat=${join(folder, 'saved.txt')}`, `nat=${join(folder, 'saved.txt')}`]);
    expect(run.status).toBe(2);
    expect(run.stdout + run.stderr).toContain('saved.txt: is an ipvsadm listing, but was named as nat');
    expect(run.stdout).not.toContain('No drift');
  });

  it('that is named as no kind of listing is trouble: a word that silently means nothing would be worse', () => {
    const folder = folderOf({ 'saved.txt': LISTING });
    const named = `services=${join(folder, 'saved.txt')}`;
    expect(netdrift(['diff', named, named])).toEqual({
      status: 2,
      stdout: '',
      stderr: `netdrift: cannot read ${named}: "services" is no kind of listing; expected one of nat, filter, mangle, raw, security, iptables, ip6tables, ipvsadm, ipset, nft, modules, lsmod\n`,
    });
  });

  it('that lacks a listing is told with its folder, not with the file of the other side', () => {
    const whole = folderOf({ 'ipvsadm-ln.txt': LISTING, 'lsmod.txt': MODULES });
    const part = folderOf({ 'lsmod.txt': MODULES });
    const { status, stderr } = netdrift(['diff', whole, part]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `netdrift: ${part}: has no listing of the IPVS table; before has one (ipvsadm-ln.txt)\n`,
    });
  });

  it('that is a file of a folder is told with its folder', () => {
    const whole = folderOf({ 'ipvsadm-ln.txt': LISTING });
    const empty = folderOf({ 'ipvsadm-ln.txt': '' });
    expect(netdrift(['diff', whole, empty]).stderr.split('\n')[0]).toBe(`netdrift: ${empty}: ipvsadm-ln.txt: is empty`);
  });

  it.each([
    ['empty', '', 'is empty'],
    ['binary', Uint8Array.from({ length: 4096 }, (_, index) => (index * 7) % 256), 'is binary, not text'],
    [
      'not a listing',
      'hello\nworld\n',
      'is no output of a known tool; needed is what ipvsadm -ln, iptables-save, ipset list, nft list ruleset or lsmod printed',
    ],
  ])('that is %s is trouble with its reason', (_what, content, reason) => {
    const folder = folderOf({ 'good.txt': LISTING });
    const bad = join(folder, 'bad.txt');
    writeFileSync(bad, content);
    const run = netdrift(['diff', join(folder, 'good.txt'), bad]);
    expect(run.status).toBe(2);
    expect(run.stdout + run.stderr).toContain(`bad.txt: ${reason}`);
  });
});
