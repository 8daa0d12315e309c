import type { AddressCondition } from '@netdrift/iptables';
import { standardNetwork } from '../../state/standard-names.ts';
import type { Intervals, Value } from '../field.ts';
import { complement, toIntervals } from '../intervals.ts';
import type { Test } from '../ir.ts';
import { prefixBounds, toAddress } from '../values.ts';
import { type CompileContext, unknownTest } from './context.ts';

type Side = 'source' | 'destination';

/** `-s` and `-d`. Nothing where every address holds. */
export function addressTests(condition: AddressCondition, field: Side, { family }: CompileContext): readonly Test[] {
  const asked = addressIntervals(condition, field, family);
  if (asked === 'any') return [];
  if (asked === 'unknown')
    return [unknownTest(`${field === 'source' ? '-s' : '-d'} ${addressName(condition)}`, condition.not, { about: [field] })];
  return [{ kind: 'field', field, in: asked }];
}

/** The addresses that a condition holds of, its sign taken in; `unknown` for names and for masks with many holes. */
export function addressIntervals(
  condition: AddressCondition,
  field: Side,
  family: CompileContext['family'],
): Intervals | 'any' | 'unknown' {
  const known: KnownAddress | undefined = 'name' in condition ? standardNetwork(condition, family) : condition;
  if (known === undefined) return 'unknown';
  const address = toAddress(known.address);
  if (address === undefined) return 'unknown';
  if (known.prefixLength === 0 && !condition.not) return 'any';
  const pairs = known.mask === undefined ? [prefixBounds(address, known.prefixLength ?? 128)] : maskedPairs(address, toAddress(known.mask));
  if (pairs === undefined) return 'unknown';
  const intervals = toIntervals(pairs);
  return condition.not ? complement(intervals, field, family) : intervals;
}

interface KnownAddress {
  readonly address: string;
  readonly prefixLength?: number;
  readonly mask?: string;
}

/** As a rule spells it, without its sign. */
function addressName(condition: AddressCondition): string {
  const mask = 'mask' in condition ? condition.mask : condition.prefixLength;
  const name = 'name' in condition ? condition.name : condition.address;
  return mask === undefined ? name : `${name}/${mask}`;
}

/** A mask with holes is made of this many ranges at most. */
const MAX_RANGES = 256;

/** The ranges of addresses that agree with one in the bits of a mask with holes, `10.0.0.0/255.0.255.0`. */
function maskedPairs(address: Value, mask: Value | undefined): [Value, Value][] | undefined {
  if (mask === undefined || typeof mask !== typeof address) return undefined;
  const width = typeof mask === 'number' ? 32 : 128;
  const bits = BigInt(mask);
  const base = BigInt(address) & bits;
  let tail = 0;
  while (tail < width && ((bits >> BigInt(tail)) & 1n) === 0n) tail += 1;
  const open: bigint[] = [];
  for (let bit = tail; bit < width; bit += 1) if (((bits >> BigInt(bit)) & 1n) === 0n) open.push(1n << BigInt(bit));
  if (2 ** open.length > MAX_RANGES) return undefined;
  const toValue = (value: bigint): Value => (width === 32 ? Number(value) : value);
  const pairs: [Value, Value][] = [];
  for (let choice = 0; choice < 2 ** open.length; choice += 1) {
    const low = open.reduce((sum, bit, index) => ((choice >> index) & 1 ? sum | bit : sum), base);
    pairs.push([toValue(low), toValue(low | ((1n << BigInt(tail)) - 1n))]);
  }
  return pairs;
}
