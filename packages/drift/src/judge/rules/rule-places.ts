import type { RuleDifference, TableDifference } from '../../differences/difference.ts';
import type { RuleChain, RuleEntry, RuleTable } from '../../state/model.ts';
import type { Subject } from '../../report.ts';
import { chainRole } from '../../proxy/names/chain-roles.ts';
import type { PendingChange } from '../pending-change.ts';
import { ruleText, ruleWords, times } from '../words.ts';

/** `filter`, `ip6 filter`. */
export function tableName(table: RuleTable): string {
  return table.family === 'ipv6' ? `ip6 ${table.name}` : table.name;
}

/** A chain as the subject of a change. */
export function chainSubject(table: TableDifference, chain: RuleChain): Subject {
  return { kind: 'iptables.chain', name: `${tableName(table.after)} ${chain.name}` };
}

/** A change of a whole chain, and whether kube-proxy makes it. */
export function ofChain(table: TableDifference, chain: RuleChain): Pick<PendingChange, 'subject' | 'ofProxy'> {
  return { subject: chainSubject(table, chain), ofProxy: chainRole(chain.name) !== undefined };
}

/** What happened to a rule, to be read by itself. */
export function whatHappened(difference: RuleDifference, chain: string): string {
  const comment = (rule: RuleEntry): string => (rule.comments.length === 0 ? '' : `, comment "${rule.comments.join('", "')}"`);
  switch (difference.kind) {
    case 'added':
      return `rule ${ruleText(chain, difference.after)} was added${comment(difference.after)}`;
    case 'removed':
      return `rule ${ruleText(chain, difference.before)} is gone${comment(difference.before)}`;
    case 'moved':
      return `rule ${ruleText(chain, difference.after)} moved from position ${difference.before.number} to ${difference.after.number}`;
    case 'match-changed':
    case 'target-changed':
      return `rule ${chain}#${difference.after.number} was "${ruleWords(difference.before)}", is "${ruleWords(difference.after)}"`;
    case 'comment-changed':
      return `the comment of ${chain}#${difference.after.number} changed`;
    case 'multiplicity-changed':
      return `rule ${ruleText(chain, difference.after)} now appears ${times(difference.counts[1])} (was ${times(difference.counts[0])})`;
  }
}
