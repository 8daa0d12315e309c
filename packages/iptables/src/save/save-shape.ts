import type { Template } from '@netdrift/core';
import type { Match, Target } from '../ast.ts';

/** One part of a rule's line. Values are token indices; what they say is read when the rule is put together. */
export type RulePart =
  | { readonly part: 'protocol' | 'source' | 'destination' | 'in' | 'out'; readonly not: boolean; readonly value: number }
  | { readonly part: 'fragment'; readonly not: boolean }
  | { readonly part: 'counters'; readonly packets: number; readonly bytes: number }
  | { readonly part: 'table' | 'jump' | 'goto'; readonly value: number }
  | { readonly part: 'family'; readonly family: 'ipv4' | 'ipv6' }
  | {
      readonly part: 'match' | 'implicit';
      readonly template: Template<Match | readonly Match[]>;
      readonly first: number;
      readonly end: number;
      /** Tells the part from those of other shapes. */
      readonly id: number;
    }
  | { readonly part: 'target'; readonly template: Template<Target | readonly Target[]>; readonly first: number; readonly end: number }
  | { readonly part: 'unknown'; readonly first: number; readonly end: number };

/** What the grammar makes of the shape of a line. */
export type SaveShape =
  | { readonly line: 'table'; readonly name: number }
  | { readonly line: 'declaration'; readonly name: number; readonly policy: number; readonly counters: number }
  | { readonly line: 'commit' }
  | { readonly line: 'policy'; readonly name: number; readonly policy: number; readonly packets: number; readonly bytes: number }
  | { readonly line: 'newChain'; readonly name: number }
  | {
      readonly line: 'rule';
      readonly chain: number;
      /** `-I CHAIN N`: where the rule goes; -1 where it is appended. */
      readonly insert: number;
      /** Place of the inserted rule, or -1. */
      readonly at: number;
      readonly counters: number;
      readonly parts: readonly RulePart[];
      /** Two parts are about one thing: two rules on one line; iptables says "multiple -s flags not allowed". */
      readonly isTwice: boolean;
    };

/** Parts that a rule has once at most, by what they are about. */
const ONCE: ReadonlyMap<RulePart['part'], string> = new Map([
  ['protocol', 'protocol'],
  ['source', 'source'],
  ['destination', 'destination'],
  ['in', 'in'],
  ['out', 'out'],
  ['fragment', 'fragment'],
  ['jump', 'target'],
  ['goto', 'target'],
  ['target', 'target'],
]);

/** Whether two parts of a rule are about one thing. */
export function hasTwice(found: readonly RulePart[]): boolean {
  const about = found.map(({ part }) => ONCE.get(part)).filter((subject) => subject !== undefined);
  return new Set(about).size < about.length;
}
