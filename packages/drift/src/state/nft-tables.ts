import type { NftablesRuleset } from '@netdrift/nftables';
import type { Part } from '../read/snapshot.ts';
import { listsAllTables } from '../read/tables-of-nft.ts';
import type { NftTableEntry } from '../world/nftables/tables.ts';
import type { NftTables } from './model.ts';

interface View {
  readonly part: Part;
  readonly value: NftablesRuleset;
}

/** The tables of nft that a snapshot shows. Several listings of one moment show the same: the fullest one is taken for each table. */
export function shownNftTables(parts: readonly Part[]): NftTables | undefined {
  const views = parts.flatMap((part): View[] => (part.content.kind === 'nft' ? [{ part, value: part.content.value }] : []));
  if (views.length === 0) return undefined;
  const ordered = views.toSorted((one, other) => fullness(other) - fullness(one));
  const tables = new Map<string, NftTableEntry>();
  for (const { part, value } of ordered) {
    for (const table of value.tables) {
      const key = `${table.family} ${table.name}`;
      if (tables.has(key)) continue;
      const lineOf = ({ start, end }: { readonly start: number; readonly end: number }): readonly [number, number] => [
        part.lineAt(start),
        part.lineAt(Math.max(start, end - 1)),
      ];
      tables.set(key, {
        table,
        whole: part.completeness.state === 'complete' && table.chains !== undefined,
        originOf: (span) => ({ part: part.index, lines: lineOf(span) }),
      });
    }
  }
  return { tables, complete: views.some(({ part }) => listsAllTables(part)), origins: views.map(({ part }) => part.index) };
}

/** Text before JSON, which lacks comments and flags in old versions; whole before cut; with elements before terse. */
function fullness({ part, value }: View): number {
  const hasElements = value.tables.some(({ sets = [] }) => sets.some(({ elements }) => elements !== undefined));
  return (part.completeness.state === 'complete' ? 4 : 0) + (hasElements ? 2 : 0) + (value.layout.form === 'listing' ? 1 : 0);
}
