/**
 * Why a command cannot answer: bad usage, or input that cannot be read. It ends the run with exit status 2 and its
 * message on standard error, and is never mistaken for "no drift".
 */
export class Trouble extends Error {
  override readonly name = 'Trouble';
}

/** What a failed file system call means, in a person's words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS.get(code) ?? (error instanceof Error ? error.message : String(error));
}

const REASONS = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EACCES', 'permission is denied'],
  ['EPERM', 'permission is denied'],
  ['ELOOP', 'its symbolic links run in a circle'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['ENOSPC', 'no space is left on the device'],
  ['EBADF', 'it is closed'],
  ['EIO', 'the device does not answer'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ERR_FS_FILE_TOO_LARGE', 'it is larger than 2 GiB'],
]);
