import { gunzipSync } from 'node:zlib';
import { Trouble } from '../trouble.ts';
import { MAX_INPUT_BYTES, tooLarge } from './input-limit.ts';
import type { LoadedSnapshot, SkippedFile } from './loaded-snapshot.ts';
import { isTar, tarMembers } from './tar.ts';

/**
 * The files of a `.tar`, `.tar.gz` or `.gz`; undefined for bytes that are none. A folder at its top, in which all files stand, is left out of
 * their names, so that they are those of the folder that was packed. What is unpacked is no more than an input may have.
 *
 * @throws {@link Trouble} for an archive that is damaged at its start, or larger than an input may be.
 */
export function unpacked(name: string, bytes: Uint8Array): LoadedSnapshot | undefined {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const content = isGzip ? gunzipped(name, bytes) : bytes;
  if (!isTar(content)) return isGzip ? { files: [{ name: name.replace(/\.gz$/, ''), content }], skipped: [] } : undefined;
  const skipped: SkippedFile[] = [];
  const members = tarMembers(content, () => skipped.push({ name, reason: 'the archive is cut or damaged: what comes after is lost' }));
  const top = topFolder(members.map(({ path }) => path));
  const files = [];
  for (const { path, content: member } of members) {
    const own = path.replace(/^\.\//, '').slice(top.length);
    if (own.includes('/')) skipped.push({ name: own, reason: 'it is in a folder of the archive' });
    else files.push({ name: own, content: member });
  }
  // The order of an archive is that of a folder on some disk.
  return { files: files.sort((one, other) => (one.name < other.name ? -1 : 1)), skipped, folder: name };
}

function gunzipped(name: string, bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_INPUT_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(name);
    throw new Trouble(`cannot read ${name}: it is damaged or cut: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The folder, with its slash, in which all paths stand; '' where there is none. */
function topFolder(paths: readonly string[]): string {
  const [first = ''] = paths.map((path) => path.replace(/^\.\//, ''));
  const folder = first.slice(0, first.indexOf('/') + 1);
  return paths.every((path) => path.replace(/^\.\//, '').startsWith(folder)) ? folder : '';
}
