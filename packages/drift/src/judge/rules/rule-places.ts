import type { TableDifference } from '../../structure/difference.ts';
import type { RuleChain, RuleTable } from '../../state/model.ts';
import type { Subject } from '../../report.ts';
import { chainRole } from '../../proxy/names/chain-roles.ts';
import type { PendingChange } from '../pending-change.ts';

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
