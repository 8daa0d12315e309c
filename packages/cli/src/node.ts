import { readSnapshot, type Snapshot } from '@netdrift/drift';
import type { Manifest, SkippedFile } from './input/loaded-snapshot.ts';
import { loadSnapshot } from './input/snapshot-files.ts';
import { StandardInput } from './input/standard-input.ts';

export type { Manifest } from './input/loaded-snapshot.ts';
export type { SkippedFile } from './input/loaded-snapshot.ts';

/** A snapshot that was read from a disk. */
export interface SnapshotOnDisk {
  readonly snapshot: Snapshot;
  /** Files that were not read, each with its reason. */
  readonly skipped: readonly SkippedFile[];
  /** What `netdrift capture` wrote about it; missing where another program made it. */
  readonly manifest?: Manifest;
}

/**
 * Reads what the command line takes as a snapshot: a folder of outputs, an archive of one, a file, or `KIND=file`. For Node.js; the
 * libraries themselves read no files.
 *
 * Links out of a folder, pipes in it, and what is larger than 512 MiB are skipped.
 *
 * @throws an `Error` that says why, when the path itself cannot be read
 *
 * @example
 * const { snapshot } = await readSnapshotPath('captures/node-1.tar.gz');
 * checkSnapshot(snapshot).findings.length // => 0
 */
export async function readSnapshotPath(path: string): Promise<SnapshotOnDisk> {
  const { files, skipped, manifest } = await loadSnapshot(path, new StandardInput());
  return { snapshot: readSnapshot(files), skipped, ...(manifest === undefined ? {} : { manifest }) };
}
