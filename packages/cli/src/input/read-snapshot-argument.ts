import { hostName, lastOfEachHost, readSnapshots, type RenderOptions, type SeenFiles, type Snapshot, whyIncomplete } from '@netdrift/drift';
import { tellNote, tellWork } from '../output/tell.ts';
import { Trouble } from '../trouble.ts';
import type { Manifest } from './loaded-snapshot.ts';
import { loadSnapshot } from './snapshot-files.ts';
import type { StandardInput } from './standard-input.ts';

/** A snapshot, and what `netdrift capture` wrote about it. */
export interface ReadSnapshot extends Snapshot {
  readonly manifest?: Manifest;
  /** The folder or archive in which its files stand. */
  readonly folder?: string;
}

/** Where the files of both sides stand, for formats that name them by their paths. */
export function foldersOf(sides: { readonly before?: ReadSnapshot; readonly after?: ReadSnapshot }): NonNullable<RenderOptions['folders']> {
  const before = sides.before?.folder;
  const after = sides.after?.folder;
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** One snapshot or several, of which the first one is always there. */
type Snapshots = readonly [ReadSnapshot, ...ReadSnapshot[]];

/**
 * Reads what an argument names as one host at its last moment.
 *
 * @throws {@link Trouble} where it shows several hosts.
 */
export async function readSnapshotArgument(argument: string, standardInput: StandardInput, seen?: SeenFiles): Promise<ReadSnapshot> {
  const [first, ...others] = lastOfEachHost(await readSnapshotsArgument(argument, standardInput, seen));
  if (others.length === 0) return first;
  const hosts = [first, ...others].map(({ host }) => hostName(host));
  throw new Trouble(
    `${argument}: shows ${hosts.length} hosts, ${hosts.slice(0, NAMED).join(', ')}${hosts.length > NAMED ? ` and ${hosts.length - NAMED} more` : ''}: one is compared at a time, or several with --nodes`,
  );
}

/** Hosts that a refusal names. */
const NAMED = 5;

/**
 * Reads what an argument names, every host and moment of it; what of it is not read or not used is told on standard error. Files that are
 * `seen` are not read twice.
 */
export async function readSnapshotsArgument(argument: string, standardInput: StandardInput, seen?: SeenFiles): Promise<Snapshots> {
  const { files, skipped, manifest, folder } = await loadSnapshot(argument, standardInput);
  for (const { name, reason } of skipped) tellNote(`${argument}: ${name} is not read: ${reason}`);
  const began = Date.now();
  const snapshots = readSnapshots(files, seen);
  for (const { source, title, completeness } of snapshots.flatMap(({ parts }) => parts))
    tellWork(`${argument}: ${source}: ${title}, ${completeness.state}`);
  tellWork(`${argument}: ${files.length} ${files.length === 1 ? 'file' : 'files'} read in ${Date.now() - began} ms`);
  // A capture holds what other versions of netdrift read too.
  const captured = new Set(manifest?.commands.map(({ file }) => file));
  for (const { name, reason } of unusedFiles(snapshots))
    if (!captured.has(name)) tellNote(`${argument}: ${name} is not used: it ${reason}`);
  const about = { ...(manifest === undefined ? {} : { manifest }), ...(folder === undefined ? {} : { folder }) };
  const [first, ...others] = snapshots;
  return [{ ...first, ...about }, ...others.map((snapshot) => ({ ...snapshot, ...about }))];
}

/** Files of which nothing is known, beside others; that a snapshot has no other file is a trouble of its own. */
function unusedFiles(snapshots: Snapshots): { readonly name: string; readonly reason: string }[] {
  const parts = snapshots.flatMap((snapshot) => snapshot.parts);
  const troubles = snapshots.flatMap((snapshot) => snapshot.troubles);
  const used = new Set(parts.filter(({ content }) => content.kind !== 'unknown').map(({ source }) => source));
  const told = new Set(troubles.map(({ source }) => source));
  const unused = new Map(
    parts
      .filter(({ source }) => !used.has(source) && !told.has(source))
      .map(({ source, completeness }) => [source, whyIncomplete(completeness) ?? 'is no output of a known tool']),
  );
  return used.size === 0 ? [] : [...unused].map(([name, reason]) => ({ name, reason }));
}
