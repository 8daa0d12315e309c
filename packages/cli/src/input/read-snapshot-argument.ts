import { readSnapshot, type Snapshot, whyIncomplete } from '@netdrift/drift';
import { tell } from '../output/tell.ts';
import { loadSnapshot } from './snapshot-files.ts';
import type { StandardInput } from './standard-input.ts';

/** Reads the snapshot that an argument names; what of it is not read or not used is told on standard error. */
export async function readSnapshotArgument(argument: string, standardInput: StandardInput): Promise<Snapshot> {
  const { files, skipped } = await loadSnapshot(argument, standardInput);
  for (const { name, reason } of skipped) tell(`${argument}: ${name} is not read: ${reason}`);
  const snapshot = readSnapshot(files);
  for (const { name, reason } of unusedFiles(snapshot)) tell(`${argument}: ${name} is not used: it ${reason}`);
  return snapshot;
}

/** Files of which nothing is known, beside others; that a snapshot has no other file is a trouble of its own. */
function unusedFiles({ parts, troubles }: Snapshot): { readonly name: string; readonly reason: string }[] {
  const used = new Set(parts.filter(({ content }) => content.kind !== 'unknown').map(({ source }) => source));
  const told = new Set(troubles.map(({ source }) => source));
  const unused = new Map(parts.filter(({ source }) => !used.has(source) && !told.has(source)).map(({ source, completeness }) => [source, whyIncomplete(completeness) ?? 'is no output of a known tool']));
  return used.size === 0 ? [] : [...unused].map(([name, reason]) => ({ name, reason }));
}
