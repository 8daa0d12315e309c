import type { IpSetEntry, SetTable } from '../../state/model.ts';
import type { Field } from '../field.ts';
import type { KeyField, Lookup, LookupEntry } from '../lookup.ts';
import { listLookup } from './list-lookup.ts';
import { memberEntries } from './member-entries.ts';

type Family = 'ipv4' | 'ipv6';

/** Gives sets as lookups, each way to ask for one once. */
export function setLookups(sets: SetTable | undefined, family: Family): (set: string, directions: readonly string[]) => Lookup<boolean> {
  const known = new Map<string, Lookup<boolean>>();
  return (name, directions) => {
    const key = `${name} ${directions.join(',')}`;
    const lookup = known.get(key) ?? lookupOf(sets, name, directions, family);
    known.set(key, lookup);
    return lookup;
  };
}

function lookupOf(sets: SetTable | undefined, name: string, directions: readonly string[], family: Family): Lookup<boolean> {
  const set = sets?.sets.get(name);
  const asked = directions.join(',');
  if (set === undefined) return { name, asked, key: [], entries: [], partial: true, ...(sets?.complete === true ? { missing: true } : {}) };
  if (set.members === undefined || set.type === undefined) return { name, asked, key: [], entries: [], partial: true };
  const lookup =
    set.type === 'list:set'
      ? listLookup(set, (member) => lookupOf(sets, member, directions, family), sets, family)
      : membersLookup(set, directions, family);
  return { ...lookup, asked, ...(sets?.lacksRows === true ? { partial: true } : {}) };
}

/** A set of anything but sets. */
function membersLookup(set: IpSetEntry, directions: readonly string[], family: Family): Lookup<boolean> {
  const [method = '', kinds = ''] = (set.type ?? '').split(':');
  const dimensions = kinds.split(',');
  const content = [
    set.type,
    directions.join(','),
    ...[...set.options].map(([option, value]) => `${option}=${value}`),
    ...[...(set.members?.keys() ?? [])].sort(),
  ].join('\n');
  const nothing: Lookup<boolean> = { name: set.name, content, key: [], entries: [], otherwise: false, partial: false };
  // ip_set_core.c `ip_set_test`: too few directions, or another family, and nothing is found.
  const ofOther = set.family !== undefined && (set.family === 'inet') !== (family === 'ipv4');
  if (directions.length < dimensions.length || ofOther) return nothing;
  const key = keyOf(dimensions, directions, set);
  const side = dimensions.includes('iface') ? (directions[dimensions.indexOf('iface')] === 'src' ? 'in' : 'out') : undefined;
  const markMask = set.options.get('markmask');
  const entries: (LookupEntry<boolean> & { readonly lengths: readonly number[] })[] = [];
  let partial = false;
  for (const member of set.members?.values() ?? []) {
    const found = memberEntries(member, { key, dimensions, directions, method, family, options: set.options });
    if (found === undefined) partial = true;
    else for (const entry of found) entries.push(entry);
  }
  const hasExceptions = entries.some(({ value }) => !value);
  return {
    ...nothing,
    key,
    ...(side === undefined ? {} : { side }),
    ...(markMask === undefined ? {} : { markMask: Number(markMask) }),
    entries: hasExceptions ? entries.sort(longerFirst) : entries,
    partial,
  };
}

/** The fields of the packet that the dimensions of a set look at. */
function keyOf(dimensions: readonly string[], directions: readonly string[], set: IpSetEntry): KeyField[] {
  const hasIcmp =
    dimensions.includes('port') &&
    [...(set.members?.values() ?? [])].some(({ elements }) => elements.some(({ kind }) => kind === 'IcmpElement'));
  return dimensions.flatMap((dimension, index): KeyField[] => {
    const fromSource = directions[index] === 'src';
    if (dimension === 'ip' || dimension === 'net') return [fromSource ? 'source' : 'destination'];
    if (dimension === 'mark') return ['mark'];
    if (dimension !== 'port') return [];
    const port: Field = fromSource ? 'sourcePort' : 'destinationPort';
    return hasIcmp ? ['protocol', port, 'icmpType'] : ['protocol', port];
  });
}

/** Networks are tried from the longest prefix to the shortest, the first dimension's outermost (ip_set_hash_gen.h `mtype_test_cidrs`). */
function longerFirst(one: { readonly lengths: readonly number[] }, other: { readonly lengths: readonly number[] }): number {
  for (const [index, length] of one.lengths.entries()) {
    const difference = (other.lengths[index] ?? 0) - length;
    if (difference !== 0) return difference;
  }
  return 0;
}
