import { unzipSync } from 'fflate';
import type { ArchiveMember } from './tar.ts';

/** Whether bytes begin a zip archive, which may be empty. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 0x03 && bytes[3] === 0x04) || (bytes[2] === 0x05 && bytes[3] === 0x06));
}

/**
 * The files of a zip archive that `wants` takes, in their order. What an archive says of the sizes of its files is what is unpacked of them
 * at most, so that their sum is a limit.
 *
 * @throws Error for an archive that is damaged, or encrypted.
 */
export function zipMembers(bytes: Uint8Array, wants: (path: string, size: number) => boolean): ArchiveMember[] {
  // The compression of what is taken is stored or deflated; another one is an error of fflate.
  const files = unzipSync(bytes, { filter: ({ name, originalSize }) => !name.endsWith('/') && wants(name, originalSize) });
  return Object.entries(files).map(([path, content]) => ({ path, content }));
}
