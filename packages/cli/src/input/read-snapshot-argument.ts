import { readSnapshot, type Snapshot } from '@netdrift/drift';
import { tell } from '../output/tell.ts';
import { loadSnapshot } from './snapshot-files.ts';
import type { StandardInput } from './standard-input.ts';

/** The snapshot that an argument names; what of it is not read is told on standard error. */
export async function readSnapshotArgument(argument: string, standardInput: StandardInput): Promise<Snapshot> {
  const { files, skipped } = await loadSnapshot(argument, standardInput);
  for (const { name, reason } of skipped) tell(`${argument}: ${name} is not read: ${reason}`);
  return readSnapshot(files);
}
