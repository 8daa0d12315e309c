import type { Asked } from '../../world/asked.ts';
import { ADDRESS_MAX, FIELD_MAX, type InterfacePattern, type Intervals } from '../../world/field.ts';
import { toIntervals } from '../../world/intervals.ts';
import type { Quantity } from '../../world/unknown-test.ts';
import { DIMENSIONS } from './sets/box.ts';
import { HOLDS, lieIn, type Unseen } from './sets/unseen.ts';

/** A condition that no listing decides. */
export interface Undecided {
  /** As a rule spells it, without its sign. */
  readonly text: string;
  readonly asks?: Asked;
  /** Where it is asked of a translated packet: where that goes. */
  readonly of?: string;
  /** It changes with each time it is asked: which time this is, from 1. */
  readonly time?: number;
  /** What is taken of a packet of which nothing more is known. */
  readonly usually?: boolean;
  /** How it is told, where that is not how it is compared. */
  readonly words?: string;
  /** Where it asks for the values of a quantity that other conditions may ask for too. */
  readonly quantity?: Quantity;
}

/** The class of packets that come in by no interface, or leave by none. */
export const NO_INTERFACE = 0;

/** The name of a class of interfaces as iptables has it: `cali+` of `cali*`. */
export function interfaceText(name: string): string {
  return name.replace(/\*$/, '+');
}

/** What two worlds are compared in: numbers for equal contents, for conditions nobody decides, for interfaces. */
export interface Vocabulary {
  readonly family: 'ipv4' | 'ipv6';
  /** All values of each dimension of a box. */
  readonly full: readonly Intervals[];
  /** The same number for the same text. */
  readonly id: (text: string) => number;
  /** A number that no text has. */
  readonly newId: () => number;
  /** What has to be so where a condition holds: the same number stands for the same condition, and for all that ask for one quantity. */
  readonly condition: (facts: Undecided) => Unseen;
  /** By number of quantity: the conditions that ask for it. */
  readonly conditions: readonly (readonly Undecided[])[];
  /** Classes of interfaces by number: a name, `cali*` for one that no rule names and that begins so, `another` for any other. */
  readonly interfaces: readonly string[];
  readonly interfaceClasses: (pattern: InterfacePattern) => Intervals;
}

/** A vocabulary for worlds whose rules name interfaces by these patterns. */
export function vocabularyOf(family: 'ipv4' | 'ipv6', patterns: readonly InterfacePattern[]): Vocabulary {
  const ids = new Map<string, number>();
  let lastNew = 0;
  const conditions: Undecided[][] = [];
  const numbers = new Map<string, number>();
  const names = [...new Set(['lo', ...patterns.filter(({ prefix }) => !prefix).map(({ name }) => name)])].sort();
  const prefixes = [...new Set(patterns.filter(({ prefix }) => prefix).map(({ name }) => name))].sort();
  const interfaces = ['none', ...names, ...prefixes.map((prefix) => `${prefix}*`), 'another'];
  const interfaceClasses = ({ name, prefix }: InterfacePattern): Intervals => {
    const fits = (known: string): boolean => (prefix ? known.startsWith(name) : known === name);
    const classes = [
      ...names.map((known, place) => (fits(known) ? place + 1 : 0)),
      ...prefixes.map((known, place) => (prefix && fits(known) ? names.length + place + 1 : 0)),
    ];
    // `+` alone stands for every interface.
    const all = prefix && name === '' ? [...classes, interfaces.length - 1] : classes;
    return toIntervals(all.filter((number) => number !== 0).map((number) => [number, number] as const));
  };
  const least = family === 'ipv4' ? 0 : 0n;
  const full = DIMENSIONS.map((name): Intervals => {
    if (name === 'source' || name === 'destination') return [least, ADDRESS_MAX[family]];
    if (name === 'in' || name === 'out') return [0, interfaces.length - 1];
    return [0, FIELD_MAX[name]];
  });
  return {
    family,
    full,
    id: (text) => {
      const known = ids.get(text);
      if (known !== undefined) return known;
      ids.set(text, ids.size + 1);
      return ids.size;
    },
    newId: () => --lastNew,
    condition: (facts) => {
      const name = `${facts.quantity?.name ?? facts.text}\n${facts.of ?? ''}\n${facts.time ?? ''}`;
      const number = numbers.get(name) ?? conditions.length;
      numbers.set(name, number);
      const asked = (conditions[number] ??= []);
      if (!asked.some(({ text }) => text === facts.text)) asked.push(facts);
      return { number, in: facts.quantity?.in ?? HOLDS };
    },
    conditions,
    interfaces,
    interfaceClasses,
  };
}

/** What is so, and what is not, where a quantity has some values: each condition that asks for it and that these decide. */
export function saidBy(unseen: Unseen, { conditions }: Vocabulary): (Undecided & { readonly holds: boolean })[] {
  return (conditions[unseen.number] ?? []).flatMap((condition) => {
    const lies = lieIn([unseen], { number: unseen.number, in: condition.quantity?.in ?? HOLDS });
    return lies === 'some' ? [] : [{ ...condition, holds: lies === 'all' }];
  });
}

/** Whether a quantity has values that nobody would suppose of a packet of which nothing more is known. */
export function isUnusual(unseen: Unseen, vocabulary: Vocabulary): boolean {
  return saidBy(unseen, vocabulary).some(({ holds, usually = false }) => holds !== usually);
}
