import { gunzipSync } from 'node:zlib';
import { Trouble } from '../trouble.ts';
import { FileTree } from './file-tree.ts';
import { MAX_INPUT_BYTES, tooLarge } from './input-limit.ts';
import type { LoadedSnapshot } from './loaded-snapshot.ts';
import { isTar, tarMembers } from './tar.ts';
import { isZip, zipMembers } from './zip.ts';

/**
 * The files of a `.tar`, `.tar.gz`, `.zip` or `.gz`, of folders in it and of archives in it; undefined for bytes that are none. Folders in
 * which all files stand are left out of their names, so that they are those of the folder that was packed. What is unpacked is no more than
 * an input may have.
 *
 * @throws {@link Trouble} for an archive that is damaged at its start, or larger than an input may be.
 */
export function unpacked(name: string, bytes: Uint8Array): LoadedSnapshot | undefined {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const content = isGzip ? gunzipped(name, bytes, MAX_INPUT_BYTES) : bytes;
  if (!isTar(content) && !isZip(content))
    return isGzip ? { files: [{ name: name.replace(/\.gz$/, ''), content }], skipped: [] } : undefined;
  const tree = new FileTree();
  addArchive(tree, name, '', content, 0);
  return { ...tree.loaded(), folder: name };
}

/** Archives in archives that are opened. */
const DEPTH = 2;

/** Adds the files of an archive, each under the path of the archive and its own. */
function addArchive(tree: FileTree, name: string, prefix: string, content: Uint8Array, depth: number): void {
  const lost = (): void => tree.skip(prefix === '' ? name : prefix, 'the archive is cut or damaged: what comes after is lost');
  for (const { path, content: member } of isTar(content) ? tarMembers(content, lost) : unzipped(tree, name, content))
    addMember(tree, `${prefix}${path.replace(/^(?:\.?\/)+/, '')}`, member, depth);
}

function unzipped(tree: FileTree, name: string, content: Uint8Array): ReturnType<typeof zipMembers> {
  let room = tree.room;
  try {
    return zipMembers(content, (path, size) => {
      room -= size;
      if (room < 0) tree.skip(path, 'the archive unpacks to more than 512 MiB');
      return room >= 0;
    });
  } catch (error) {
    throw new Trouble(`cannot read ${name}: it is damaged or cut: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function addMember(tree: FileTree, path: string, content: Uint8Array, depth: number): void {
  const isGzip = content[0] === 0x1f && content[1] === 0x8b;
  if (!isGzip && !isTar(content) && !isZip(content)) {
    tree.add(path, content);
    return;
  }
  if (depth >= DEPTH) {
    tree.skip(path, 'it is an archive in an archive in an archive');
    return;
  }
  try {
    const inner = isGzip ? gunzipped(path, content, tree.room) : content;
    if (isTar(inner) || isZip(inner)) addArchive(tree, path, `${path.replace(/\.(?:tar\.gz|tgz|tar|zip)$/, '')}/`, inner, depth + 1);
    else tree.add(path.replace(/\.gz$/, ''), inner);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    tree.skip(path, error.message.replace(`cannot read ${path}: `, ''));
  }
}

function gunzipped(name: string, bytes: Uint8Array, limit: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, limit) });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(name);
    throw new Trouble(`cannot read ${name}: it is damaged or cut: ${error instanceof Error ? error.message : String(error)}`);
  }
}
