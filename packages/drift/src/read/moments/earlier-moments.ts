import { addToGroup } from '../../common/add-to-group.ts';
import { isPiece } from '../completeness.ts';
import type { Snapshot } from '../snapshot.ts';

/** What a report says of the outputs that it leaves out. */
export interface LeftOut {
  /** How many moments of the host stand before the one that is told. */
  readonly moments: number;
  readonly listings: readonly LeftOutListing[];
}

/** An output that is left out. */
export interface LeftOutListing {
  readonly title: string;
  readonly source: string;
  readonly line: number;
  /** True of a piece of a save, whose chains are shown again: it may be of the same moment. */
  readonly piece?: true;
}

/** Whose moment a snapshot is, for a report on it. */
export function momentOf(snapshot: Snapshot): { readonly host?: string; readonly time?: string; readonly leftOut?: LeftOut } {
  const { host, time } = snapshot;
  const leftOut = leftOutOf(snapshot);
  return {
    ...(host === undefined ? {} : { host }),
    ...(time === undefined ? {} : { time }),
    ...(leftOut === undefined ? {} : { leftOut }),
  };
}

/** What the last moment of a host leaves out; `undefined` where it is the only one. */
export function leftOutOf({ earlier }: Snapshot): LeftOut | undefined {
  if (earlier === undefined) return undefined;
  return {
    moments: earlier.moments,
    listings: earlier.parts.map((part) => ({
      title: part.title,
      source: part.source,
      line: part.lineAt(0),
      ...(isPiece(part.completeness) ? { piece: true as const } : {}),
    })),
  };
}

/** Lines of one kind of output that are named. */
const NAMED = 5;

/**
 * The same as a sentence without its full stop.
 *
 * @example
 * leftOutText(leftOut) // => '4 earlier moments are left out: 3 of iptables nat (lines 27, 60 and 85), 1 of ipvsadm (line 190)'
 */
export function leftOutText({ moments, listings }: LeftOut): string {
  const byTitle = new Map<string, number[]>();
  for (const { title, line } of listings) addToGroup(byTitle, title, line);
  const told = [...byTitle].map(
    ([title, lines]) => `${lines.length} of ${title} (${lines.length === 1 ? 'line' : 'lines'} ${listed(lines)})`,
  );
  const pieces = listings.every(({ piece }) => piece === true);
  const what = `${pieces ? '' : 'earlier '}${pieces ? 'piece' : 'moment'}${moments === 1 ? ' is' : 's are'}`;
  return `${moments} ${what} left out: ${told.join(', ')}${pieces ? ', whose chains are shown again' : ''}`;
}

function listed(lines: readonly number[]): string {
  const shown = lines.slice(0, NAMED).map(String);
  if (lines.length > NAMED) return `${shown.join(', ')} and ${lines.length - NAMED} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
