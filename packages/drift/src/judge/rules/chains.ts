import type { ChainDifference, RuleDifference, TableDifference } from '../../differences/difference.ts';
import type { RuleChain } from '../../state/model.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { counted } from '../words.ts';
import type { ChangeKind } from '../rule.ts';
import { jumpTarget } from './anchors.ts';
import { chainSubject, ofChain, tableName } from './rule-places.ts';

export const CHAIN_CHANGES = [
  {
    id: 'iptables.chain.added',
    severity: 'by effect',
    title: 'a chain was created',
    why: 'it matters only to packets that a rule sends there',
    mirror: 'iptables.chain.removed',
  },
  {
    id: 'iptables.chain.removed',
    severity: 'by effect',
    title: 'a chain was deleted',
    why: 'its rules no longer have any effect',
    mirror: 'iptables.chain.added',
  },
  {
    id: 'iptables.chain.renamed',
    severity: 'by effect',
    title: 'a chain was renamed',
    why: 'its rules are the same, and the jumps to it follow',
  },
  {
    id: 'iptables.chain.orphaned',
    severity: 'by effect',
    title: 'no rule jumps to a chain any longer',
    why: 'its rules no longer see a packet',
    mirror: 'iptables.chain.attached',
  },
  {
    id: 'iptables.chain.attached',
    severity: 'by effect',
    title: 'a rule jumps to a chain again',
    why: 'its rules see packets again',
    mirror: 'iptables.chain.orphaned',
  },
  { id: 'iptables.order.same-effect', severity: 'none', title: 'the order of rules changed', why: 'no effect on traffic' },
] as const satisfies readonly ChangeKind[];

/** Chains that rules lead to. */
export interface LedChains {
  readonly before: () => ReadonlySet<string>;
  readonly after: () => ReadonlySet<string>;
}

export function reordered(table: TableDifference, { before, after }: ChainDifference): PendingChange {
  return {
    id: 'iptables.order.same-effect',
    severity: 'none',
    effect: 'none',
    certainty: 'proven',
    ...ofChain(table, after),
    text: `rules of ${tableName(table.after)} chain ${after.name} stand in another order; no effect on traffic`,
    origins: seenAt(before.origin, after.origin),
  };
}

/** Whether a chain keeps a list of `recent` addresses under its own name. */
export function remembers({ name, rules }: RuleChain): boolean {
  return rules.some(({ conditions }) => conditions.some((condition) => condition.kind === 'other' && condition.list?.name === name));
}

export function renamedChain(table: TableDifference, before: RuleChain, after: RuleChain): PendingChange {
  return {
    id: 'iptables.chain.renamed',
    ...(remembers(before) ? { severity: 'notice', effect: 'attribute' } : { severity: 'none', effect: 'none' }),
    certainty: 'proven',
    ...ofChain(table, after),
    previousSubject: chainSubject(table, before),
    text: `${tableName(table.after)} chain ${before.name} is called ${after.name} now; its rules are the same${remembers(before) ? ', and nobody is on its list of recent addresses yet' : ''}`,
    origins: seenAt(before.origin, after.origin),
  };
}

export function wholeChain(table: TableDifference, chain: RuleChain, how: 'added' | 'removed', met: boolean): PendingChange {
  const facts = { rules: chain.rules.length };
  const name = `${tableName(table.after)} chain ${chain.name}`;
  const rules = chain.rules.length === 0 ? 'empty' : `with ${counted(chain.rules.length, 'rule')}`;
  return {
    id: `iptables.chain.${how}`,
    severity: 'none',
    effect: 'none',
    certainty: 'proven',
    ...ofChain(table, chain),
    ...(how === 'added' ? { after: facts } : { before: facts }),
    text: `${name} (${rules}) ${how === 'added' ? 'appeared' : 'is gone'}${met ? '' : '; no rule leads there'}`,
    origins: how === 'added' ? seenAt(undefined, chain.origin) : seenAt(chain.origin, undefined),
  };
}

/** Chains that no rule leads to any more, or again: no more than the other side of the change of the rule. */
export function orphans(difference: RuleDifference, table: TableDifference, led: LedChains): PendingChange[] {
  const was = difference.kind === 'added' ? undefined : jumpTarget(difference.before);
  const is = difference.kind === 'removed' ? undefined : jumpTarget(difference.after);
  if (was === is) return [];
  const changes: PendingChange[] = [];
  const quiet = { severity: 'none', effect: 'none', certainty: 'proven' } as const;
  const left = was === undefined || led.after().has(was) ? undefined : table.after.chains.get(was);
  if (left !== undefined) {
    const text = `no rule jumps to ${tableName(table.after)} chain ${left.name} any longer`;
    changes.push({
      id: 'iptables.chain.orphaned',
      ...quiet,
      ...ofChain(table, left),
      text,
      origins: seenAt(undefined, left.origin),
    });
  }
  const joined = is === undefined || led.before().has(is) ? undefined : table.before.chains.get(is);
  if (joined !== undefined) {
    const text = `a rule jumps to ${tableName(table.after)} chain ${joined.name} again`;
    changes.push({
      id: 'iptables.chain.attached',
      ...quiet,
      ...ofChain(table, joined),
      text,
      origins: seenAt(joined.origin, undefined),
    });
  }
  return changes;
}
