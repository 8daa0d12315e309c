import type { Expression, NftMap, NftSet, SetElement } from '@netdrift/nftables';
import { ADDRESS_MAX, FIELD_MAX, type Value } from '../field.ts';
import type { KeyField, Lookup, LookupEntry } from '../lookup.ts';
import { pairsOf } from './values.ts';

/** What is looked in: a set of the table by name, or one that stands in the rule. */
export interface Source {
  readonly name: string;
  /** Missing where the elements are not shown. */
  readonly elements?: readonly SetElement[];
}

/** Elements that are put in by packets and go by themselves: what a listing shows of them is gone the next moment. */
export function isPassing(set: NftSet | NftMap | undefined): boolean {
  return set?.flags?.dynamic === true || (set?.flags?.timeout === true && set.timeout !== undefined);
}

/**
 * A set or map as it is asked for some fields. `valueOf` gives what an element stands for; an element whose key or value is not told makes
 * the answer for others unknown.
 */
export function lookupOf<Result>(
  source: Source,
  key: readonly KeyField[],
  family: 'ipv4' | 'ipv6',
  valueOf: (element: SetElement) => Result | undefined,
  otherwise?: Result,
): Lookup<Result> {
  const { name, elements } = source;
  if (elements === undefined) return { name, key, entries: [], partial: true };
  const entries: LookupEntry<Result>[] = [];
  let rest = otherwise;
  let partial = false;
  for (const element of elements) {
    const value = valueOf(element);
    if (value === undefined) partial = true;
    else if (element.key.kind === 'Wildcard') rest = value;
    else {
      const rows = boundsOf(element.key, key);
      if (rows === undefined) partial = true;
      else for (const bounds of rows) entries.push({ bounds, value });
    }
  }
  const content = partial ? {} : { content: contentOf(elements, key, family) };
  return { name, ...content, key, entries, ...(rest === undefined ? {} : { otherwise: rest }), partial };
}

/** Low and high of each field, flat; several rows where one part stands for several values. */
function boundsOf(expression: Expression, key: readonly KeyField[]): readonly (readonly Value[])[] | undefined {
  const parts = expression.kind === 'Concatenation' ? expression.parts : [expression];
  if (parts.length !== key.length) return undefined;
  let rows: readonly (readonly Value[])[] = [[]];
  for (const [index, part] of parts.entries()) {
    const field = key[index];
    const pairs = field === undefined ? undefined : part.kind === 'Wildcard' ? [boundsOfField(field)] : pairsOf(part, field);
    if (pairs === undefined) return undefined;
    rows =
      pairs.length === 1 && pairs[0] !== undefined
        ? rows.map((row) => [...row, ...(pairs[0] ?? [])])
        : rows.flatMap((row) => pairs.map((pair) => [...row, ...pair]));
  }
  return rows;
}

function boundsOfField(field: KeyField): readonly [Value, Value] {
  if (field === 'mark') return [0, 0xffff_ffff];
  return field === 'source' || field === 'destination' ? [0, ADDRESS_MAX.ipv4] : [0, FIELD_MAX[field]];
}

/** Equal for sets of the same elements in any order. */
function contentOf(elements: readonly SetElement[], key: readonly KeyField[], family: string): string {
  const shown = elements.map(({ key: element, value }) =>
    JSON.stringify([element, value], (name, part: unknown) => (name === 'span' || name === 'text' ? undefined : part)),
  );
  return `${family} ${key.join(',')}\n${shown.sort().join('\n')}`;
}
