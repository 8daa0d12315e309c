import { type RuleDifference, ruleOf } from '../differences/difference.ts';
import type { Detail, ExplainedDifference } from '../report.ts';
import type { PendingChange, SidedOrigin } from './pending-change.ts';

/** A difference (a rule, a chain, a member, a virtual service, a packet …) that a change explains, unless an earlier change does. */
export interface Claim {
  readonly difference: object;
  /** How the report names it; missing = it is not named. */
  readonly explained?: readonly ExplainedDifference[];
  readonly origins?: readonly SidedOrigin[];
  /** A change that is made of it alone, and told with the one that explains it. */
  readonly part?: PendingChange;
}

/** How the report names a rule that differs. */
export function explainedRule(difference: RuleDifference, table: string, chain: string): ExplainedDifference {
  return { id: `iptables.rule.${difference.kind}`, subject: `${table} ${chain}#${ruleOf(difference).number}` };
}

/** What a rule found: a change, what it explains, and the changes that its text tells too. */
export interface Found {
  readonly change: PendingChange;
  readonly claims?: readonly Claim[];
  readonly parts?: readonly PendingChange[];
}

/** A change with everything that it explains, and the changes that its text tells too. */
export interface Story {
  readonly change: PendingChange;
  readonly parts: readonly PendingChange[];
}

/** Places that a change shows as evidence where it explains many. */
const MOST_ORIGINS = 6;

/**
 * Asks rules in their order. A difference is explained by the first change that claims it: what earlier rules claimed is given to the later
 * ones, which leave it out.
 */
export function claimed<Rule>(rules: readonly Rule[], find: (rule: Rule, explained: ReadonlySet<object>) => readonly Found[]): Story[] {
  const explained = new Set<object>();
  return rules.flatMap((rule) => find(rule, explained).map((found) => storyOf(found, explained)));
}

function storyOf({ change, claims = [], parts = [] }: Found, explained: Set<object>): Story {
  const own = claims.filter(({ difference }) => {
    const isOpen = !explained.has(difference);
    explained.add(difference);
    return isOpen;
  });
  const origins = own.flatMap((claim) => claim.origins ?? []);
  const named = own.flatMap((claim) => claim.explained ?? []);
  return {
    change: {
      ...change,
      ...(named.length === 0 && change.explains === undefined ? {} : { explains: [...named, ...(change.explains ?? [])] }),
      ...(origins.length === 0 ? {} : { origins: [...change.origins, ...origins].slice(0, MOST_ORIGINS) }),
    },
    parts: [...parts, ...own.flatMap(({ part }) => part ?? [])],
  };
}

/** One story of several: the first tells the others too. */
export function toldTogether(first: Found, others: readonly Found[]): Found {
  return {
    change: first.change,
    claims: [first, ...others].flatMap(({ claims = [] }) => claims),
    parts: [...(first.parts ?? []), ...others.flatMap(({ change, parts = [] }) => [change, ...parts])],
  };
}

/** A change that explains nothing but itself. */
export function alone(change: PendingChange): Found {
  return { change };
}

/** A story that tells others too. */
export function joined({ change, parts }: Story, others: readonly Story[]): Story {
  return { change, parts: [...parts, ...changesOf(others)] };
}

/** A story with more to say. */
export function withDetails({ change, parts }: Story, details: readonly Detail[]): Story {
  return { change: { ...change, details: [...(change.details ?? []), ...details] }, parts };
}

/** All changes of stories, each story's own first. */
export function changesOf(stories: readonly Story[]): PendingChange[] {
  return stories.flatMap(({ change, parts }) => [change, ...parts]);
}

/** The stories with other changes in place of some. */
export function withChanges(stories: readonly Story[], replaced: ReadonlyMap<PendingChange, PendingChange>): readonly Story[] {
  if (replaced.size === 0) return stories;
  const now = (change: PendingChange): PendingChange => replaced.get(change) ?? change;
  return stories.map(({ change, parts }) => ({ change: now(change), parts: parts.map(now) }));
}
