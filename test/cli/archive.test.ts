import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { unpacked } from '../../packages/cli/src/input/archive.ts';
import { withManifest } from '../../packages/cli/src/input/manifest.ts';
import { oddSides } from '../../packages/cli/src/input/odd-sides.ts';
import { folderOf } from '../support/cli.ts';

const LONG = `${'a-long-name-'.repeat(12)}.txt`;

/** Archives as tar makes them of one folder. */
function packed(files: Readonly<Record<string, string>>, ...options: readonly string[]): Uint8Array {
  const folder = folderOf(Object.fromEntries(Object.entries(files).map(([name, text]) => [`node/${name}`, text])));
  return execFileSync('tar', [...options, '-cf', '-', '-C', folder, 'node'], { maxBuffer: 1 << 28 });
}

const textsOf = (bytes: Uint8Array) => {
  const { files = [], skipped = [] } = unpacked('node.tar.gz', bytes) ?? {};
  return { files: files.map(({ name, content }) => [name, Buffer.from(content).toString()]), skipped };
};

describe('an archive that is named as a snapshot', () => {
  it.each(['--format=gnu', '--format=ustar', '--format=posix'])('gives its files by their own names, whatever %s calls them', (format) => {
    const files = format === '--format=ustar' ? { 'b.txt': 'two', 'a.txt': '' } : { 'b.txt': 'two', 'a.txt': '', [LONG]: 'x'.repeat(2000) };
    const expected = Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1));
    expect(textsOf(gzipSync(packed(files, format)))).toEqual({ files: expected, skipped: [] });
    expect(textsOf(packed(files, format))).toEqual({ files: expected, skipped: [] });
  });

  it('leaves out links in it, and gives the files of its folders', () => {
    const folder = folderOf({ 'node/a.txt': 'one', 'node/more/b.txt': 'two' });
    execFileSync('ln', ['-s', '/etc/passwd', join(folder, 'node/link.txt')]);
    expect(textsOf(execFileSync('tar', ['-czf', '-', '-C', folder, 'node']))).toEqual({
      files: [
        ['a.txt', 'one'],
        ['more/b.txt', 'two'],
      ],
      skipped: [],
    });
  });

  it('that was cut says so, and gives what stands before the cut', () => {
    const whole = packed({ 'a.txt': 'one', 'b.txt': 'y'.repeat(4000) }, '--sort=name');
    for (const length of [1536, 2560, 4000]) {
      const { files, skipped } = textsOf(whole.subarray(0, length));
      expect({ length, names: files.map(([name]) => name), skipped: skipped.length }).toEqual({
        length,
        names: length < 1536 ? [] : ['a.txt'],
        skipped: 1,
      });
    }
    expect(() => textsOf(gzipSync(whole).subarray(0, 60))).toThrow('cannot read node.tar.gz: it is damaged or cut');
  });

  it('of one file is that file', () => {
    expect(textsOf(gzipSync('hello\n'))).toEqual({ files: [['node.tar', 'hello\n']], skipped: [] });
  });

  it('that unpacks to more than an input may have is refused', () => {
    expect(() => unpacked('bomb.gz', gzipSync(Buffer.alloc(513 * 1024 * 1024), { level: 1 }))).toThrow(
      'cannot read bomb.gz: it is larger than 512 MiB',
    );
  });

  it.each(['-0', '-9'])('of zip gives the same files, packed with %s', (level) => {
    const files = { 'node/a.txt': 'one', 'node/more/b.txt': 'two'.repeat(1000) };
    const packedUp = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])), {
      level: level === '-0' ? 0 : 9,
    });
    expect(textsOf(packedUp)).toEqual({
      files: [
        ['a.txt', 'one'],
        ['more/b.txt', 'two'.repeat(1000)],
      ],
      skipped: [],
    });
    expect(() => textsOf(packedUp.subarray(0, packedUp.length - 10))).toThrow('cannot read node.tar.gz: it is damaged or cut');
  });

  it('in an archive is unpacked, three deep is not, and a bomb in it is left out', () => {
    const inner = gzipSync(packed({ 'ipvsadm-ln.txt': 'x' }));
    const bomb = gzipSync(Buffer.alloc(513 * 1024 * 1024), { level: 1 });
    const zipped = zipSync({
      'worker-0.tar.gz': inner,
      'log.gz': gzipSync('hello\n'),
      'bomb.gz': bomb,
      'deep.zip': zipSync({ 'two.zip': zipSync({ 'three.zip': zipSync({ a: Buffer.from('1') }) }) }),
    });
    expect(textsOf(zipped)).toEqual({
      files: [
        ['log', 'hello\n'],
        ['worker-0/node/ipvsadm-ln.txt', 'x'],
      ],
      skipped: [
        { name: 'bomb.gz', reason: 'it is larger than 512 MiB' },
        { name: 'deep/two/three.zip', reason: 'it is an archive in an archive in an archive' },
      ],
    });
  });

  it('of several nodes tells them apart', () => {
    const { files = [] } =
      unpacked(
        'all.zip',
        zipSync({
          'x/n1/ipvsadm-ln.txt': Buffer.from('1'),
          'x/n2/ipvsadm-ln.txt': Buffer.from('2'),
          'x/n1/date': Buffer.from('Tue Mar  2 10:03:18 UTC 2021\n'),
        }),
      ) ?? {};
    expect(files.map(({ name, host, time }) => [name, host, time])).toEqual([
      ['n1/date', 'n1', '2021-03-02T10:03:18'],
      ['n1/ipvsadm-ln.txt', 'n1', '2021-03-02T10:03:18'],
      ['n2/ipvsadm-ln.txt', 'n2', undefined],
    ]);
  });

  it('that is none is left to be read as text', () => {
    expect(unpacked('a.txt', Buffer.from('TCP  10.0.0.1:80 rr\n'))).toBeUndefined();
  });
});

describe('the manifest of a capture', () => {
  const manifest = {
    netdrift: '0.1.0',
    host: 'a',
    started: '2026-01-01T00:00:00Z',
    commands: [
      { file: 'ipset-save.txt', command: 'ipset save', ran: true, status: 0 },
      { file: 'ipvsadm-Sn.txt', command: 'ipvsadm -Sn', ran: false, reason: 'not loaded' },
      { file: 'x.txt', command: 'x', ran: false, reason: 'not installed' },
      7,
    ],
  };
  const loaded = (text: string) => ({
    files: [
      { name: 'ipset-save.txt', content: Buffer.from('') },
      { name: 'manifest.json', content: Buffer.from(text) },
    ],
    skipped: [],
  });

  it('tells how each command ended; what is not loaded is empty, what is not installed is not known', () => {
    expect(withManifest(loaded(JSON.stringify(manifest))).files).toEqual([
      { name: 'ipset-save.txt', content: Buffer.from(''), command: 'ipset save', exitStatus: 0 },
      { name: 'ipvsadm-Sn.txt', content: new Uint8Array(), command: 'ipvsadm -Sn', exitStatus: 0 },
    ]);
  });

  it.each(['', '{', '[]', '{"netdrift":1}', '{"host":"a","started":"b","commands":[]}'])(
    'that is none of ours stays a file: %s',
    (text) => {
      expect(withManifest(loaded(text)).files).toHaveLength(2);
    },
  );

  it('tells swapped sides and different hosts', () => {
    const of = (host: string, started: string) => ({ host, started, commands: [] });
    expect(oddSides(of('a', '2026-01-01T00:00:00Z'), of('a', '2026-01-02T00:00:00Z'))).toEqual([]);
    expect(oddSides(of('a', '2026-01-02T00:00:00Z'), of('a', '2026-01-01T00:00:00Z'))).toEqual([
      '<before> was captured at 2026-01-02T00:00:00Z, later than <after> at 2026-01-01T00:00:00Z: are they swapped?',
    ]);
    expect(oddSides(of('a', '2026-01-01T00:00:00Z'), of('b', '2026-01-02T00:00:00Z'))).toEqual([
      'the captures are of two hosts, a and b: diff --nodes compares nodes',
    ]);
    expect(oddSides(undefined, of('b', '2026-01-02T00:00:00Z'))).toEqual([]);
  });
});
