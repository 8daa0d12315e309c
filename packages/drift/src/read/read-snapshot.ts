import { firstNames } from '../common/first-names.ts';
import { whyIncomplete } from './completeness.ts';
import { hostsOf } from './moments/hosts.ts';
import { firstState, lastState, momentsOf } from './moments/moments.ts';
import { readFile } from './read-file.ts';
import { isKnown } from './read-sections.ts';
import { seenFiles, type Reading, type SeenFiles } from './seen-files.ts';
import { withoutIptables } from './tables-of-nft.ts';
import type { Part, Snapshot, SnapshotFile, SnapshotTrouble } from './snapshot.ts';

/**
 * Reads what was captured: each file, and each output in a pasted transcript, is recognised by its content, by the command before it, by
 * the file's name, or by what its giver says it is. One snapshot is one host at one moment: they come host by host, each host's moments in
 * their order, and at least one comes, however little was given.
 *
 * The last snapshot of a host is what it showed last, with `earlier` telling what was left out of it; the first one is what it showed
 * first. Nothing is ever the union of two moments.
 *
 * Never throws on content. What cannot be read is among `troubles` with its file and reason where it was given as a listing; a file
 * of another kind (a manifest, a note) is a part of kind `unknown` and no trouble. Where nothing is known, that is a trouble.
 * A file that is among those already `seen` gives what it gave there.
 *
 * @example
 * readSnapshots([{ name: 'ticket.txt', content: 'root@a:~# ipvsadm -ln\n…root@b:~# ipvsadm -ln\n…' }]).map(({ host }) => host) // => ['a',
 * 'b']
 */
export function readSnapshots(files: readonly SnapshotFile[], seen: SeenFiles = seenFiles()): readonly [Snapshot, ...Snapshot[]] {
  const readings = withoutIptables(
    files
      .flatMap((file) => seen.read(file, () => readFile(file)))
      .map((reading, index): Reading => ({ ...reading, part: { ...reading.part, index } })),
  );
  const parts = readings.map(({ part }) => part);
  const troubles = new Map(readings.map(({ part, trouble }) => [part.index, trouble]));
  const [first, ...others] = hostsOf(parts).flatMap(({ host, parts: own }) => snapshotsOf(host, own, troubles));
  const only = first ?? { parts: [], troubles: [] };
  if (parts.some((part) => isKnown(part.content)) || [...troubles.values()].some((trouble) => trouble !== undefined))
    return [only, ...others];
  return [{ ...only, troubles: [nothingKnown(files, parts)] }, ...others];
}

/**
 * Reads what was captured of one node: its last moment. Of several hosts it is the first one, and that there are others is a trouble:
 * {@link readSnapshots} gives them all.
 *
 * @example
 * readSnapshot([{ name: 'ipvsadm-ln.txt', content: 'IP Virtual Server version 1.2.1 (size=4096)\n…' }]).parts[0]?.title // => 'ipvsadm'
 */
export function readSnapshot(files: readonly SnapshotFile[], seen: SeenFiles = seenFiles()): Snapshot {
  const [first, ...others] = lastOfEachHost(readSnapshots(files, seen));
  if (others.length === 0) return first;
  const names = [first, ...others].map(({ host }) => hostName(host));
  return {
    ...first,
    troubles: [
      ...first.troubles,
      { code: 'snapshot/several-hosts', message: `holds outputs of ${names.length} hosts, ${firstNames(names, 5)}: a snapshot is of one` },
    ],
  };
}

/** What a host is called whom no text names. */
export function hostName(host: string | undefined): string {
  return host ?? 'host not named';
}

/** The last snapshot of each host, in the order of the hosts. */
export function lastOfEachHost(snapshots: readonly [Snapshot, ...Snapshot[]]): readonly [Snapshot, ...Snapshot[]] {
  const last = new Map(snapshots.map((snapshot) => [snapshot.host, snapshot]));
  const [first = snapshots[0], ...others] = last.values();
  return [first, ...others];
}

/** The snapshots of one host: as many as it has moments, of which the first and the last take in what nothing shows again. */
function snapshotsOf(
  host: string | undefined,
  parts: readonly Part[],
  troubles: ReadonlyMap<number, SnapshotTrouble | undefined>,
): Snapshot[] {
  const moments = momentsOf(parts);
  const last = lastState(moments);
  const named = host === undefined ? {} : { host };
  const snapshot = (own: readonly Part[]): Snapshot => ({
    ...named,
    ...timeOf(own),
    parts: own.map((part, index) => ({ ...part, index })),
    troubles: own.flatMap(({ index }) => troubles.get(index) ?? []),
  });
  if (last.moments === 0) return [snapshot(last.parts)];
  const first = firstState(moments).parts;
  const told = new Set([...first, ...last.parts]);
  const between = moments.filter((moment) => !moment.parts.some((part) => told.has(part))).map((moment) => snapshot(moment.parts));
  return [snapshot(first), ...between, { ...snapshot(last.parts), earlier: { moments: last.moments, parts: last.leftOut } }];
}

/** The latest time that outputs show. */
function timeOf(parts: readonly Part[]): Pick<Snapshot, 'time'> {
  const time = parts
    .flatMap((part) => part.time ?? [])
    .sort()
    .at(-1);
  return time === undefined ? {} : { time };
}

/** What is needed where nothing could be read. */
const help = 'needed is what ipvsadm -ln, iptables-save, ipset list, nft list ruleset or lsmod printed';

function nothingKnown(files: readonly SnapshotFile[], [first]: readonly Part[]): SnapshotTrouble {
  const names = files.map((file) => file.name);
  const shown = `${names.slice(0, 5).join(', ')}${names.length > 5 ? `, ${names.length - 5} more` : ''}`;
  const [only] = names;
  if (only === undefined) return { code: 'snapshot/nothing-known', message: 'holds no file', help };
  const because = (first === undefined ? undefined : whyIncomplete(first.completeness)) ?? 'is no output of a known tool';
  if (names.length === 1) return { code: 'snapshot/nothing-known', source: only, message: because, help };
  return { code: 'snapshot/nothing-known', message: `holds no output of a known tool: ${shown}`, help };
}
