import type { Field, InterfacePattern, Value } from '../world/field.ts';
import { holds } from '../world/intervals.ts';
import type { Test } from '../world/ir.ts';
import type { UnknownTest } from '../world/unknown-test.ts';
import type { RuleRef } from '../world/rule-ref.ts';
import type { Lookup } from '../world/lookup.ts';
import { isLocal } from '../world/local-addresses.ts';
import { addressOf } from '../world/values.ts';
import type { World } from '../world/world.ts';
import { type Found, lookUp, type LookupIndex, lookupIndex } from './look-up.ts';
import type { Condition, Device, PacketFields, Traveller } from './traveller.ts';

/** Decides the conditions of rules for travellers in one world. */
export interface Evaluator {
  /** Whether a test holds: a number is the share of packets that it holds of. */
  readonly test: (test: Test, traveller: Traveller, at: RuleRef) => boolean | number;
  /** Whether an address is the node's; where nothing tells it is taken not to be, and noted. */
  readonly local: (address: Value, traveller: Traveller, at: RuleRef | undefined) => boolean;
  readonly lookUp: <Result>(lookup: Lookup<Result>, traveller: Traveller) => Found<Result>;
  /** What is taken of a condition that no listing decides. */
  readonly decide: (condition: Omit<Condition, 'holds'>, usually: boolean, traveller: Traveller) => boolean;
}

/** Starts to decide conditions. `flipped`: conditions of which the unusual is taken. */
export function evaluator(world: World, indexes: Map<Lookup<unknown>, LookupIndex | undefined>, flipped: ReadonlySet<string>): Evaluator {
  const decide: Evaluator['decide'] = (condition, usually, traveller) => {
    const value = flipped.has(condition.identity) ? !usually : usually;
    for (let at = traveller.conditions; at !== undefined; at = at.rest) if (at.entry.identity === condition.identity) return value;
    traveller.conditions = { entry: { ...condition, holds: value }, rest: traveller.conditions };
    return value;
  };
  const local: Evaluator['local'] = (address, traveller, at) => {
    const known = isLocal(world.addresses, address);
    if (known !== undefined) return known;
    const text = addressOf(address);
    return decide({ identity: `address ${text}`, text, about: 'address', at }, false, traveller);
  };
  const onInterface = (side: 'in' | 'out', pattern: InterfacePattern, traveller: Traveller, at: RuleRef | undefined): boolean => {
    if (traveller[side] === 'by route')
      traveller[side] = local(traveller.fields.destination, traveller, at) ? { name: 'lo' } : 'not loopback';
    const known = isDevice(traveller[side], pattern);
    if (known !== undefined) return known;
    const name = `${pattern.name}${pattern.prefix ? '+' : ''}`;
    const text = `-${side === 'in' ? 'i' : 'o'} ${name}`;
    return decide({ identity: text, text, asks: { kind: 'interface', side, name }, about: 'interface', at }, false, traveller);
  };
  const find = <Result>(lookup: Lookup<Result>, traveller: Traveller): Found<Result> => {
    let index = indexes.get(lookup);
    if (index === undefined && !indexes.has(lookup)) indexes.set(lookup, (index = lookupIndex(lookup)));
    return lookUp(lookup, index, traveller, ({ interface: pattern }) =>
      pattern === undefined ? true : isDevice(traveller[lookup.side ?? 'in'], pattern),
    );
  };
  const test: Evaluator['test'] = (asked, traveller, at) => {
    const { fields } = traveller;
    switch (asked.kind) {
      case 'field':
        return holds(asked.in, fields[asked.field]);
      case 'original':
        return holds(asked.in, traveller.original[asked.field]);
      case 'eitherPort':
        return (holds(asked.in, fields.sourcePort) || holds(asked.in, fields.destinationPort)) !== asked.not;
      case 'interface':
        return onInterface(asked.side, asked.name, traveller, at) !== asked.not;
      case 'mark': {
        const mark = asked.register === 'packet' ? traveller.mark : traveller.connectionMark;
        return ((mark & asked.mask) >>> 0 === asked.value) !== asked.not;
      }
      case 'member': {
        const found = find(asked.of, traveller);
        if (found.kind === 'found') return found.value !== asked.not;
        if (found.kind === 'missed') return asked.not;
        return decide(membershipOf(asked.of, fields, at), false, traveller) !== asked.not;
      }
      case 'local':
        return local(fields[asked.field], traveller, at) !== asked.not;
      case 'translated':
        return traveller.translated[asked.side] !== asked.not;
      case 'balanced': {
        const { balanced } = traveller;
        if (balanced === undefined) return asked.not;
        return asked.virtual.every((one) => one.kind !== 'field' || holds(one.in, balanced.virtual[one.field])) !== asked.not;
      }
      case 'chance':
        return asked.share;
      case 'unknown':
        return decide(questionOf(asked, fields, at), asked.usually, traveller) !== asked.not;
    }
  };
  return { test, local, lookUp: find, decide };
}

/** Conditions about translated fields are other conditions behind the translation; where asking counts, each place is one of its own. */
function questionOf({ identity, text, asks, counts, about }: UnknownTest, fields: PacketFields, at: RuleRef): Omit<Condition, 'holds'> {
  const place = counts ? ` ${at.table} ${at.chain} ${at.number}` : '';
  const values = about === 'every' ? Object.values(fields) : about.map((field: Field) => fields[field]);
  return {
    identity: `${identity}${place}${values.length === 0 ? '' : ` ${values.join(' ')}`}`,
    text,
    ...(asks === undefined ? {} : { asks }),
    about: 'rule',
    ...(counts ? { counts: true as const } : {}),
    at,
  };
}

function membershipOf(lookup: Lookup<unknown>, fields: PacketFields, at: RuleRef): Omit<Condition, 'holds'> {
  const { name, asked } = lookup;
  const identity = memberIdentity(lookup, fields);
  return asked === undefined
    ? { identity, text: `--match-set ${name}`, about: 'rule', at }
    : { identity, text: `--match-set ${name} ${asked}`, asks: { kind: 'member', set: name, by: asked }, about: 'rule', at };
}

function memberIdentity(lookup: Lookup<unknown>, fields: PacketFields): string {
  const values = lookup.key.map((field) => (field === 'mark' ? '' : fields[field]));
  return `${lookup.name} ${(values.length === 0 ? [fields.source, fields.destination, fields.destinationPort] : values).join(' ')}`;
}

/** Whether an interface is one that a pattern stands for; undefined where nothing tells. */
function isDevice(device: Device, { name, prefix }: InterfacePattern): boolean | undefined {
  if (prefix && name === '') return device !== 'none';
  if (device === 'none') return false;
  if (device === 'by route') return undefined;
  if (device === 'not loopback') return name === 'lo' && !prefix ? false : undefined;
  return prefix ? device.name.startsWith(name) : device.name === name;
}
