import type { IpSetEntry, SetTable } from '../../state/model.ts';
import { ADDRESS_MAX, FIELD_MAX, type Value } from '../field.ts';
import type { KeyField, Lookup, LookupEntry } from '../lookup.ts';

/**
 * A set of sets: they are asked one after another, and the first that has the packet decides (ip_set_list_set.c `list_set_test`).
 *
 * Sets with exceptions or interfaces inside a list cannot be put in one row: then nothing is decided about their part.
 */
export function listLookup(
  set: IpSetEntry,
  lookup: (member: string) => Lookup<boolean>,
  sets: SetTable | undefined,
  family: 'ipv4' | 'ipv6',
): Lookup<boolean> {
  const names = [...(set.members?.values() ?? [])].flatMap(({ elements }) =>
    elements.flatMap((element) => (element.kind === 'SetElement' ? [element.name] : [])),
  );
  // The kernel takes no list into a list: one here is not the set that was meant.
  const members = names.map((name) => (sets?.sets.get(name)?.type === 'list:set' ? undefined : lookup(name)));
  const asked = members.filter((member) => member !== undefined).filter(isPlain);
  const key = [...new Set(asked.flatMap((member) => member.key))];
  const contents = members.map((member) => member?.content);
  return {
    name: set.name,
    ...(contents.includes(undefined) ? {} : { content: contents.join('\n\n') }),
    key,
    entries: asked.flatMap((member) => member.entries.map((entry) => widened(entry, member.key, key, family))),
    otherwise: false,
    partial: asked.length < names.length || asked.some(({ partial }) => partial) || names.length < (set.members?.size ?? 0),
  };
}

function isPlain({ entries, side, markMask, key }: Lookup<boolean>): boolean {
  // Twice the same field (`hash:net,net` asked through src,src) has no place in a joint key.
  return side === undefined && markMask === undefined && new Set(key).size === key.length && entries.every(({ value }) => value);
}

/** The entry in a key that asks for more: the other fields may be anything. */
function widened(
  entry: LookupEntry<boolean>,
  from: readonly KeyField[],
  to: readonly KeyField[],
  family: 'ipv4' | 'ipv6',
): LookupEntry<boolean> {
  const bounds = to.flatMap((field): Value[] => {
    const at = from.indexOf(field);
    if (at >= 0) return [entry.bounds[2 * at] as Value, entry.bounds[2 * at + 1] as Value];
    return field === 'mark'
      ? [0, 0xffff_ffff]
      : field === 'source' || field === 'destination'
        ? [family === 'ipv6' ? 0n : 0, ADDRESS_MAX[family]]
        : [0, FIELD_MAX[field]];
  });
  return { ...entry, bounds };
}
