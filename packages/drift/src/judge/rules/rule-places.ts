import type { TableDifference } from '../../structure/difference.ts';
import type { RuleChain, RuleTable } from '../../state/model.ts';
import type { Subject } from '../../report.ts';

/** `filter`, `ip6 filter`. */
export function tableName(table: RuleTable): string {
  return table.family === 'ipv6' ? `ip6 ${table.name}` : table.name;
}

/** A chain as the subject of a change. */
export function chainSubject(table: TableDifference, chain: RuleChain): Subject {
  return { kind: 'iptables.chain', name: `${tableName(table.after)} ${chain.name}` };
}
