import { addToGroup } from '../common/add-to-group.ts';
import type { RuleChain, RuleEntry, RuleTable } from '../state/model.ts';
import { append } from '../common/append.ts';
import { withoutInterfaces } from '../state/rule-entry.ts';
import { align } from '../common/align.ts';
import { chainClasses, conditionKeyOf, ContentNumbers } from './chain-classes.ts';
import type { ChainDifference, RuleDifference, TableDifference } from './difference.ts';
import { withCopiesTogether } from './copies.ts';
import { pairLeftovers } from './pair-rules.ts';
import { harmlessMoves, withCommutingSorted } from './rule-order.ts';

type Renamed = TableDifference['renamed'];

/**
 * Compares two tables: chains by name, then by what they do; rules by condition and target inside their chain, in order.
 *
 * Chains missing from an incomplete side are not differences: such a listing does not show that they are gone.
 */
export function compareTables(before: RuleTable, after: RuleTable): TableDifference | undefined {
  if (before === after) return undefined;
  const interfacesIgnored = before.interfacesHidden !== after.interfacesHidden;
  const readBefore = rulesReader(interfacesIgnored);
  const readAfter = rulesReader(interfacesIgnored);
  const onlyBefore = [...before.chains.values()].filter((chain) => !after.chains.has(chain.name));
  const onlyAfter = [...after.chains.values()].filter((chain) => !before.chains.has(chain.name));
  const numbers = new ContentNumbers();
  const renamed =
    onlyBefore.some(hasRules) && onlyAfter.some(hasRules)
      ? pairRenamed(onlyBefore, onlyAfter, chainClasses(before, numbers, readBefore), chainClasses(after, numbers, readAfter))
      : [];
  const newNames = new Map(renamed.map((pair) => [pair.before.name, pair.after.name]));
  const changed: ChainDifference[] = [];
  for (const [name, chain] of before.chains) {
    const other = after.chains.get(name);
    if (other === undefined) continue;
    const difference = areSpelledAlike(chain, other, newNames)
      ? undefined
      : compareChain(chain, other, readBefore(chain), readAfter(other), newNames);
    if (difference !== undefined) changed.push(difference);
  }
  const gone = new Set(renamed.map((pair) => pair.before));
  const come = new Set(renamed.map((pair) => pair.after));
  const removed = after.complete || after.alike === true ? onlyBefore.filter((chain) => !gone.has(chain)) : [];
  const added = before.complete || before.alike === true ? onlyAfter.filter((chain) => !come.has(chain)) : [];
  if (changed.length + removed.length + added.length + renamed.length === 0) return undefined;
  return { before, after, added, removed, renamed, changed, interfacesIgnored };
}

function rulesReader(interfacesIgnored: boolean): (chain: RuleChain) => readonly RuleEntry[] {
  const known = new WeakMap<RuleChain, readonly RuleEntry[]>();
  return (chain) => {
    let read = known.get(chain);
    if (read === undefined) {
      const all = interfacesIgnored ? chain.rules.map(withoutInterfaces) : chain.rules;
      read = withCommutingSorted(all);
      known.set(chain, read);
    }
    return read;
  };
}

function hasRules({ rules }: RuleChain): boolean {
  return rules.length > 0;
}

/** Whether two chains have the same rules in the same order, which most have: nothing has to be aligned then. */
function areSpelledAlike(before: RuleChain, after: RuleChain, newNames: ReadonlyMap<string, string>): boolean {
  if (before === after) return newNames.size === 0;
  return (
    newNames.size === 0 &&
    before.policy === after.policy &&
    before.rules.length === after.rules.length &&
    before.rules.every(
      ({ key, comments }, place) => key === after.rules[place]?.key && comments.join('\n') === after.rules[place].comments.join('\n'),
    )
  );
}

/** Pairs chains of equal class, in the order in which they are listed. Empty chains have nothing to be known by. */
function pairRenamed(
  onlyBefore: readonly RuleChain[],
  onlyAfter: readonly RuleChain[],
  classesBefore: ReadonlyMap<string, number>,
  classesAfter: ReadonlyMap<string, number>,
): Renamed {
  const byClass = new Map<number, RuleChain[]>();
  for (const chain of onlyAfter.toReversed()) {
    if (chain.rules.length === 0 || chain.policy !== undefined) continue;
    const number = classesAfter.get(chain.name) as number;
    addToGroup(byClass, number, chain);
  }
  const renamed: { before: RuleChain; after: RuleChain }[] = [];
  for (const chain of onlyBefore) {
    if (chain.rules.length === 0 || chain.policy !== undefined) continue;
    const partner = byClass.get(classesBefore.get(chain.name) as number)?.pop();
    if (partner !== undefined) renamed.push({ before: chain, after: partner });
  }
  return renamed;
}

function compareChain(
  before: RuleChain,
  after: RuleChain,
  one: readonly RuleEntry[],
  other: readonly RuleEntry[],
  newNames: ReadonlyMap<string, string>,
): ChainDifference | undefined {
  const policyChanged = before.policy !== undefined && after.policy !== undefined && before.policy !== after.policy;
  const keysBefore = one.map((rule) => keyUnderNewNames(rule, newNames));
  const keysAfter = other.map((rule) => keyUnderNewNames(rule, NONE));
  const rules = withCopiesTogether(ruleDifferences(one, other, keysBefore, keysAfter), one, other).map((rule) =>
    asListed(rule, before, after),
  );
  const reordered =
    rules.length === 0 && one.some((rule, index) => rule.number !== other[index]?.number || keysBefore[index] !== keysAfter[index]);
  return policyChanged || rules.length > 0 || reordered ? { before, after, policyChanged, rules, reordered } : undefined;
}

/** A rule that one side alone has asks for the interfaces that its side shows, whatever the other side hides. */
function asListed(rule: RuleDifference, before: RuleChain, after: RuleChain): RuleDifference {
  if (rule.kind === 'removed') return { ...rule, before: before.rules[rule.before.number - 1] ?? rule.before };
  return rule.kind === 'added' ? { ...rule, after: after.rules[rule.after.number - 1] ?? rule.after } : rule;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Equal for rules that do the same where chains, and the lists of `recent` that are called as they are, have other names. */
function keyUnderNewNames(rule: RuleEntry, newNames: ReadonlyMap<string, string>): string {
  const { target } = rule;
  const name = target.kind === 'jump' ? newNames.get(target.chain) : undefined;
  const does = target.kind !== 'jump' || name === undefined ? target.text : `${target.goto ? '-g' : '-j'} ${name}`;
  return `${conditionKeyOf(rule, (list) => newNames.get(list) ?? list)} ${does}`.trim();
}

function ruleDifferences(
  before: readonly RuleEntry[],
  after: readonly RuleEntry[],
  keysBefore: readonly string[],
  keysAfter: readonly string[],
): RuleDifference[] {
  const { kept, moved, removed, added } = align(keysBefore, keysAfter);
  const differences: RuleDifference[] = [];
  for (const [one, other] of kept) {
    const rule = before[one] as RuleEntry;
    const partner = after[other] as RuleEntry;
    if (rule.comments.join('\n') !== partner.comments.join('\n'))
      differences.push({ kind: 'comment-changed', before: rule, after: partner });
  }
  const harmless = harmlessMoves(after, moved, placesInAfter(kept, after.length));
  for (const [one, other] of moved)
    if (!harmless.has(one)) differences.push({ kind: 'moved', before: before[one] as RuleEntry, after: after[other] as RuleEntry });
  const leftBefore = removed.map((place) => before[place] as RuleEntry);
  const leftAfter = added.map((place) => after[place] as RuleEntry);
  append(differences, pairLeftovers(leftBefore, leftAfter));
  return differences;
}

/** For a place in `before`, the place in `after` behind the nearest kept rule before it. */
function placesInAfter(kept: readonly (readonly [number, number])[], length: number): (before: number) => number {
  return (place) => {
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((kept[middle]?.[0] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : Math.min(length, (kept[low - 1]?.[1] ?? 0) + 1);
  };
}
