import { createReadStream, existsSync } from 'node:fs';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { reasonOf, Trouble } from '../trouble.ts';
import { unpacked } from './archive.ts';
import { FileTree } from './file-tree.ts';
import { MAX_INPUT_BYTES, TOO_LARGE, tooLarge, wholeOf } from './input-limit.ts';
import { withManifest } from './manifest.ts';
import type { StandardInput } from './standard-input.ts';
import type { LoadedFile, LoadedSnapshot } from './loaded-snapshot.ts';

/** What `KIND=file` may say: words that the library checks the content against. */
const KINDS: readonly string[] = [
  'nat',
  'filter',
  'mangle',
  'raw',
  'security',
  'iptables',
  'ip6tables',
  'ipvsadm',
  'ipset',
  'nft',
  'modules',
  'lsmod',
];

/**
 * Reads the snapshot that an argument names: a folder, an archive, a file, `KIND=file`, or `-`.
 *
 * A folder gives its own files and those of folders inside it; a link in it is followed only to a file that is in the
 * folder too, and nothing but regular files is opened there. A file named directly may also be a pipe.
 *
 * @throws {@link Trouble} when the argument itself cannot be read.
 */
export async function loadSnapshot(argument: string, standardInput: StandardInput): Promise<LoadedSnapshot> {
  return withManifest(await loadNamed(argument, standardInput));
}

async function loadNamed(argument: string, standardInput: StandardInput): Promise<LoadedSnapshot> {
  if (argument === '') throw new Trouble('the name of a snapshot is empty');
  if (argument === '-') return fileOrArchive('-', await loadText('-', standardInput));
  const named = /^([a-z][a-z0-9.-]*)=(.+)$/s.exec(argument);
  if (named?.[1] !== undefined && named[2] !== undefined && !existsSync(argument)) {
    const [, as, path] = named;
    if (!KINDS.includes(as))
      throw new Trouble(`cannot read ${argument}: "${as}" is no kind of listing; expected one of ${KINDS.join(', ')}`);
    return single({ name: path, content: await loadText(path, standardInput), as });
  }
  const facts = await stat(argument).catch((error: unknown) => {
    throw new Trouble(`cannot read ${argument}: ${reasonOf(error)}`);
  });
  return facts.isDirectory() ? readFolder(argument) : fileOrArchive(argument, await readNamed(argument));
}

function fileOrArchive(name: string, content: Uint8Array): LoadedSnapshot {
  return unpacked(name, content) ?? single({ name, content });
}

/**
 * The bytes of one text: a file, a pipe, or `-`.
 *
 * @throws {@link Trouble} when it cannot be read.
 */
export async function loadText(name: string, standardInput: StandardInput): Promise<Uint8Array> {
  if (name === '') throw new Trouble('the name of a file is empty');
  return name === '-' ? standardInput.bytes() : readNamed(name);
}

function single(file: LoadedFile): LoadedSnapshot {
  return { files: [file], skipped: [] };
}

async function readNamed(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MAX_INPUT_BYTES) throw tooLarge(path);
    // A pipe or a device tells no size and may never end.
    return await wholeOf(path, createReadStream(path));
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

/** Folders in a folder that are looked into, and how deep. */
const MAX_FOLDERS = 5_000;
const MAX_DEPTH = 12;

async function readFolder(folder: string): Promise<LoadedSnapshot> {
  const tree = new FileTree(basename(folder));
  const root = await realpath(folder);
  const waiting: { readonly path: string; readonly depth: number }[] = [{ path: '', depth: 0 }];
  for (let next = 0; next < waiting.length; next += 1) {
    const { path: own, depth } = waiting[next] ?? { path: '', depth: 0 };
    const names = await readdir(join(folder, own)).catch((error: unknown) => {
      if (own === '') throw new Trouble(`cannot read ${folder}: ${reasonOf(error)}`);
      tree.skip(own, reasonOf(error));
      return [];
    });
    for (const name of names.sort()) {
      const path = own === '' ? name : `${own}/${name}`;
      try {
        const { reason, isFolder } = await whySkipped(root, join(folder, path));
        if (reason !== undefined) tree.skip(path, reason);
        else if (!isFolder) tree.add(path, await readFile(join(folder, path)));
        else if (depth >= MAX_DEPTH || waiting.length >= MAX_FOLDERS) tree.skip(path, 'it is too deep, or one of too many folders');
        else if (!name.startsWith('.')) waiting.push({ path, depth: depth + 1 });
      } catch (error) {
        tree.skip(path, reasonOf(error));
      }
    }
  }
  return { ...tree.loaded(), folder: folder.replace(/\/+$/, '') };
}

async function whySkipped(root: string, path: string): Promise<{ readonly reason?: string; readonly isFolder: boolean }> {
  const target = await realpath(path);
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep))
    return { reason: 'it is a link that leads out of the folder', isFolder: false };
  const facts = await stat(target);
  // A link to a folder may lead round in a circle.
  if (facts.isDirectory())
    return (await lstat(path)).isSymbolicLink() ? { reason: 'it is a link to a folder', isFolder: true } : { isFolder: true };
  if (!facts.isFile()) return { reason: 'it is not a regular file', isFolder: false };
  return facts.size > MAX_INPUT_BYTES ? { reason: TOO_LARGE, isFolder: false } : { isFolder: false };
}
