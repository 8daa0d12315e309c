import { addToGroup } from '../common/add-to-group.ts';
import { endpointAddresses } from '../proxy/facts/pod-addresses.ts';
import { routedText, routeSeenAt } from '../proxy/facts/routing-of.ts';
import type { NodeView } from '../services/node-facts.ts';
import { addressText } from '../state/address-range.ts';
import { routed } from '../world/routing.ts';
import { toAddress } from '../world/values.ts';
import { findingKinds, type FoundThing, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.node.no-route',
    severity: 'critical',
    title: 'endpoints of services have no route',
    why: 'connections to services that are sent to them fail',
  },
]);

export const routes: FindingRule = { kinds, find: routeFindings };

/** Endpoints that the node has no way to: no route of any table, or one that is unreachable, prohibited or a black hole. */
function routeFindings({ model, worlds, knowledge }: NodeView): FoundThing[] {
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const { routing } = worlds[family];
    if (routing === undefined) return [];
    const lost = new Map<string, string[]>();
    for (const number of [...endpointAddresses(model, family)].sort((one, other) => (one < other ? -1 : 1))) {
      const address = addressText(number);
      const way = routed(routing, toAddress(address) ?? 0, 0);
      if (way?.kind === 'lost') addToGroup(lost, routedText(way), address);
    }
    return [...lost].map(([how, addresses]) =>
      finding('lint.node.no-route', {
        subject: { kind: 'config', name: `route to ${listed(addresses)}` },
        text: `packets to ${addresses.length === 1 ? 'endpoint' : 'endpoints'} ${listed(addresses)} go ${how}; connections that services send there fail`,
        certainty: routing.rulesGiven ? 'proven' : 'assumed',
        lookAt: `ip route get ${addresses[0] ?? ''}`,
        origins: addresses.slice(0, 3).flatMap((address) => routeSeenAt(knowledge.routes, family, address) ?? []),
      }),
    );
  });
}
