import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, it } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The folder of captured tool output that stands beside the project, or where `NETDRIFT_CORPUS` says.
 *
 * It is not part of the repository: tests that use it run through {@link describeCorpus}, which skips where it is absent.
 */
export const corpusFolder: string = process.env['NETDRIFT_CORPUS'] ?? join(repository, '..', 'shared', 'corpus');

/** Whether a file or folder of the corpus is there; `path` is relative to the corpus, with or without `.gz`. */
export function hasCorpus(path = '.'): boolean {
  const full = join(corpusFolder, path);
  return existsSync(full) || existsSync(`${full}.gz`);
}

/**
 * The bytes of a corpus file. A file that is stored compressed is unpacked, and may be named without its `.gz`.
 *
 * @example
 * corpusBytes('ipvsadm/seed/list.txt').length // => 1042
 */
export function corpusBytes(path: string): Uint8Array {
  const full = join(corpusFolder, path);
  const stored = existsSync(full) ? full : `${full}.gz`;
  const bytes = readFileSync(stored);
  return stored.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** The text of a corpus file read as UTF-8; use {@link corpusBytes} where a file may hold other bytes. */
export function corpusFile(path: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(corpusBytes(path));
}

/**
 * The files below a folder of the corpus, relative to the corpus, sorted, with `/` between names and without `.gz`.
 *
 * @example
 * corpusFiles('iptables/scenarios', (name) => name.endsWith('.txt'))
 */
export function corpusFiles(folder: string, wanted: (path: string) => boolean = () => true): string[] {
  const start = join(corpusFolder, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(corpusFolder, join(entry.parentPath, entry.name)).split(sep).join('/').replace(/\.gz$/, ''))
    .filter(wanted)
    .sort();
}

/**
 * A `describe` over part of the corpus. Where that part is absent it holds one skipped test that says so:
 * a clone without the corpus passes.
 */
export function describeCorpus(path: string, name: string, tests: () => void): void {
  if (hasCorpus(path)) {
    describe(name, tests);
    return;
  }
  describe(name, () => {
    it(`is skipped: ${path} is not in ${process.env['NETDRIFT_CORPUS'] === undefined ? '../shared/corpus' : 'NETDRIFT_CORPUS'}`, (context) => {
      context.skip('the corpus is not here');
    });
  });
}
