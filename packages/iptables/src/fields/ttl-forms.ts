import { wholeNumber } from '../codec.ts';
import type { Kinded, MatchExtension, Named, TargetExtension } from '../extension.ts';
import { listedRow, savedRow, type Row, type RowWord } from '../row.ts';

/** A comparison of the time to live, or of the hop limit, with a number 0-255. */
export interface TtlComparison {
  readonly compare: 'eq' | 'ne' | 'lt' | 'gt';
  readonly value: number;
}

/** A change of the time to live, or of the hop limit. */
export interface TtlChange {
  readonly action: 'set' | 'increment' | 'decrement';
  readonly value: number;
}

const NUMBER = wholeNumber(255);

const COMPARISONS = [
  ['==', 'eq'],
  ['!=', 'ne'],
  ['<', 'lt'],
  ['>', 'gt'],
] as const;

const CHANGES = [
  ['set to', 'set', 'set'],
  ['increment by', 'increment', 'inc'],
  ['decrement by', 'decrement', 'dec'],
] as const;

/** `-m ttl` and `-m hl`, which differ in their names alone. */
export function ttlComparison<N extends Kinded & TtlComparison>(
  name: 'ttl' | 'hl',
  kind: N['kind'],
  samples: readonly string[],
): MatchExtension<N> {
  const upper = name.toUpperCase();
  const word = (operator: string): string => `${upper} match ${upper} ${operator}`;
  // The node is made of exactly these keys; its type adds nothing.
  const build = (comparison: TtlComparison): N => ({ kind, ...comparison }) as unknown as N;
  return {
    type: 'match',
    name,
    kind,
    listing: listedRow(
      COMPARISONS.map(([operator]): RowWord => ({ word: word(operator), takes: 1 })),
      [],
      (row) => {
        const [operator, compare] = COMPARISONS.find(([sign]) => row.has(word(sign))) ?? ['==', 'eq'];
        return build({ compare, value: row.read(word(operator), NUMBER) ?? 0 });
      },
    ),
    print: ({ compare, value }) => `${word(COMPARISONS.find(([, key]) => key === compare)?.[0] ?? '==')} ${value}`,
    save: savedRow([`--${name}-eq|--${name}`, `--${name}-lt`, `--${name}-gt`], (row) => {
      const compare = (['lt', 'gt'] as const).find((key) => row.has(`--${name}-${key}`)) ?? 'eq';
      const option = `--${name}-${compare}`;
      return build({ compare: compare === 'eq' && row.not(option) ? 'ne' : compare, value: row.read(option, NUMBER) ?? 0 });
    }),
    printSave: ({ compare, value }) => (compare === 'ne' ? ` ! --${name}-eq ${value}` : ` --${name}-${compare} ${value}`),
    samples,
  };
}

/** `-j TTL` and `-j HL`, which differ in their names alone. */
export function ttlChange<N extends Named & TtlChange>(
  name: 'TTL' | 'HL',
  kind: N['kind'],
  samples: readonly string[],
): TargetExtension<N> {
  const lower = name.toLowerCase();
  // The node is made of exactly these keys; its type adds nothing.
  const build = (change: TtlChange): N => ({ kind, name, ...change }) as unknown as N;
  const read = (row: Row, words: readonly (readonly [word: string, action: TtlChange['action']])[]): N => {
    const [word, action] = words.find(([one]) => row.has(one)) ?? ['', 'set'];
    return build({ action, value: row.read(word, NUMBER) ?? 0 });
  };
  const listed = CHANGES.map(([phrase, action]) => [`${name} ${phrase}`, action] as const);
  const saved = CHANGES.map(([, action, short]) => [`--${lower}-${short}`, action] as const);
  return {
    type: 'target',
    name,
    kind,
    listing: listedRow(
      listed.map(([word]): RowWord => ({ word, takes: 1 })),
      [],
      (row) => read(row, listed),
    ),
    print: ({ action, value }) => `${listed.find(([, one]) => one === action)?.[0] ?? name} ${value}`,
    save: savedRow(
      saved.map(([option]) => option),
      (row) => read(row, saved),
    ),
    printSave: ({ action, value }) => ` ${saved.find(([, one]) => one === action)?.[0] ?? ''} ${value}`,
    samples,
  };
}
