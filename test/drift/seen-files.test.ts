import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffSnapshots, readSnapshot, renderJson, renderText, seenFiles, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const filesOf = (folder: string): SnapshotFile[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.txt') || name.endsWith('.json'))
    .map((name) => ({ name, content: new Uint8Array(readFileSync(join(folder, name))) }));
const copiesOf = (files: readonly SnapshotFile[]): SnapshotFile[] =>
  files.map((file) => ({ ...file, content: Uint8Array.from(file.content as Uint8Array) }));

const incidents = readdirSync('fixtures/incidents').map((name) => `fixtures/incidents/${name}/before`);
const FOLDERS = ['fixtures/demo/before', 'fixtures/demo/drifted', ...incidents.filter((_, index) => index % 4 === 0)];

const both = (before: readonly SnapshotFile[], after: readonly SnapshotFile[]): string[] => {
  const seen = seenFiles();
  return [
    diffSnapshots(readSnapshot(before), readSnapshot(after)),
    diffSnapshots(readSnapshot(before, seen), readSnapshot(after, seen)),
  ].map((report) => renderJson(report) + renderText(report));
};

describe('a file that is the same bytes on both sides', () => {
  it.each(FOLDERS)('is read once, and the report is that of reading it twice (%s)', (folder) => {
    const files = filesOf(folder);
    expect(files.length).toBeGreaterThan(0);
    const [apart, together] = both(files, copiesOf(files));
    expect(together).toBe(apart);
  });

  it('is told as unreadable for each side', () => {
    const files = [{ name: 'iptables-nat-nL.txt', content: Uint8Array.of(1, 2, 3, 0, 0xff) }, ...filesOf('fixtures/demo/before')];
    const [apart, together] = both(files, copiesOf(files));
    expect(together).toBe(apart);
    expect(together).toContain('iptables-nat-nL.txt');
  });

  it('has its place among the others where these differ', () => {
    const [apart, together] = both(filesOf('fixtures/demo/before'), filesOf('fixtures/demo/drifted').slice(1));
    expect(together).toBe(apart);
  });

  it('is not taken for one of another name, or of which something else is said', () => {
    const [file] = filesOf('fixtures/demo/before').filter(({ name }) => name === 'iptables-nat-nL.txt');
    if (file === undefined) throw new Error('the demo has a nat table');
    const seen = seenFiles();
    const [first] = readSnapshot([file], seen).parts;
    expect(first?.title).toBe('iptables nat');
    expect(readSnapshot([{ ...file, content: Uint8Array.from(file.content as Uint8Array) }], seen).parts[0]?.content).toBe(first?.content);
    for (const other of [
      { ...file, name: 'x.txt' },
      { ...file, as: 'filter' },
      { ...file, command: 'iptables -t nat -nL' },
    ])
      expect(readSnapshot([other], seen)).toMatchObject({
        parts: readSnapshot([other]).parts.map(({ title, source }) => ({ title, source })),
      });
  });
});
