import type { ChainDifference, RuleDifference, TableDifference } from '../../differences/difference.ts';
import type { RuleChain, RuleEntry } from '../../state/model.ts';
import type { Origin } from '../../state/origin.ts';
import { UNKNOWN_TABLE } from '../../read/recognise.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { counted, ruleWords } from '../words.ts';

/**
 * Rules that changed, while a diff does not show the rest of their table or nothing tells which table it is: that they changed is certain,
 * what it does to traffic nobody can tell.
 */
export function judgeRulesAlone(tables: readonly TableDifference[]): PendingChange[] {
  return tables.flatMap((table) => {
    const isUnnamed = table.after.name === UNKNOWN_TABLE;
    const name = isUnnamed
      ? `a table that no line names, ${table.after.family === 'ipv6' ? 'IPv6' : 'IPv4'}`
      : `${table.after.family === 'ipv6' ? 'ip6 ' : ''}${table.after.name}`;
    const chain = (one: RuleChain): string => (one.name === '' ? `${name}, in a chain that the diff does not name` : `${name} ${one.name}`);
    const changeOf = changesBecause(
      isUnnamed
        ? 'cannot be told: no line names the table of the rules'
        : 'cannot be told: it depends on rules that the diff does not show',
    );
    return [
      ...table.added.map((one) =>
        changeOf('iptables.chain.added', chain(one), `chain with ${counted(one.rules.length, 'rule')} appeared`, undefined, one),
      ),
      ...table.removed.map((one) =>
        changeOf('iptables.chain.removed', chain(one), `chain with ${counted(one.rules.length, 'rule')} is gone`, one, undefined),
      ),
      ...table.changed.flatMap((one) => [
        ...policy(changeOf, one, chain(one.after)),
        ...one.rules.map((rule) => ruleChange(changeOf, rule, chain(one.after))),
      ]),
    ];
  });
}

type ChangeOf = ReturnType<typeof changesBecause>;

function policy(changeOf: ChangeOf, { policyChanged, before, after }: ChainDifference, place: string): PendingChange[] {
  return policyChanged
    ? [changeOf('iptables.chain.policy-changed', place, `policy ${before.policy} → ${after.policy}`, before, after)]
    : [];
}

function ruleChange(changeOf: ChangeOf, difference: RuleDifference, place: string): PendingChange {
  const before = difference.kind === 'added' ? undefined : difference.before;
  const after = difference.kind === 'removed' ? undefined : difference.after;
  return changeOf(`iptables.rule.${difference.kind}`, place, happened(before, after), before, after);
}

function happened(before: RuleEntry | undefined, after: RuleEntry | undefined): string {
  if (before === undefined) return after === undefined ? '' : `rule "${ruleWords(after)}" was added`;
  if (after === undefined) return `rule "${ruleWords(before)}" is gone`;
  return ruleWords(before) === ruleWords(after)
    ? `rule "${ruleWords(after)}" stands elsewhere, or more or less often`
    : `rule "${ruleWords(before)}" is "${ruleWords(after)}" now`;
}

type Placed = { readonly origin: Origin } | undefined;

function changesBecause(effect: string) {
  return (id: string, place: string, text: string, before: Placed, after: Placed): PendingChange => ({
    id,
    severity: 'notice',
    effect: 'undecided',
    certainty: 'proven',
    subject: { kind: id.startsWith('iptables.chain') ? 'iptables.chain' : 'iptables.rule', name: place },
    text: `${place}: ${text}`,
    details: [{ label: 'effect', text: effect }],
    origins: seenAt(before?.origin, after?.origin),
  });
}
