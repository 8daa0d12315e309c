import { decodeWhole, type Codec } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** A user or group of the packet's sender: a number, a range, or a name where the listing shows names. */
export interface OwnerCondition {
  readonly not: boolean;
  readonly low: number | string;
  readonly high: number | string;
}

/** `-m owner`: the process that sent the packet. */
export interface OwnerMatch {
  readonly kind: 'OwnerMatch';
  readonly user?: OwnerCondition;
  readonly group?: OwnerCondition;
  readonly socketExists?: { readonly not: boolean };
  readonly supplementaryGroups?: true;
}

const OWNER: Codec<Omit<OwnerCondition, 'not'>> = {
  expected: 'a user or group, or a range of their numbers',
  decode(text) {
    const range = /^(\d+)-(\d+)$/.exec(text);
    if (range !== null) return { low: Number(range[1]), high: Number(range[2]) };
    const one = decodeWhole(text, 0xffffffff) ?? text;
    return { low: one, high: one };
  },
  print: ({ low, high }) => (low === high ? String(low) : `${low}-${high}`),
};

const fields: readonly Field[] = [
  { key: 'socketExists', holds: 'sign', word: 'owner socket exists', not: 'before', option: '--socket-exists' },
  { key: 'user', holds: 'spread', value: OWNER, word: 'owner UID match', not: 'before', option: '--uid-owner' },
  { key: 'group', holds: 'spread', value: OWNER, word: 'owner GID match', not: 'before', option: '--gid-owner' },
  { key: 'supplementaryGroups', holds: 'flag', word: 'incl. suppl. groups', option: '--suppl-groups' },
];

/** `-m owner`. */
export const ownerMatch = fieldMatch<OwnerMatch>({
  name: 'owner',
  kind: 'OwnerMatch',
  fields,
  samples: ['owner UID match 0-10 owner GID match 0', '! owner socket exists', 'owner GID match 5 incl. suppl. groups'],
});
