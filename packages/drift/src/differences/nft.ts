import type { NftMap, NftSet, Table } from '@netdrift/nftables';
import type { Model, NftTables } from '../state/model.ts';
import type { NftTableEntry } from '../world/nftables/tables.ts';
import { firstNames } from '../common/first-names.ts';

/** A table of nft that only one side has, or that differs between them. */
export interface NftTableDifference {
  readonly name: string;
  readonly before?: NftTableEntry;
  readonly after?: NftTableEntry;
  /** Chains, sets and maps that differ, as `chain input`. */
  readonly parts: readonly string[];
}

/** The tables of nft that differ where both sides list them; those of iptables-nft are compared as iptables lists them. */
export function compareNft(before: NftTables, after: NftTables): NftTableDifference[] {
  const names = new Set([...before.tables.keys(), ...after.tables.keys()]);
  return [...names].sort().flatMap((name): NftTableDifference[] => {
    const one = ownTable(before, name);
    const other = ownTable(after, name);
    if (one === undefined && other === undefined) return [];
    // A listing of one table does not say that there is no other.
    if ((one === undefined && !before.complete) || (other === undefined && !after.complete)) return [];
    // What a cut listing lacks may be there.
    if (one?.whole === false || other?.whole === false) return [];
    const parts = differingParts(partsOf(one?.table), partsOf(other?.table));
    return parts.length === 0
      ? []
      : [{ name, ...(one === undefined ? {} : { before: one }), ...(other === undefined ? {} : { after: other }), parts }];
  });
}

/** Tables of nft that one side alone shows: neither equal nor different. */
export function nftNotCompared(before: Model, after: Model): string[] {
  const alone = (one: NftTables | undefined, other: NftTables | undefined, side: string): string[] => {
    const names = [...(one?.tables ?? [])]
      .filter(([name, { table }]) => table.managedBy === undefined && !(other?.tables.has(name) ?? false))
      .map(([name]) => name);
    return names.length === 0 || other?.complete === true
      ? []
      : [
          `nft ${names.length === 1 ? 'table' : 'tables'} ${firstNames(names, 5)} ${names.length === 1 ? 'is' : 'are'} listed by ${side} alone`,
        ];
  };
  return [
    ...alone(before.nft, after.nft, 'before'),
    ...alone(after.nft, before.nft, 'after'),
    ...cutTables(before.nft, after.nft, 'before'),
    ...cutTables(after.nft, before.nft, 'after'),
    ...notShownWhole(before, 'before'),
    ...notShownWhole(after, 'after'),
  ];
}

/** Tables that one side shows in part, and that differ from those of the other. */
function cutTables(one: NftTables | undefined, other: NftTables | undefined, side: string): string[] {
  return [...(one?.tables ?? [])].flatMap(([name, { table, whole }]) => {
    const partner = other?.tables.get(name)?.table;
    return whole || partner === undefined || table.managedBy !== undefined || differingParts(partsOf(table), partsOf(partner)).length === 0
      ? []
      : [`nft table ${name}: ${side} is cut, so what it lacks cannot be told from what was taken away`];
  });
}

/** Tables of iptables-nft of which iptables lists nothing: nft shows their rules without what they ask. */
function notShownWhole({ nft, tables, wholeFamilies }: Model, side: string): string[] {
  const hidden = [...(nft?.tables.values() ?? [])].filter(({ table }) => {
    const family = table.family === 'ip' ? 'ipv4' : table.family === 'ip6' ? 'ipv6' : undefined;
    const hasRules = table.chains?.some(({ rules = [] }) => rules.length > 0) === true;
    return (
      table.managedBy !== undefined &&
      hasRules &&
      family !== undefined &&
      !tables.has(`${family} ${table.name}`) &&
      !wholeFamilies.has(family)
    );
  });
  const names = hidden.map(({ table }) => `${table.family} ${table.name}`);
  return names.length === 0
    ? []
    : [
        `${side}: nft does not show whole what ${names.length === 1 ? 'table' : 'tables'} ${firstNames(names, 5)} of iptables-nft ${names.length === 1 ? 'does' : 'do'}; iptables-save does`,
      ];
}

function ownTable({ tables }: NftTables, name: string): NftTableEntry | undefined {
  const entry = tables.get(name);
  return entry?.table.managedBy === undefined ? entry : undefined;
}

/** By name, what each chain, set and map says; chains without rules that no hook leads to say nothing, whether they are there or not. */
function partsOf(table: Table | undefined): Map<string, string> {
  const parts = new Map<string, string>();
  for (const chain of table?.chains ?? [])
    if (chain.hook !== undefined || (chain.rules?.length ?? 0) > 0) parts.set(`chain ${chain.name}`, shown(chain));
  for (const set of table?.sets ?? []) parts.set(`${set.kind === 'Map' ? 'map' : 'set'} ${set.name}`, shownSet(set));
  return parts;
}

/** What moves by itself, and where and how it was written. */
const PASSING: ReadonlySet<string> = new Set([
  'span',
  'handle',
  'text',
  'expires',
  'packets',
  'bytes',
  'used',
  'usedUnit',
  'elementsPerLine',
  'quoted',
]);

function shown(part: unknown): string {
  return JSON.stringify(part, withoutPassing);
}

/** What could not be read is told apart by its text alone. */
function withoutPassing(this: { readonly kind?: string }, key: string, value: unknown): unknown {
  return PASSING.has(key) && !(key === 'text' && this.kind?.startsWith('Unknown')) ? undefined : value;
}

function shownSet({ elements, ...set }: NftSet | NftMap): string {
  const isPassing = set.flags?.dynamic === true;
  const listed = (isPassing ? [] : (elements ?? [])).map(shown);
  return `${JSON.stringify({ ...set, handle: undefined, span: undefined, count: undefined })}\n${listed.sort().join('\n')}`;
}

function differingParts(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
}
