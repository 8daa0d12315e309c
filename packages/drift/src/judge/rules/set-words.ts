import type { Condition } from '../../state/condition.ts';
import type { RuleEntry } from '../../state/model.ts';
import { PLACE } from '../../packets/space/sets/box.ts';
import { knownAddresses } from '../../packets/space/walk/decisions.ts';
import type { FoundRegion } from '../../packets/space/walk/explore.ts';
import { isWithin, pairsOf } from '../../packets/space/sets/intervals.ts';
import type { Space } from '../../packets/space/space.ts';
import type { Intervals, Value } from '../../world/field.ts';
import { toIntervals } from '../../world/intervals.ts';
import { addressOf } from '../../world/values.ts';
import type { Narrowing } from '../packets/flow-differences.ts';
import { listed } from '../words.ts';

/** Dimensions in which a set may be narrower than what a rule asks for, with the conditions that speak of them and how they are told. */
const DIMENSIONS: readonly (readonly [
  place: number,
  kinds: readonly Condition['kind'][],
  words: (values: Intervals) => string | undefined,
])[] = [
  [PLACE.source, ['source', 'source-local', 'set'], (values) => worded('from', blocksOf(values))],
  [PLACE.destination, ['destination', 'destination-local', 'set'], (values) => worded('to', blocksOf(values))],
  [PLACE.destinationPort, ['destination-port', 'either-port', 'set', 'other'], (values) => worded('to port', portsOf(values))],
];

/**
 * What packets of a region have in common that the rule does not ask for, to be read after what it asks for: `to 10.42.0.0/16`. Other rules
 * let no others come to it, or treat them alike. Empty where a few blocks of addresses and ports do not tell.
 */
export function narrowing(
  { set }: FoundRegion,
  rules: readonly (RuleEntry | undefined)[],
  { sides, vocabulary: { family } }: Space,
): Narrowing[] {
  const local = sides.flatMap(({ world }) => [knownAddresses(world.addresses, family).here]);
  const asked = new Set(rules.flatMap((rule) => rule?.conditions.map(({ kind }) => kind) ?? []));
  return DIMENSIONS.flatMap(([place, kinds, words]) => {
    const values = set.box.fields[place];
    // What arrives at the node itself is for an address of its own.
    if (place === PLACE.destination && values !== undefined && local.some((here) => isWithin(values, here))) return [];
    if (values === undefined) return [];
    if (place === PLACE.destinationPort && isNarrower(values, rules)) return told(words(values), 'destination-port');
    return kinds.some((kind) => asked.has(kind)) ? [] : told(words(values));
  });
}

function told(text: string | undefined, insteadOf?: Condition['kind']): Narrowing[] {
  return text === undefined ? [] : [{ text, ...(insteadOf === undefined ? {} : { insteadOf }) }];
}

/** Whether ports are some of those that a rule lists, and not all that any of the rules does. */
function isNarrower(values: Intervals, rules: readonly (RuleEntry | undefined)[]): boolean {
  const lists = rules.flatMap((rule) =>
    (rule?.conditions ?? []).flatMap((condition) =>
      condition.kind === 'destination-port' && !condition.not ? [toIntervals(condition.ranges)] : [],
    ),
  );
  return lists.some((list) => isWithin(values, list)) && !lists.some((list) => isWithin(list, values));
}

/**
 * The addresses that the packets of a region come from, where they are fewer than all pods: `10.244.3.0/24`. Endpoints that meet themselves
 * are told by themselves, and leave no hole in it.
 */
export function sourcesOf({ set }: FoundRegion, { sides }: Space): string | undefined {
  const values = withoutHoles(set.box.fields[PLACE.source]);
  const pods = sides.flatMap(({ world }) => (world.addresses.pods.length === 0 ? [] : [world.addresses.pods]));
  if (values === undefined || pods.some((range) => isWithin(range, values))) return undefined;
  const blocks = blocksOf(values);
  if (blocks !== undefined) return listed(blocks);
  const around = blockAround(values);
  return around === undefined || pods.some((range) => isWithin(range, around)) ? undefined : `within ${listed(blocksOf(around) ?? [])}`;
}

/** Blocks wider than this hold most of all senders. */
const WIDEST = 8;

/** The smallest block that holds all intervals. */
function blockAround(values: Intervals): Intervals | undefined {
  const [first, last] = [values[0] as Value, values.at(-1) as Value];
  const [low, high, bits] = [BigInt(first), BigInt(last), typeof first === 'bigint' ? 128 : 32];
  const length = (low ^ high).toString(2).length;
  if (bits - length < WIDEST) return undefined;
  const start = (low >> BigInt(length)) << BigInt(length);
  const end = start + (1n << BigInt(length)) - 1n;
  return typeof first === 'bigint' ? [start, end] : [Number(start), Number(end)];
}

/** Intervals between which single addresses are missing, as one. */
function withoutHoles(values: Intervals | undefined): Intervals | undefined {
  if (values === undefined) return undefined;
  const filled: Value[] = [];
  for (let at = 0; at < values.length; at += 2) {
    const [low, high] = [values[at] as Value, values[at + 1] as Value];
    const last = filled.at(-1);
    if (last !== undefined && BigInt(low) - BigInt(last) === 2n) filled[filled.length - 1] = high;
    else filled.push(low, high);
  }
  return filled;
}

const MOST = 3;

function worded(before: string, parts: readonly string[] | undefined): string | undefined {
  return parts === undefined ? undefined : `${before} ${listed(parts)}`;
}

function portsOf(values: Intervals): string[] | undefined {
  if (values.length > MOST * 2) return undefined;
  const pairs = pairsOf(values);
  // All but a few ports: other rules take those, and who reads the rule knows.
  if (pairs.some(([, high]) => high === 65_535)) return undefined;
  return pairs.map(([low, high]) => (low === high ? String(low) : `${low}-${high}`));
}

/** Intervals as blocks, where each is one. */
function blocksOf(values: Intervals): string[] | undefined {
  if (values.length > MOST * 2) return undefined;
  const blocks: string[] = [];
  for (let at = 0; at < values.length; at += 2) {
    const block = blockOf(values[at] as Value, values[at + 1] as Value);
    if (block === undefined) return undefined;
    blocks.push(block);
  }
  return blocks;
}

/** The block that has these addresses and no others, where there is one. */
export function blockOf(low: Value, high: Value): string | undefined {
  const [first, size, bits] = [BigInt(low), BigInt(high) - BigInt(low) + 1n, typeof low === 'bigint' ? 128 : 32];
  const text = size.toString(2);
  if (text.lastIndexOf('1') !== 0 || first % size !== 0n || text.length - 1 === bits) return undefined;
  return size === 1n ? addressOf(low) : `${addressOf(low)}/${bits - text.length + 1}`;
}
