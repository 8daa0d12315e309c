import { translatedEndpoint } from '../../proxy/facts/translated-endpoint.ts';
import { isChainOf, parseServiceChain } from '../../proxy/names/chain-hash.ts';
import { servicePortsOf } from '../../proxy/names/comments.ts';
import { servicePortOfChain } from '../../proxy/names/chain-owners.ts';
import type { Effect, Severity } from '../../report.ts';
import type { RuleTable } from '../../state/model.ts';
import type { Comparison } from '../comparison.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import { listed } from '../words.ts';
import type { PlacedRule } from './owned-differences.ts';

/** A rule of a service port that leads to a chain of another one, or no longer does. */
export interface LedToOthers {
  readonly chain: string;
  /** The service port of that chain, where a rule of it names one. */
  readonly other?: string;
  /** kube-proxy did not write this: what it writes names one service. */
  readonly isForeign: boolean;
  /** It led there, and leads to a chain of its own again. */
  readonly isRepaired: boolean;
}

/**
 * A rule that leads to a chain which is not called after its service port, or no longer does: kube-proxy calls each chain after what it is
 * for, so this is no change of the endpoints of the service.
 */
export function ledToOthers(
  name: string,
  rules: readonly PlacedRule[],
  { packet: { protocol } }: FlowDifference,
  { differences }: Comparison,
): LedToOthers | undefined {
  for (const { difference, table: tableName } of rules) {
    if (difference.kind !== 'target-changed') continue;
    const [was, is] = [difference.before.target, difference.after.target];
    const table = differences.tables.find((one) => one.after.name === tableName);
    if (was.kind !== 'jump' || is.kind !== 'jump' || table === undefined) continue;
    const [own, isOwn] = [isFor(was.chain, name, protocol, table.before), isFor(is.chain, name, protocol, table.after)];
    if (own === undefined || isOwn === undefined || own === isOwn) continue;
    const chain = isOwn ? was.chain : is.chain;
    const other = servicePortOfChain(isOwn ? table.before : table.after, chain);
    const named = servicePortsOf((isOwn ? difference.before : difference.after).comments);
    const isForeign = other === undefined || !named.includes(other);
    return { chain, ...(other === undefined || other === name ? {} : { other }), isForeign, isRepaired: isOwn };
  }
  return undefined;
}

/** Whether a chain is called after a service port, or after it and the endpoint to which it leads; undefined for one of no service. */
function isFor(chain: string, name: string, protocol: string, { chains }: RuleTable): boolean | undefined {
  const kind = parseServiceChain(chain)?.kind;
  if (kind === undefined) return undefined;
  if (kind !== 'SEP') return isChainOf(chain, name, protocol);
  const endpoint = translatedEndpoint(chains.get(chain) ?? { rules: [] });
  return endpoint === undefined ? undefined : isChainOf(chain, name, protocol, endpoint);
}

/** What it comes to: the endpoints of one service get what is meant for another one. */
export function otherService(
  label: string,
  { chain, other, isForeign, isRepaired }: LedToOthers,
  { lost, gained, after }: { readonly lost: readonly string[]; readonly gained: readonly string[]; readonly after: readonly unknown[] },
): { readonly id: 'nat.dnat.retargeted'; readonly severity: Severity; readonly effect: Effect; readonly text: string } {
  const whose = other === undefined ? 'another service' : other;
  const connections = after.length === gained.length ? 'connections go' : 'a part of the connections goes';
  const where = `${listed(gained)} now, and went to ${listed(lost)}`;
  return {
    id: 'nat.dnat.retargeted',
    severity: isRepaired ? 'notice' : 'critical',
    effect: isRepaired ? 'gained' : 'redirected',
    text: isRepaired
      ? `${label}: ${connections} to ${where}: a rule led them to chain ${chain} of ${whose}, which is repaired`
      : `${label}: ${connections} to ${where}: a rule leads them to chain ${chain} of ${whose}${isForeign ? ', so kube-proxy did not write this' : ''}`,
  };
}
