import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
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
const BEYOND_LIMIT = 513 * 1024 * 1024;

/** What `netdrift diff` of a folder with itself says on standard error about one side; the listing in it is always compared. */
function told(folder: string): string[] {
  const { status, stdout, stderr } = netdrift(['diff', folder, folder]);
  expect([status, stdout]).toEqual([0, 'No drift: 1 service address is equal as far as both sides show.\n']);
  const lines = stderr.split('\n').slice(0, -1);
  expect(lines.slice(lines.length / 2)).toEqual(lines.slice(0, lines.length / 2));
  return lines.slice(lines.length / 2).map((line) => line.replace(`netdrift: ${folder}: `, ''));
}

describe('a snapshot folder with', () => {
  it.each([
    ['a link that leads out of it', '../secret.txt', 'it is a link that leads out of the folder'],
    ['an absolute link that leads out of it', '/etc/hostname', 'it is a link that leads out of the folder'],
    ['a link to the folder above it', '..', 'it is a link that leads out of the folder'],
    ['a link to a device that never ends', '/dev/zero', 'it is a link that leads out of the folder'],
    ['a link to itself', 'link.txt', 'its symbolic links run in a circle'],
    ['a link to nothing', 'gone.txt', 'there is no such file or folder'],
    ['a link to a folder in it', 'inner', 'it is a link to a folder'],
  ])('%s is read without it', (_what, target, reason) => {
    const parent = folderOf({ 'secret.txt': LISTING, 'snapshot/ipvsadm-ln.txt': LISTING, 'snapshot/inner/notes.md': 'see the ticket\n' });
    const folder = join(parent, 'snapshot');
    symlinkSync(target, join(folder, 'link.txt'));
    expect(told(folder)).toEqual([`link.txt is not read: ${reason}`, 'inner/notes.md is not used: it is no output of a known tool']);
  });

  it('links that lead to one another is read without them', () => {
    const folder = folderOf({ 'ipvsadm-ln.txt': LISTING });
    symlinkSync('two.txt', join(folder, 'one.txt'));
    symlinkSync('one.txt', join(folder, 'two.txt'));
    expect(told(folder)).toEqual([
      'one.txt is not read: its symbolic links run in a circle',
      'two.txt is not read: its symbolic links run in a circle',
    ]);
  });

  it('a pipe that nobody writes to is read without it, at once', () => {
    const folder = folderOf({ 'ipvsadm-ln.txt': LISTING });
    execFileSync('mkfifo', [join(folder, 'iptables-save.txt')]);
    expect(told(folder)).toEqual(['iptables-save.txt is not read: it is not a regular file']);
  });

  it('files of which nothing is known is read, and they are named with the reason', () => {
    const folder = folderOf({ 'ipvsadm-ln.txt': LISTING, 'dump.gz': '\u0000\u0001\u0000', 'notes.md': 'see the ticket\n' });
    expect(told(folder)).toEqual(['dump.gz is not used: it is binary, not text', 'notes.md is not used: it is no output of a known tool']);
  });

  it('a file beyond the limit is read without it', () => {
    const folder = folderOf({ 'ipvsadm-ln.txt': LISTING, 'iptables-save.txt': '' });
    truncateSync(join(folder, 'iptables-save.txt'), BEYOND_LIMIT);
    expect(told(folder)).toEqual(['iptables-save.txt is not read: it is larger than 512 MiB']);
  });

  it('folders a thousand deep is read without them', () => {
    const folder = folderOf({ 'ipvsadm-ln.txt': LISTING });
    mkdirSync(join(folder, ...Array.from({ length: 1000 }, () => 'd')), { recursive: true });
    expect(told(folder)).toEqual([
      `${Array.from({ length: 13 }, () => 'd').join('/')} is not read: it is too deep, or one of too many folders`,
    ]);
  });

  it('a name that acts on a terminal shows it escaped', () => {
    const folder = folderOf({ 'ipvsadm-ln.txt': LISTING });
    writeFileSync(join(folder, 'a\u001b[2J\nb'), 'note\n');
    expect(told(folder)).toEqual(['a\\x1b[2J\\nb is not used: it is no output of a known tool']);
  });

  it.skipIf(process.getuid?.() === 0)('a file that may not be read is read without it', () => {
    const folder = folderOf({ 'ipvsadm-ln.txt': LISTING, 'iptables-save.txt': '*nat\nCOMMIT\n' });
    chmodSync(join(folder, 'iptables-save.txt'), 0);
    expect(told(folder)).toEqual(['iptables-save.txt is not read: permission is denied']);
  });
});

describe('an input that is named itself', () => {
  const refused = { status: 2, stdout: '' };

  it('and is beyond the limit is refused', () => {
    const folder = folderOf({ 'iptables-save.txt': '' });
    const path = join(folder, 'iptables-save.txt');
    truncateSync(path, BEYOND_LIMIT);
    expect(netdrift(['diff', path, path])).toEqual({ ...refused, stderr: `netdrift: cannot read ${path}: it is larger than 512 MiB\n` });
  });

  it.each([
    ['diff', ['diff', '/dev/zero', '/dev/zero']],
    ['parse', ['parse', '/dev/zero']],
    ['parse --format jsonl', ['parse', '--format', 'jsonl', '/dev/zero']],
  ])('and never ends is refused by %s', (_command, args) => {
    expect(netdrift(args)).toEqual({ ...refused, stderr: 'netdrift: cannot read /dev/zero: it is larger than 512 MiB\n' });
  });

  it('and is a link in a circle is refused', () => {
    const folder = folderOf({});
    symlinkSync('loop', join(folder, 'loop'));
    for (const command of [
      ['diff', 'loop', 'loop'],
      ['parse', 'loop'],
    ]) {
      expect(netdrift(command, { cwd: folder })).toEqual({
        ...refused,
        stderr: 'netdrift: cannot read loop: its symbolic links run in a circle\n',
      });
    }
  });

  it('and is a link to a file is read as that file', () => {
    const folder = folderOf({ 'ipvsadm-ln.txt': LISTING });
    symlinkSync('ipvsadm-ln.txt', join(folder, 'current'));
    writeFileSync(join(folder, 'other.txt'), LISTING);
    expect(netdrift(['diff', 'current', 'other.txt'], { cwd: folder })).toMatchObject({ status: 0, stderr: '' });
  });
});
