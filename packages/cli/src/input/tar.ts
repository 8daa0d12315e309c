/** A regular file of an archive. */
export interface ArchiveMember {
  readonly path: string;
  readonly content: Uint8Array;
}

const BLOCK = 512;
const MAGIC = 'ustar';
const MAGIC_AT = 257;

/** Whether bytes begin a tar archive. */
export function isTar(bytes: Uint8Array): boolean {
  return text(bytes, MAGIC_AT, MAGIC.length) === MAGIC;
}

/**
 * The regular files of a tar archive, in their order; links, devices and folders are left out. What comes after damage is lost, and
 * `damaged` is then called.
 *
 * Format: POSIX.1-2001 (pax), "ustar Interchange Format"; the long names of GNU tar (type `L`) and pax headers (type `x`) are read.
 */
export function tarMembers(bytes: Uint8Array, damaged: () => void): ArchiveMember[] {
  const members: ArchiveMember[] = [];
  let longName: string | undefined;
  let at = 0;
  while (at + BLOCK <= bytes.length && bytes[at] !== 0) {
    const size = Number.parseInt(text(bytes, at + 124, 12).trim(), 8);
    const end = at + BLOCK + size;
    if (!isTar(bytes.subarray(at)) || !Number.isSafeInteger(size) || end > bytes.length) {
      damaged();
      return members;
    }
    const content = bytes.subarray(at + BLOCK, end);
    const type = text(bytes, at + 156, 1);
    if (type === 'L') longName = text(content, 0, content.length);
    else if (type === 'x') longName = paxPath(content) ?? longName;
    else {
      if (type === '0' || type === '') members.push({ path: longName ?? nameOf(bytes, at), content });
      longName = undefined;
    }
    at = end + ((BLOCK - (size % BLOCK)) % BLOCK);
  }
  // The end is a block of zeros; where it is missing, the archive was cut.
  if (at + BLOCK > bytes.length) damaged();
  return members;
}

function nameOf(bytes: Uint8Array, at: number): string {
  const name = text(bytes, at, 100);
  const prefix = text(bytes, at + 345, 155);
  // GNU tar has other fields where POSIX has the prefix: its magic ends in blanks.
  return prefix === '' || text(bytes, at + MAGIC_AT, 8) === 'ustar  ' ? name : `${prefix}/${name}`;
}

/** `path` of a pax header, whose records are `LENGTH KEY=VALUE` and a newline. */
function paxPath(content: Uint8Array): string | undefined {
  for (let at = 0; at < content.length;) {
    const length = Number.parseInt(text(content, at, 20), 10);
    if (!(length > 0)) return undefined;
    const record = Buffer.from(content.subarray(at, at + length)).toString('utf8');
    const [, path] = /^\d+ path=([^\n]*)\n$/.exec(record) ?? [];
    if (path !== undefined) return path;
    at += length;
  }
  return undefined;
}

/** Text up to a NUL. */
function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('utf8');
}
