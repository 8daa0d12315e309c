import type { Codec } from '../codec.ts';
import { decodeWhole } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** A counter of a set's element compared with a number. */
export interface SetCounterCondition {
  readonly not: boolean;
  readonly operator: 'eq' | 'lt' | 'gt';
  readonly value: number;
}

/** `-m set --match-set NAME DIRECTIONS`: `directions` says which end of the packet each dimension of the set is compared with. */
export interface SetMatch {
  readonly kind: 'SetMatch';
  readonly not: boolean;
  readonly set: string;
  readonly directions: readonly string[];
  readonly returnNomatch?: true;
  readonly updateCounters?: { readonly not: boolean };
  readonly updateSubcounters?: { readonly not: boolean };
  readonly packets?: SetCounterCondition;
  readonly bytes?: SetCounterCondition;
}

const NAME: Codec<Pick<SetMatch, 'set' | 'directions'>> = {
  expected: 'a set and src or dst for each of its dimensions, joined by ","',
  decode(text) {
    const [set = '', directions = '', ...rest] = text.split(/[ \t]+/);
    const list = directions.split(',');
    return rest.length === 0 && list.every((one) => one === 'src' || one === 'dst') ? { set, directions: list } : undefined;
  },
  print: ({ set, directions }) => `${set} ${directions.join(',')}`,
};

function counters(key: 'packets' | 'bytes'): readonly Field[] {
  return (['eq', 'lt', 'gt'] as const).map((operator) => ({
    key,
    holds: 'spread',
    value: {
      expected: 'a whole number',
      decode(text: string) {
        const value = decodeWhole(text, Number.MAX_SAFE_INTEGER);
        return value === undefined ? undefined : { operator, value };
      },
      print: ({ value }: SetCounterCondition) => String(value),
    },
    word: `${key}-${operator}`,
    not: 'before',
    option: `--${key}-${operator}`,
    when: (held: SetCounterCondition) => held.operator === operator,
  }));
}

/** `! update-counters` turns the updating off, which is on without it. */
function update(key: string, word: string): Field {
  return { key, holds: 'sign', word, not: 'before', option: `--${word}` };
}

const fields: readonly Field[] = [
  { key: 'set', holds: 'merge', value: NAME, word: 'match-set', listedWords: 2, not: 'before', option: '--match-set', words: 2 },
  { key: 'returnNomatch', holds: 'flag', word: 'return-nomatch', option: '--return-nomatch' },
  update('updateCounters', 'update-counters'),
  update('updateSubcounters', 'update-subcounters'),
  ...counters('packets'),
  ...counters('bytes'),
];

/** `-m set`. */
export const setMatch = fieldMatch<SetMatch>({
  name: 'set',
  kind: 'SetMatch',
  lead: 1,
  fields,
  samples: [
    'match-set KUBE-CLUSTER-IP dst,dst',
    '! match-set foo src return-nomatch',
    'match-set foo src ! update-counters ! update-subcounters packets-gt 5 bytes-lt 1000',
  ],
});
