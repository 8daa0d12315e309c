import { addToGroup } from '../../common/add-to-group.ts';
import { hostName } from '../read-snapshot.ts';
import type { Part, Snapshot, SnapshotTrouble } from '../snapshot.ts';
import { areOfOneHost } from './same-host.ts';

/** The two sides that a text holds. */
export type SplitSnapshots =
  /** The first and the last moment of one host. */
  | {
      readonly kind: 'moments';
      readonly before: Snapshot;
      readonly after: Snapshot;
      /** Outputs that stand between the two: they belong to neither side. */
      readonly between: readonly Part[];
    }
  /** Two hosts at one moment each, to be compared as nodes. */
  | { readonly kind: 'nodes'; readonly nodes: readonly [Snapshot, Snapshot] }
  /** Anything else, and what was found. */
  | { readonly kind: 'refused'; readonly trouble: SnapshotTrouble };

/**
 * Takes what was captured apart into the two sides of a comparison: the first and the last moment of one host, or two hosts of which each
 * shows one moment. Nothing else has two sides: it is refused, and what was found is named. So are examples of an article, between which
 * words stand and of which nothing says that they are of one host.
 *
 * @example
 * const split = splitSnapshots(readSnapshots([{ name: 'ticket.txt', content: paste }]));
 * if (split.kind === 'moments') diffSnapshots(split.before, split.after).verdict // => 'drift'
 */
export function splitSnapshots(snapshots: readonly [Snapshot, ...Snapshot[]]): SplitSnapshots {
  const byHost = new Map<string | undefined, Snapshot[]>();
  for (const snapshot of snapshots) addToGroup(byHost, snapshot.host, snapshot);
  const [first, second, ...others] = [...byHost.values()];
  const [before, ...later] = first ?? [];
  const after = later.at(-1);
  if (before !== undefined && after !== undefined && second === undefined) {
    if (!areOfOneHost(before, after, later.length - 1)) return { kind: 'refused', trouble: unrelated(before, after) };
    const { earlier: _told, ...last } = after;
    return { kind: 'moments', before, after: last, between: later.slice(0, -1).flatMap(({ parts }) => parts) };
  }
  const [other, ...otherMoments] = second ?? [];
  if (before !== undefined && other !== undefined && later.length + otherMoments.length + others.length === 0)
    return { kind: 'nodes', nodes: [before, other] };
  // A text that could not be read says why.
  const [unread] = snapshots[0].troubles;
  return {
    kind: 'refused',
    trouble: unread !== undefined && unread.code !== 'snapshot/nothing-known' && byHost.size === 1 ? unread : troubleOf(byHost),
  };
}

/** The first outputs of the two sides that show the same, and why they are not compared. */
function unrelated({ parts }: Snapshot, after: Snapshot): SnapshotTrouble {
  const known = new Set(parts.map(({ content }) => content));
  const last = after.parts.filter(({ content }) => !known.has(content));
  const one = parts.find(({ title }) => last.some((part) => part.title === title)) ?? parts[0];
  const other = last.find(({ title }) => title === one?.title) ?? last[0];
  const places = `${one?.title ?? 'an output'} (line ${one?.lineAt(0) ?? 1}) and ${other?.title ?? 'another'} (line ${other?.lineAt(0) ?? 1})`;
  return {
    code: 'snapshot/unrelated',
    message: `nothing says that ${places} are of one host: words stand between them, no host is named, and they have too little in common`,
    help: 'put the two sides into files of their own and compare these',
  };
}

/** Hosts that a refusal names. */
const NAMED = 5;

function troubleOf(byHost: ReadonlyMap<string | undefined, readonly Snapshot[]>): SnapshotTrouble {
  const wanted = 'two sides are one host at two moments, or two hosts at one moment each';
  if (byHost.size === 1) {
    const [parts] = [...byHost.values()].map(([only]) => only?.parts ?? []);
    const known = parts?.some(({ content }) => content.kind !== 'unknown') === true;
    const found = known ? 'shows one host at one moment' : 'holds no output of a known tool';
    return { code: 'snapshot/nothing-twice', message: `${found}: there is nothing to compare; ${wanted}` };
  }
  const found = [...byHost]
    .slice(0, NAMED)
    .map(([host, { length }]) => `${hostName(host)} at ${length} ${length === 1 ? 'moment' : 'moments'}`);
  const more = byHost.size > NAMED ? `, ${byHost.size - NAMED} more` : '';
  return {
    code: 'snapshot/several-hosts',
    message: `shows ${byHost.size} hosts, ${found.join(', ')}${more}: ${wanted}; leave the rest out`,
  };
}
