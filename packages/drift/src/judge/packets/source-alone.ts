import { chainRole } from '../../proxy/names/chain-roles.ts';
import type { RuleEntry } from '../../state/model.ts';
import type { FlowDifference } from './flow-differences.ts';

/** Whatever else than the source address of packets changes is the work of other rules. */
export function decidesSourceAlone({ target }: RuleEntry): boolean {
  return target.kind === 'snat' || (target.kind === 'jump' && chainRole(target.chain) === 'mark-masquerade');
}

/** Whether packets that a service takes on one side alone differ by such rules: who takes them is decided by others. */
export function isWorkOfOthers({ before, after }: FlowDifference, rules: readonly (RuleEntry | undefined)[]): boolean {
  const known = rules.filter((rule) => rule !== undefined);
  return known.length > 0 && known.every(decidesSourceAlone) && (before.endpoints.length === 0) !== (after.endpoints.length === 0);
}
