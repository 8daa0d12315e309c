import { protocolName } from '@netdrift/core';
import { addToGroup } from '../../common/add-to-group.ts';
import { SOME_NODE_ADDRESS } from '../../proxy/facts/node-world.ts';
import type { Space } from '../../packets/space/space.ts';
import { type Box, boxKey, type Cube, PLACE } from '../../packets/space/sets/box.ts';
import { intersect, pairsOf } from '../../packets/space/sets/intervals.ts';
import { joinedBy } from '../../packets/space/sets/joined-boxes.ts';
import { HOLDS, otherValues, type Unseen } from '../../packets/space/sets/unseen.ts';
import { interfaceText, saidBy } from '../../packets/space/vocabulary.ts';
import type { FoundRegion } from '../../packets/space/walk/explore.ts';
import type { PacketConditions, PacketSet } from '../../report.ts';
import { type Intervals, STATES, type Value } from '../../world/field.ts';
import { addressOf, toAddress } from '../../world/values.ts';
import { blockOf } from '../rules/set-words.ts';
import { HOOKS } from './exact-points.ts';

/** Exceptions of a set beyond which a part of it that has none is given in its place. */
const MAX_EXCEPTIONS = 32;

/** The sets of regions for programs: `all` is false where one had to be narrowed, or left out, for no conditions tell all of it. */
export function packetSetsOf(
  regions: readonly FoundRegion[],
  space: Space,
): { readonly sets: readonly PacketSet[]; readonly all: boolean } {
  const isTold = ({ entry, set }: Region): boolean => set.nots.length <= MAX_EXCEPTIONS && toldSet({ entry, set }, space) !== undefined;
  const found = regions.flatMap(({ entry, set, sample }): Region[] => {
    const part = { entry, set: { box: sample, nots: [] } };
    return isTold({ entry, set }) ? [{ entry, set }] : isTold(part) ? [part] : [];
  });
  const isWhole = found.length === regions.length && found.every(({ set }, at) => set === regions[at]?.set);
  return { sets: joined(found).flatMap((region) => toldSet(region, space) ?? []), all: isWhole };
}

type Region = Pick<FoundRegion, 'entry' | 'set'>;

function toldSet({ entry, set: { box, nots } }: Region, space: Space): PacketSet | undefined {
  const conditions = conditionsOf(box, entry, space);
  const exceptions = [...new Map(nots.map((not) => [boxKey(not), not])).values()];
  const except = exceptions.flatMap((not) => conditionsOf(not, undefined, space) ?? []);
  return conditions === undefined || except.length < exceptions.length ? undefined : { hook: HOOKS[entry], ...conditions, except };
}

/** Sets that differ in the values of one field are one. */
function joined(regions: readonly Region[]): readonly Region[] {
  const groups = new Map<string, Region[]>();
  for (const region of regions) addToGroup(groups, [region.entry, ...region.set.nots.map(boxKey)].join(' '), region);
  return [...groups.values()].flatMap((group) => {
    const [{ entry, set }] = group as [Region];
    const boxes = joinedBy(
      group.map(({ set: { box } }) => box),
      JOINED_BY,
    );
    return boxes.map((box): Region => ({ entry, set: { ...set, box } }));
  });
}

const JOINED_BY = ['destination', 'destinationPort', 'source', 'sourcePort', 'protocol', 'in', 'out'] as const;

/**
 * What packets of a box have in common, without what all packets have that enter there. Undefined where a value that nobody sees is in no
 * condition's words.
 */
function conditionsOf(box: Box, entry: FoundRegion['entry'] | undefined, space: Space): PacketConditions | undefined {
  const suppositions = box.unseen.map((unseen) => suppositionsOf(unseen, space));
  if (suppositions.includes(undefined)) return undefined;
  const usual = entry === undefined ? [] : (space.entries.get(entry) ?? []);
  const range = (
    place: keyof typeof PLACE,
    words: (low: Value, high: Value) => string | readonly string[],
  ): readonly string[] | undefined => {
    const values = box.fields[PLACE[place]];
    if (values === undefined || values.join() === space.vocabulary.full[PLACE[place]]?.join()) return undefined;
    // Where an own packet goes is what tells one from the others.
    const isUsual = usual.some(({ fields }) => fields[PLACE[place]]?.join() === values.join());
    return isUsual && place !== 'destination' ? undefined : pairsOf(values).flatMap(([low, high]) => words(low, high));
  };
  const names =
    (values: readonly string[]) =>
    (low: Value, high: Value): readonly string[] =>
      values.slice(Number(low), Number(high) + 1);
  const mark = (register: 'mark' | 'connectionMark'): string | undefined =>
    usual.some((one) => isSameCube(one[register], box[register])) ? undefined : cubeText(box[register]);
  const interfaces = space.vocabulary.interfaces.map(interfaceText);
  const told: { readonly [Name in keyof PacketConditions]: PacketConditions[Name] | undefined } = {
    protocols: range('protocol', protocolsText),
    sources: range('source', addressesText),
    destinations: range('destination', addressesText),
    sourcePorts: range('sourcePort', numbersText),
    destinationPorts: range('destinationPort', numbersText),
    states: range('state', names(STATES)),
    icmpTypes: range('icmpType', icmpText),
    tcpFlags: range('tcpFlags', numbersText),
    in: range('in', names(interfaces)),
    out: range('out', names(interfaces)),
    mark: mark('mark'),
    connectionMark: mark('connectionMark'),
    suppositions: suppositions.length === 0 ? undefined : suppositions.flatMap((some) => some ?? []),
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

/** The conditions that hold, and that do not, where a quantity has these values and no others; undefined where they do not tell which. */
function suppositionsOf(unseen: Unseen, { vocabulary }: Space): PacketConditions['suppositions'] {
  const said = saidBy(unseen, vocabulary);
  let told: Intervals | undefined;
  for (const { quantity, holds } of said) {
    const values = quantity?.in ?? HOLDS;
    const those = holds ? values : otherValues(values);
    told = told === undefined ? those : intersect(told, those);
  }
  if (told?.join() !== unseen.in.join()) return undefined;
  return said.map(({ text, words = text, time = 1, holds }) => ({ condition: time > 1 ? `${words} (asked again)` : words, holds }));
}

function isSameCube(one: Cube, other: Cube): boolean {
  return one.mask === other.mask && one.value === other.value;
}

function cubeText({ mask, value }: Cube): string | undefined {
  return mask === 0 ? undefined : `0x${value.toString(16)}/0x${mask.toString(16)}`;
}

function numbersText(low: Value, high: Value): string {
  return low === high ? String(low) : `${low}-${high}`;
}

function protocolsText(low: Value, high: Value): string {
  return low === high ? (protocolName(Number(low)) ?? String(low)) : numbersText(low, high);
}

/** `8` for every code of a type, `3/4` for one. */
function icmpText(low: Value, high: Value): string {
  const [first, last] = [Number(low), Number(high)];
  if (first % 256 === 0 && last % 256 === 255) return numbersText(first >> 8, last >> 8);
  const text = (value: number): string => `${value >> 8}/${value % 256}`;
  return first === last ? text(first) : `${text(first)}-${text(last)}`;
}

/** The addresses that stand for a node whose own are not listed. */
const STAND_INS = Object.values(SOME_NODE_ADDRESS).map(toAddress);

/** One block where the addresses are one, else first and last. */
function addressesText(low: Value, high: Value): string {
  if (low === high && STAND_INS.includes(low)) return 'this node';
  return blockOf(low, high) ?? `${addressOf(low)}-${addressOf(high)}`;
}
