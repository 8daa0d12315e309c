import { addToGroup } from '../add-to-group.ts';
import type { RuleEntry, RuleTable } from '../model/model.ts';
import { type ChainEffects, chainEffects, isFinal, isSteady, setsBits } from './chain-effects.ts';
import type { RuleDifference } from './difference.ts';

/**
 * The rules of a chain without the copies that no packet can tell are there: an equal rule before has decided, or has set the same bits.
 *
 * A copy that stands before other rules than the first one does is no such copy only by being equal: `-s 10.0.0.1 -j DROP` added on top of a
 * chain that accepts 10.0.0.1 first and drops it later decides.
 */
export function withoutIdleCopies(rules: readonly RuleEntry[], table: RuleTable): readonly RuleEntry[] {
  if (new Set(rules.map(({ key }) => key)).size === rules.length) return rules;
  const last = new Map<string, number>();
  const effects = effectsOf(table);
  const kept: RuleEntry[] = [];
  let clearing = -1;
  for (const [index, rule] of rules.entries()) {
    const earlier = last.get(rule.key);
    if (earlier === undefined || !isIdle(rule, earlier === index - 1, clearing < earlier, effects)) kept.push(rule);
    last.set(rule.key, index);
    if (mayClearBits(rule, effects)) clearing = index;
  }
  return kept;
}

const known = new WeakMap<RuleTable, ChainEffects>();

function effectsOf(table: RuleTable): ChainEffects {
  let effects = known.get(table);
  if (effects === undefined) {
    effects = chainEffects(table);
    known.set(table, effects);
  }
  return effects;
}

function isIdle({ conditions, target, mayAskForInterface }: RuleEntry, adjacent: boolean, bitsStay: boolean, { additive, final }: ChainEffects): boolean {
  if (mayAskForInterface === true || !conditions.every((condition) => isSteady(condition) || (adjacent && condition.kind === 'mark'))) return false;
  if (isFinal(target) || target.kind === 'none' || (target.kind === 'other' && target.continues)) return true;
  if (target.kind === 'mark') return (bitsStay && setsBits(target)) || (adjacent && (target.xorValue & target.andMask) === 0);
  if (target.kind !== 'jump') return false;
  const ends = final.get(target.chain);
  return (bitsStay && additive.has(target.chain)) || target.goto || ends?.has('') === true || conditions.some(({ kind, not, text }) => kind === 'protocol' && !not && ends?.has(text) === true);
}

function mayClearBits({ target }: RuleEntry, { additive }: ChainEffects): boolean {
  if (target.kind === 'mark') return !setsBits(target);
  return (target.kind === 'jump' && !additive.has(target.chain)) || (target.kind === 'other' && !target.continues);
}

/** The rules of a chain, and those of them that can decide about a packet, neighbours that commute in one order. */
export interface ReadRules {
  readonly all: readonly RuleEntry[];
  readonly deciding: readonly RuleEntry[];
}

/** Rules of which one side has more copies, and equally many that can decide. */
export function copyDifferences(was: ReadRules, is: ReadRules): RuleDifference[] {
  if (was.all.length === was.deciding.length && is.all.length === is.deciding.length) return [];
  const [before, after, decidingBefore, decidingAfter] = [was.all, is.all, was.deciding, is.deciding].map(byKey) as [Groups, Groups, Groups, Groups];
  const differences: RuleDifference[] = [];
  for (const [key, rules] of before) {
    const copies = after.get(key);
    if (copies === undefined || copies.length === rules.length || decidingBefore.get(key)?.length !== decidingAfter.get(key)?.length) continue;
    differences.push({ kind: 'multiplicity-changed', before: rules[0] as RuleEntry, after: copies[0] as RuleEntry, counts: [rules.length, copies.length] });
  }
  return differences;
}

type Groups = ReadonlyMap<string, readonly RuleEntry[]>;

function byKey(rules: readonly RuleEntry[]): Groups {
  const groups = new Map<string, RuleEntry[]>();
  for (const rule of rules) {
    addToGroup(groups, rule.key, rule);
  }
  return groups;
}
