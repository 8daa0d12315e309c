import { addToGroup } from '../../common/add-to-group.ts';
import { align } from '../../common/align.ts';
import type { Chain, Rule } from '../../world/ir.ts';
import type { UnknownTest } from '../../world/unknown-test.ts';
import type { World } from '../../world/world.ts';
import { printable } from './walk/decisions.ts';

/**
 * Two worlds whose counting conditions that differ in their amounts alone ask for one quantity: what a rule lets match, the same rule with
 * a larger amount lets match too. A condition counts for the rule it stands in, so the pair is one of rules.
 */
export function withTiedAmounts(before: World, after: World): readonly [World, World] {
  const tied = new Map<Chain, Chain>();
  let pairs = 0;
  for (const [name, { chains }] of before.rules.tables) {
    const others = after.rules.tables.get(name)?.chains;
    const renamed = renamedChains(chains, others ?? new Map());
    for (const [chain, one] of chains) {
      const other = others?.get(chain) ?? renamed.get(chain);
      if (other === undefined || !one.rules.some(hasAmounts) || !other.rules.some(hasAmounts)) continue;
      const rules = [one.rules.slice(), other.rules.slice()] as const;
      for (const [left, right] of pairsOf(one.rules, other.rules)) {
        const both = tie(one.rules[left] as Rule, other.rules[right] as Rule, `${chain} ${pairs++}`);
        [rules[0][left], rules[1][right]] = both;
      }
      tied.set(one, { ...one, rules: rules[0] }).set(other, { ...other, rules: rules[1] });
    }
  }
  return tied.size === 0 ? [before, after] : [withChains(before, tied), withChains(after, tied)];
}

/** Chains of one side, by the names of those of the other that hold the same rules but for amounts, where one alone does. */
function renamedChains(before: ReadonlyMap<string, Chain>, after: ReadonlyMap<string, Chain>): Map<string, Chain> {
  const [gone, come] = [byRules(before, after), byRules(after, before)];
  return new Map(
    [...gone].flatMap(([text, [only, ...others]]) => {
      const [partner, ...more] = come.get(text) ?? [];
      return only === undefined || partner === undefined || others.length + more.length > 0 ? [] : [[only.name, partner] as const];
    }),
  );
}

function byRules(chains: ReadonlyMap<string, Chain>, others: ReadonlyMap<string, Chain>): Map<string, Chain[]> {
  const found = new Map<string, Chain[]>();
  for (const chain of chains.values()) {
    if (others.has(chain.name) || !chain.rules.some(hasAmounts)) continue;
    addToGroup(found, JSON.stringify(chain.rules.map((rule) => ruleText(rule, true))), chain);
  }
  return found;
}

function hasAmounts({ body }: Rule): boolean {
  return body.some((part) => part.kind === 'unknown' && part.amounts !== undefined);
}

/** Rules that have no equal on the other side, and one that differs from it in amounts alone. */
function pairsOf(before: readonly Rule[], after: readonly Rule[]): (readonly [number, number])[] {
  const { removed, added } = align(
    before.map((rule) => ruleText(rule)),
    after.map((rule) => ruleText(rule)),
  );
  const [left, right] = [removed.filter((at) => hasAmounts(before[at] as Rule)), added.filter((at) => hasAmounts(after[at] as Rule))];
  const { kept, moved } = align(
    left.map((at) => ruleText(before[at] as Rule, true)),
    right.map((at) => ruleText(after[at] as Rule, true)),
  );
  return [...kept, ...moved].map(([one, other]) => [left[one] as number, right[other] as number]);
}

function ruleText({ body, verdict }: Rule, withoutAmounts = false): string {
  const parts = body.map((part) =>
    part.kind === 'unknown' ? [withoutAmounts ? (part.amounts?.of ?? part.identity) : part.identity, part.not] : part,
  );
  return JSON.stringify([parts, verdict], withoutOrigins);
}

/** The entries of a set are the same wherever they are listed. */
function withoutOrigins(key: string, value: unknown): unknown {
  return key === 'origin' ? undefined : printable(key, value);
}

function tie(one: Rule, other: Rule, name: string): [Rule, Rule] {
  const bodies = [one.body.slice(), other.body.slice()] as const;
  for (const [at, left] of one.body.entries()) {
    const right = other.body[at];
    const pair = left.kind === 'unknown' && right?.kind === 'unknown' ? ranked(left, right, `${name} ${at}`) : undefined;
    if (pair !== undefined) [bodies[0][at], bodies[1][at]] = pair;
  }
  return [
    { ...one, body: bodies[0] },
    { ...other, body: bodies[1] },
  ];
}

/** Undefined where neither lets match all that the other does: a higher rate with a smaller burst. */
function ranked(one: UnknownTest, other: UnknownTest, name: string): [UnknownTest, UnknownTest] | undefined {
  const [left, right] = [one.amounts?.most ?? [], other.amounts?.most ?? []];
  const more = left.some((amount, at) => amount > (right[at] as number));
  const fewer = left.some((amount, at) => amount < (right[at] as number));
  if (more === fewer) return undefined;
  const withMost = (test: UnknownTest, most: number): UnknownTest => ({
    ...test,
    counts: true,
    quantity: { name, in: [0, most], ofAmounts: true },
  });
  return [withMost(one, more ? 1 : 0), withMost(other, more ? 0 : 1)];
}

function withChains(world: World, tied: ReadonlyMap<Chain, Chain>): World {
  const of = (chain: Chain): Chain => tied.get(chain) ?? chain;
  const tables = [...world.rules.tables].map(
    ([name, table]) => [name, { ...table, chains: new Map([...table.chains].map(([key, chain]) => [key, of(chain)])) }] as const,
  );
  const base = world.rules.base.map((one) => ({ ...one, chain: of(one.chain) }));
  return { ...world, rules: { ...world.rules, base, tables: new Map(tables) } };
}
