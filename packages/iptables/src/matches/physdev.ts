import { WORD, type Codec } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** `-m physdev`: the bridge ports a bridged packet came in by and leaves by. */
export interface PhysdevMatch {
  readonly kind: 'PhysdevMatch';
  readonly isIn?: { readonly not: boolean };
  readonly in?: { readonly not: boolean; readonly name: string };
  readonly isOut?: { readonly not: boolean };
  readonly out?: { readonly not: boolean; readonly name: string };
  readonly isBridged?: { readonly not: boolean };
}

const NAME: Codec<{ readonly name: string }> = {
  expected: WORD.expected,
  decode: (name) => ({ name }),
  print: ({ name }) => name,
};

function option(key: string, word: string): Field {
  return { key, holds: 'sign', word, not: 'before', option: word };
}

const fields: readonly Field[] = [
  option('isIn', '--physdev-is-in'),
  { key: 'in', holds: 'spread', value: NAME, word: '--physdev-in', not: 'before', option: '--physdev-in' },
  option('isOut', '--physdev-is-out'),
  { key: 'out', holds: 'spread', value: NAME, word: '--physdev-out', not: 'before', option: '--physdev-out' },
  option('isBridged', '--physdev-is-bridged'),
];

/** `-m physdev`; the listing has the options in their command-line form. */
export const physdevMatch = fieldMatch<PhysdevMatch>({
  name: 'physdev',
  kind: 'PhysdevMatch',
  header: 'PHYSDEV match',
  fields,
  samples: ['PHYSDEV match ! --physdev-is-in', 'PHYSDEV match --physdev-in eth0 --physdev-is-bridged'],
});
