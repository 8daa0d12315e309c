import { chainRole, isProxyChain, isServiceChain } from '../../proxy/names/chain-roles.ts';
import type { Flow } from '../../packets/flow.ts';
import { refusalReason } from '../services/refusal.ts';
import type { PlacedRule } from '../services/owned-differences.ts';
import type { FlowDifference } from './flow-differences.ts';

/**
 * Whether somebody gets to other endpoints of a service, or to none, by what stands in the chains of the service itself: kube-proxy's own
 * rules lead there, or refuse for want of endpoints, and where no rule leads on any more a rule of those chains is gone.
 */
export function isAboutEndpoints(flow: FlowDifference, rules: readonly PlacedRule[]): boolean {
  const { before, after, endpoints, onlyIf } = flow;
  if (!endpoints || onlyIf.length > 0 || isTakenAway(before) || isTakenAway(after)) return false;
  if (isServed(before) && isServed(after)) return true;
  return isServed(before)
    ? after.verdict === 'passed' && isLedBy(before, 'before', rules)
    : isServed(after) && before.verdict === 'passed' && isLedBy(after, 'after', rules);
}

/** Whether a flow gets to endpoints, or is refused for want of them. */
export function isServed(flow: Flow): boolean {
  return flow.endpoints.length > 0 || refusalReason(flow) !== undefined;
}

/** Whether a rule that is no part of a service translates it: kube-proxy does so in chains of services and endpoints alone. */
export function isTakenAway({ path }: Flow): boolean {
  return path.some(
    ({ chain, rule }) =>
      rule?.target.kind === 'dnat' && (!isProxyChain(chain) || chainRole(chain) === 'services' || chainRole(chain) === 'node-ports'),
  );
}

/** Whether one of the rules that differ leads a flow to an endpoint. */
function isLedBy({ path }: Flow, side: 'before' | 'after', rules: readonly PlacedRule[]): boolean {
  const leads = path
    .filter(
      ({ rule }) => rule?.target.kind === 'dnat' || (rule?.target.kind === 'jump' && chainRole(rule.target.chain) !== 'mark-masquerade'),
    )
    .map(({ rule }) => rule);
  return rules.some(({ chain, difference }) => {
    if (!isServiceChain(chain) || difference.kind === 'comment-changed' || difference.kind === 'moved') return false;
    if (side === 'before') return difference.kind !== 'added' && leads.includes(difference.before);
    return difference.kind !== 'removed' && leads.includes(difference.after);
  });
}
