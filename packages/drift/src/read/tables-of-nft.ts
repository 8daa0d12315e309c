import { readFile } from './read-file.ts';
import type { Reading } from './seen-files.ts';
import type { Part } from './snapshot.ts';

/** Whether a part lists every table of nft; `list table` and `list chain` show one. */
export function listsAllTables({ content, completeness, source, command }: Part): boolean {
  if (content.kind !== 'nft' || completeness.state !== 'complete') return false;
  const { form } = content.value.layout;
  if (form !== 'listing' && form !== 'json') return false;
  return !/list[ -](?:tables?|chains?|sets?|maps?)\b/.test(command ?? source.slice(source.lastIndexOf('/') + 1));
}

/**
 * Readings in which an empty iptables-save is the listing of no table, where nft lists all of its tables and iptables has made none of the
 * family: those of iptables-nft are tables of nft.
 */
export function withoutIptables(readings: readonly Reading[]): readonly Reading[] {
  const listing = readings.map(({ part }) => part).find(listsAllTables);
  if (listing?.content.kind !== 'nft') return readings;
  const managed = new Set(listing.content.value.tables.flatMap(({ family, managedBy }) => (managedBy === undefined ? [] : [family])));
  return readings.map((reading) => {
    const [, six] = /^ip(6?)tables(?:-nft)?-save/.exec(reading.part.source.slice(reading.part.source.lastIndexOf('/') + 1)) ?? [];
    if (reading.trouble?.code !== 'snapshot/empty' || six === undefined || managed.has(six === '6' ? 'ip6' : 'ip')) return reading;
    const [answer] = readFile({ name: reading.part.source, content: '', exitStatus: 0 });
    return answer === undefined ? reading : { part: { ...answer.part, index: reading.part.index } };
  });
}
