import type { Part, SnapshotFile, SnapshotTrouble } from './snapshot.ts';

/** One output of a file, as if it were the only one, and the trouble with it. */
export interface Reading {
  readonly part: Part;
  readonly trouble?: SnapshotTrouble;
}

/**
 * The files that were read, so that a file with the same name and bytes is not read again. Belongs to one comparison: it holds all that
 * was read.
 */
export interface SeenFiles {
  /** What the file gave: what an equal one gave, or what `read` gives. */
  read(file: SnapshotFile, read: () => readonly Reading[]): readonly Reading[];
}

/**
 * Nothing seen yet; to be given to {@link readSnapshot} for each side of a comparison.
 *
 * @example
 * const seen = seenFiles();
 * const before = readSnapshot(files, seen);
 * const after = readSnapshot(copies, seen); // files that are the same bytes are not read again
 */
export function seenFiles(): SeenFiles {
  const seen = new Map<string, { readonly file: SnapshotFile; readonly found: readonly Reading[] }>();
  return {
    read(file, read) {
      const known = seen.get(file.name);
      if (known !== undefined && isSame(known.file, file)) return known.found;
      const found = read();
      seen.set(file.name, { file, found });
      return found;
    },
  };
}

function isSame(one: SnapshotFile, other: SnapshotFile): boolean {
  if (one.as !== other.as || one.command !== other.command || one.exitStatus !== other.exitStatus) return false;
  const { content } = one;
  if (typeof content === 'string' || typeof other.content === 'string') return content === other.content;
  return isSameBytes(content, other.content);
}

function isSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** Whether two lists of parts were made of the same files in the same order: then all that is made of them is the same. */
export function areSameParts(before: readonly Part[], after: readonly Part[]): boolean {
  if (before.length !== after.length) return false;
  return before.every(({ content, source, command, host }, index) => {
    const other = after[index];
    return other !== undefined && other.content === content && other.source === source && other.command === command && other.host === host;
  });
}
