import { addToGroup } from '../../common/add-to-group.ts';
import { endpointAddresses, OUTSIDE_ADDRESS } from '../../proxy/facts/pod-addresses.ts';
import { RULES_TAKEN, routedText, routeSeenAt, routingOf } from '../../proxy/facts/routing-of.ts';
import { addressText } from '../../state/address-range.ts';
import { type Routed, type Routing, routed } from '../../world/routing.ts';
import { toAddress } from '../../world/values.ts';
import type { Detail } from '../../report.ts';
import type { Comparison } from '../comparison.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { type ChangeKind, type ChangeRule, each } from '../rule.ts';
import type { SideView } from '../side.ts';
import { listed } from '../words.ts';

const ROUTE_CHANGES = [
  {
    id: 'node.route-changed',
    severity: 'by effect',
    title: 'packets to endpoints, or to other networks, take another way',
    why: 'where there is no way connections fail; another way may lead to another network',
  },
] as const satisfies readonly ChangeKind[];

export const routeChanges: ChangeRule = { kinds: ROUTE_CHANGES, find: each(judgeRoutes) };

/** Addresses that packets go to in another way than before. */
interface OtherWay {
  readonly was: Routed;
  readonly is: Routed;
  readonly endpoints: readonly string[];
  readonly outside: boolean;
}

function judgeRoutes({ before, after }: Comparison): PendingChange[] {
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const [one, other] = [before, after].map(({ beside }) => routingOf(beside, family));
    if (one === undefined || other === undefined) return [];
    return otherWays(one, other, family, before, after).map((way) => storyOf(way, family, before, after));
  });
}

/** The ways of every endpoint of both sides, and of what is outside of the cluster. */
function otherWays(one: Routing, other: Routing, family: 'ipv4' | 'ipv6', before: SideView, after: SideView): OtherWay[] {
  const endpoints = new Set([...endpointAddresses(before.model, family), ...endpointAddresses(after.model, family)]);
  const addresses = [...[...endpoints].sort((low, high) => (low < high ? -1 : 1)).map(addressText), OUTSIDE_ADDRESS[family]];
  const groups = new Map<string, { readonly address: string; readonly was: Routed; readonly is: Routed }[]>();
  for (const address of addresses) {
    const value = toAddress(address) ?? 0;
    const [was, is] = [routed(one, value, 0), routed(other, value, 0)];
    if (was === undefined || is === undefined || routedText(was) === routedText(is)) continue;
    addToGroup(groups, `${routedText(was)} ${routedText(is)}`, { address, was, is });
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const names = group.map(({ address }) => address).filter((address) => address !== OUTSIDE_ADDRESS[family]);
    return first === undefined ? [] : [{ was: first.was, is: first.is, endpoints: names, outside: names.length < group.length }];
  });
}

function storyOf({ was, is, endpoints, outside }: OtherWay, family: 'ipv4' | 'ipv6', before: SideView, after: SideView): PendingChange {
  const what = [
    ...(endpoints.length === 0 ? [] : [`${endpoints.length === 1 ? 'endpoint' : 'endpoints'} ${listed(endpoints)}`]),
    ...(outside ? ['addresses outside of the cluster'] : []),
  ].join(' and to ');
  const lost = is.kind === 'lost' && was.kind !== 'lost';
  const gained = was.kind === 'lost' && is.kind !== 'lost';
  const address = endpoints[0] ?? OUTSIDE_ADDRESS[family];
  const rulesGiven = [before, after].every(({ beside }) => (beside.routingRules ?? []).length > 0);
  const details: Detail[] = [
    ...(lost || gained ? [] : [{ label: 'effect' as const, text: 'whether they arrive by the other way is not shown by this node' }]),
    ...(rulesGiven ? [] : [{ label: 'if' as const, text: RULES_TAKEN }]),
  ];
  return {
    id: 'node.route-changed',
    severity: lost ? 'critical' : gained ? 'notice' : 'warning',
    effect: lost ? 'lost' : gained ? 'gained' : 'undecided',
    certainty: rulesGiven ? 'proven' : 'assumed',
    subject: { kind: 'config', name: `route to ${endpoints.length === 0 ? 'other networks' : listed(endpoints)}` },
    before: { value: routedText(was) },
    after: { value: routedText(is) },
    origins: seenAt(routeSeenAt(before.beside.routes, family, address), routeSeenAt(after.beside.routes, family, address)),
    text: `packets to ${what} go ${routedText(is)}; they went ${routedText(was)}`,
    ...(details.length === 0 ? {} : { details }),
  };
}
