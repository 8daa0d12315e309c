import { readSnapshot, type SeenFiles, type Snapshot, whyIncomplete } from '@netdrift/drift';
import { tell } from '../output/tell.ts';
import type { Manifest } from './manifest.ts';
import { loadSnapshot } from './snapshot-files.ts';
import type { StandardInput } from './standard-input.ts';

/** A snapshot, and what `netdrift capture` wrote about it. */
export interface ReadSnapshot extends Snapshot {
  readonly manifest?: Manifest;
}

/** Reads the snapshot that an argument names; what of it is not read or not used is told on standard error. Files that are `seen` are not read twice. */
export async function readSnapshotArgument(argument: string, standardInput: StandardInput, seen?: SeenFiles): Promise<ReadSnapshot> {
  const { files, skipped, manifest } = await loadSnapshot(argument, standardInput);
  for (const { name, reason } of skipped) tell(`${argument}: ${name} is not read: ${reason}`);
  const snapshot = readSnapshot(files, seen);
  // A capture holds what other versions of netdrift read too.
  const captured = new Set(manifest?.commands.map(({ file }) => file));
  for (const { name, reason } of unusedFiles(snapshot)) if (!captured.has(name)) tell(`${argument}: ${name} is not used: it ${reason}`);
  return manifest === undefined ? snapshot : { ...snapshot, manifest };
}

/** Files of which nothing is known, beside others; that a snapshot has no other file is a trouble of its own. */
function unusedFiles({ parts, troubles }: Snapshot): { readonly name: string; readonly reason: string }[] {
  const used = new Set(parts.filter(({ content }) => content.kind !== 'unknown').map(({ source }) => source));
  const told = new Set(troubles.map(({ source }) => source));
  const unused = new Map(parts.filter(({ source }) => !used.has(source) && !told.has(source)).map(({ source, completeness }) => [source, whyIncomplete(completeness) ?? 'is no output of a known tool']));
  return used.size === 0 ? [] : [...unused].map(([name, reason]) => ({ name, reason }));
}
