import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { reasonOf, Trouble } from '../trouble.ts';
import { unpacked } from './archive.ts';
import { MAX_INPUT_BYTES, TOO_LARGE, tooLarge, wholeOf } from './input-limit.ts';
import { withManifest } from './manifest.ts';
import type { StandardInput } from './standard-input.ts';
import type { LoadedFile, SkippedFile, LoadedSnapshot } from './loaded-snapshot.ts';

/** What `KIND=file` may say: words that the library checks the content against. */
const KINDS: readonly string[] = ['nat', 'filter', 'mangle', 'raw', 'security', 'iptables', 'ip6tables', 'ipvsadm', 'ipset', 'nft', 'modules', 'lsmod'];

/**
 * Reads the snapshot that an argument names: a folder, an archive, a file, `KIND=file`, or `-`.
 *
 * A folder gives its own files and not those of folders inside it; a link in it is followed only to a file that is in the
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
    if (!KINDS.includes(as)) throw new Trouble(`cannot read ${argument}: "${as}" is no kind of listing; expected one of ${KINDS.join(', ')}`);
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

async function readFolder(folder: string): Promise<LoadedSnapshot> {
  const files: LoadedFile[] = [];
  const skipped: SkippedFile[] = [];
  const root = await realpath(folder);
  const names = await readdir(folder).catch((error: unknown) => {
    throw new Trouble(`cannot read ${folder}: ${reasonOf(error)}`);
  });
  for (const name of names.sort()) {
    const path = join(folder, name);
    try {
      const reason = await whySkipped(root, path);
      if (reason !== undefined) skipped.push({ name: basename(path), reason });
      else files.push({ name, content: await readFile(path) });
    } catch (error) {
      skipped.push({ name, reason: reasonOf(error) });
    }
  }
  return { files, skipped, folder: folder.replace(/\/+$/, '') };
}

async function whySkipped(root: string, path: string): Promise<string | undefined> {
  const target = await realpath(path);
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) return 'it is a link that leads out of the folder';
  const facts = await stat(target);
  if (facts.isDirectory()) return 'it is a folder; name it as a snapshot of its own';
  if (!facts.isFile()) return 'it is not a regular file';
  if (facts.size > MAX_INPUT_BYTES) return TOO_LARGE;
  return undefined;
}
