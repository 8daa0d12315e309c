import { type Expression, type Match, printNftExpression, printNftStatement } from '@netdrift/nftables';
import { ADDRESS_MAX, FIELD_MAX, type Intervals, type Value } from '../field.ts';
import { complement, toIntervals } from '../intervals.ts';
import type { Test } from '../ir.ts';
import type { KeyField } from '../lookup.ts';
import { above, below } from '../values.ts';
import { type CompiledParts, type NftContext, unknown } from './context.ts';
import { isPassing, lookupOf, type Source } from './lookups.ts';
import { quantityTest } from './quantities.ts';
import { type Selected, selectedBy } from './selectors.ts';
import { constantTest, interfaceTests, localTest, statusTest } from './special-tests.ts';
import { pairsOf } from './values.ts';

/** A condition of a rule. */
export function matchTests(match: Match, context: NftContext): CompiledParts {
  const special = constantTest(match, context) ?? interfaceTests(match, context) ?? localTest(match) ?? statusTest(match);
  if (special !== undefined) return special;
  const { left, operator, right } = match;
  const keys = keysOf(left, context);
  if (keys === 'never') return 'never';
  if (keys === undefined)
    return [
      quantityTest(match) ?? unknown(printNftStatement({ ...match, operator: operator === '!=' ? '==' : operator }), operator === '!='),
    ];
  const protocols = protocolTests(keys);
  if (right.kind === 'SetReference' || (keys.length > 1 && right.kind === 'AnonymousSet'))
    return [...protocols, memberTest(match, keys, sourceOf(right, context), context)];
  const [only] = keys;
  const test = keys.length === 1 && only !== undefined ? fieldTest(match, only, context) : undefined;
  return [...protocols, test ?? unknown(printNftStatement(match))];
}

/** The fields of a key, one for each part of a concatenation. */
export function keysOf(expression: Expression, context: NftContext): readonly Selected[] | 'never' | undefined {
  const parts = expression.kind === 'Concatenation' ? expression.parts : [expression];
  const keys: Selected[] = [];
  for (const part of parts) {
    const key = selectedBy(part, context);
    if (key === 'never' || key === undefined) return key;
    keys.push(key);
  }
  // A key may ask for the mark of the packet in whole; masks and what a connection began with are asked for alone.
  return keys.length > 1 &&
    keys.some(({ mask, original, register }) => mask !== undefined || original === true || register === 'connection')
    ? undefined
    : keys;
}

/** `tcp dport` asks for the protocol too. */
export function protocolTests(keys: readonly Selected[]): Test[] {
  const [protocol, other] = new Set(keys.flatMap((key) => key.protocol ?? []));
  if (protocol === undefined) return [];
  return other === undefined
    ? [{ kind: 'field', field: 'protocol', in: [protocol, protocol] }]
    : [{ kind: 'field', field: 'protocol', in: [] }];
}

export function sourceOf(expression: Expression, { sets }: NftContext): Source {
  if (expression.kind === 'AnonymousSet') return { name: printNftExpression(expression), elements: expression.elements };
  const name = expression.kind === 'SetReference' ? expression.name : '';
  const elements = sets.get(name)?.elements;
  return { name, ...(elements === undefined ? {} : { elements }) };
}

function memberTest(match: Match, keys: readonly Selected[], source: Source, context: NftContext): Test {
  const not = match.operator === '!=';
  const fields = keys.map(({ field }) => field);
  const isOdd = keys.some(({ mask, original, register }) => mask !== undefined || original === true || register === 'connection');
  const set = context.sets.get(source.name);
  if (isPassing(set) || isOdd)
    return unknown(printNftStatement({ ...match, operator: '==' }), not, {
      about: fields.flatMap((field) => (field === 'mark' ? [] : [field])),
    });
  const of = lookupOf<boolean>(source, fields, context.family, () => true, false);
  return { kind: 'member', of, not };
}

function fieldTest({ operator, right }: Match, { field, mask, register, original }: Selected, { family }: NftContext): Test | undefined {
  if (field === 'mark') return markTest(operator, right, mask ?? 0xffff_ffff, register ?? 'packet');
  const pairs = pairsOf(right, field);
  if (pairs === undefined) return undefined;
  const intervals = compared(toIntervals(pairs), operator, field, family);
  return intervals === undefined ? undefined : { kind: original === true ? 'original' : 'field', field, in: intervals };
}

function compared(
  intervals: Intervals,
  operator: Match['operator'],
  field: Exclude<KeyField, 'mark'>,
  family: 'ipv4' | 'ipv6',
): Intervals | undefined {
  const [value] = intervals;
  const isAddress = field === 'source' || field === 'destination';
  const max: Value = isAddress ? ADDRESS_MAX[family] : FIELD_MAX[field];
  const zero: Value = isAddress && family === 'ipv6' ? 0n : 0;
  if (value === undefined) return undefined;
  switch (operator) {
    case '==':
    case 'in':
      return intervals;
    case '!=':
      return complement(intervals, field, family);
    case '<':
      return value > zero ? [zero, below(value)] : [];
    case '<=':
      return [zero, value];
    case '>':
      return value < max ? [above(value), max] : [];
    case '>=':
      return [value, max];
    default:
      return undefined;
  }
}

function markTest(operator: Match['operator'], right: Expression, mask: number, register: 'packet' | 'connection'): Test | undefined {
  if (right.kind !== 'Number' || (operator !== '==' && operator !== '!=')) return undefined;
  return { kind: 'mark', register, mask: mask >>> 0, value: right.value >>> 0, not: operator === '!=' };
}
