import type { InPart, NodeKnowledge } from '../../read/kinds/knowledge.ts';
import type { ListedRoute, ListedRoutingRule } from '../../read/kinds/listed-routes.ts';
import { type PolicyRule, type PrefixRoute, type Routed, type Routing, routeTables, USUAL_RULES } from '../../world/routing.ts';
import { prefixBounds, toAddress } from '../../world/values.ts';
import { type Origin, originIn } from '../../state/origin.ts';

/** What is taken of the rules of routing where they were not given. */
export const RULES_TAKEN = 'tables of routes are asked as a kernel does when it starts (ip rule was not given)';

/** What of a snapshot tells of its routes. */
export type ShownRouting = Pick<NodeKnowledge, 'routes' | 'routingRules' | 'wholeRoutes'>;

/** The routing of a family as far as `ip route` and `ip rule` show it; undefined where they show nothing. */
export function routingOf(
  { routes = [], routingRules = [], wholeRoutes }: Partial<ShownRouting>,
  family: 'ipv4' | 'ipv6',
): Routing | undefined {
  const own = routes.flatMap(({ value }) => (value.family === family ? [value] : []));
  if (own.length === 0) return undefined;
  const rules = routingRules.flatMap(({ value }) => (value.family === family ? [value] : []));
  return {
    tables: routeTables(own.flatMap((route) => prefixRoute(route, family))),
    rules: rules.length === 0 ? USUAL_RULES : rules.toSorted((one, other) => one.priority - other.priority).map(policyRule),
    rulesGiven: rules.length > 0,
    whole: wholeRoutes?.has(family) === true,
  };
}

function prefixRoute(route: ListedRoute, family: 'ipv4' | 'ipv6'): (PrefixRoute & { readonly table: string })[] {
  const longest = family === 'ipv4' ? 32 : 128;
  if (route.destination === 'default') return [{ table: route.table, address: family === 'ipv4' ? 0 : 0n, length: 0, to: whereTo(route) }];
  const [text = '', length] = route.destination.split('/');
  const address = toAddress(text);
  if (address === undefined) return [];
  return [{ table: route.table, address, length: length === undefined ? longest : Number(length), to: whereTo(route) }];
}

function whereTo({ type = 'unicast', device, via }: ListedRoute): PrefixRoute['to'] {
  switch (type) {
    case 'unicast':
      return device === undefined ? 'not told' : { kind: 'out', device, ...(via === undefined ? {} : { gateway: via }) };
    case 'local':
      return { kind: 'local' };
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      return { kind: 'lost', how: type };
    case 'throw':
      return 'throw';
    default:
      return 'not told';
  }
}

function policyRule({ selector, mark, table }: ListedRoutingRule): PolicyRule {
  const [value = '', mask = '0xffffffff'] = (mark ?? '').split('/');
  return {
    ...(mark === undefined ? {} : { mark: { value: Number(value) >>> 0, mask: Number(mask) >>> 0 } }),
    asksMore: selector !== (mark === undefined ? 'from all' : `from all fwmark ${mark}`),
    ...(table === undefined ? {} : { table }),
  };
}

/** The node's own addresses, which the kernel keeps as routes of their own. */
export function routedHere({ routes = [] }: Partial<ShownRouting>): string[] {
  return routes.flatMap(({ value: { type, table, destination } }) =>
    type === 'local' && table === 'local' && !destination.includes('/') && destination !== 'default' ? [destination] : [],
  );
}

/** As a reader would say it: `by eth0 to 192.0.2.1`. */
export function routedText(routed: Routed): string {
  if (routed.kind === 'local') return 'to this node';
  if (routed.kind === 'lost') return routed.how === 'no route' ? 'nowhere: there is no route' : `nowhere: their route is ${routed.how}`;
  return `by ${routed.device}${routed.gateway === undefined ? '' : ` to ${routed.gateway}`}`;
}

/** Where the route was read that packets to an address take: of those of the main table that hold it the one with the longest prefix. */
export function routeSeenAt(routes: readonly InPart<ListedRoute>[] = [], family: 'ipv4' | 'ipv6', address: string): Origin | undefined {
  const value = toAddress(address) ?? 0;
  const lengthOf = (destination: string): number => {
    if (destination === 'default') return 0;
    const [text = '', length = family === 'ipv4' ? '32' : '128'] = destination.split('/');
    const own = toAddress(text);
    return own !== undefined && prefixBounds(value, Number(length))[0] === prefixBounds(own, Number(length))[0] ? Number(length) : -1;
  };
  const found = routes
    .filter(({ value: route }) => route.family === family && route.table === 'main' && lengthOf(route.destination) >= 0)
    .toSorted((low, high) => lengthOf(high.value.destination) - lengthOf(low.value.destination))[0];
  return found && originIn(found);
}
