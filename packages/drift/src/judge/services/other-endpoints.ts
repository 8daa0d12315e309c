import type { Share } from '../../packets/shares.ts';
import { misnamedEndpoints } from '../../proxy/nftables/misnamed-endpoints.ts';
import type { Effect, Severity } from '../../report.ts';
import type { Comparison } from '../comparison.ts';
import type { ServedDifference } from '../packets/served-differences.ts';
import type { PendingChange } from '../pending-change.ts';
import { listed } from '../words.ts';
import { otherEndpoints } from './served-words.ts';

/** How severe it is that connections which reach endpoints still do, and reach others or with other shares: one rule in every mode. */
export function severityOfOthers(before: readonly Share[], after: readonly Share[]): Severity {
  const was = new Map(before.map(({ address, share }) => [address, share]));
  const kept = after.filter(({ address }) => was.has(address));
  if (kept.length === before.length && kept.length === after.length) {
    const moved = after.map(({ address, share }) => Math.abs(share - (was.get(address) ?? 0)));
    return moved.some((share) => share > 0.1) ? 'warning' : 'notice';
  }
  return before.length - after.length >= before.length / 2 ? 'warning' : 'notice';
}

/** The chain of an endpoint that leads elsewhere than before, and which of both it is called after. */
export interface Retargeted {
  readonly chain: string;
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  readonly namedAfter: 'gained' | 'lost' | 'neither';
}

/** What it comes to: kube-proxy calls the chain of an endpoint after its address, so one that leads elsewhere was changed by somebody else. */
export function retargetedEndpoint(
  label: string,
  { chain, lost, gained, namedAfter }: Retargeted,
): { readonly id: 'nat.dnat.retargeted'; readonly severity: Severity; readonly effect: Effect; readonly text: string } {
  const who = {
    gained: `has the name of the endpoint it leads to now: the rule that led elsewhere was not kube-proxy's, and is repaired`,
    lost: 'still has the name of the old endpoint, so kube-proxy did not write this',
    neither: 'has the name of neither, so kube-proxy did not write this',
  }[namedAfter];
  return {
    id: 'nat.dnat.retargeted',
    severity: namedAfter === 'gained' ? 'notice' : 'warning',
    effect: 'redirected',
    text: `${label}: connections for the ${lost.length === 1 ? 'endpoint' : 'endpoints'} ${listed(lost)} go to ${listed(gained)} now; chain ${chain} ${who}`,
  };
}

/** Endpoints that differ are as severe as in other modes, and what kube-proxy did not write is told as such. */
export function otherEndpointsServed(differences: readonly ServedDifference[], { before, after }: Comparison): Partial<PendingChange> {
  const [{ place }] = differences as readonly [ServedDifference, ...ServedDifference[]];
  const pairs = differences.flatMap(({ place: { senders }, from }) => senders.filter((sender) => sender.from === from));
  const { lost, gained } = otherEndpoints(differences);
  const [was, is] = [before, after].map(({ model }) =>
    [...(model.nft?.tables.values() ?? [])].flatMap(({ table }) => misnamedEndpoints(table)),
  );
  const hand = is?.find(({ servicePort, leadsTo }) => servicePort === place.service && gained.includes(leadsTo));
  const repaired = was?.find(({ servicePort, leadsTo }) => servicePort === place.service && lost.includes(leadsTo));
  const misnamed = hand ?? repaired;
  if (misnamed !== undefined && gained.length > 0 && lost.length > 0) {
    const namedAfter = hand === undefined ? 'gained' : lost.includes(hand.named) ? 'lost' : 'neither';
    return retargetedEndpoint(place.service, { chain: misnamed.chain.name, lost, gained, namedAfter });
  }
  const isWarning = pairs.some((pair) => severityOfOthers(pair.before.endpoints, pair.after.endpoints) === 'warning');
  return isWarning ? { severity: 'warning' } : {};
}
