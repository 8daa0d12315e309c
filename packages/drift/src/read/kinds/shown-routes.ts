import type { Gathered } from './knowledge.ts';
import type { ShownRoutes } from './listed-routes.ts';

/** The family that a command of iproute2 asks for: its outputs may look alike. */
export function familyAsked(command: string): 'ipv4' | 'ipv6' {
  return / -6(?: |$)|inet6/.test(command) ? 'ipv6' : 'ipv4';
}

/**
 * Adds the routes of one output. Which table they are of: a row names its own where all are shown (`ip route show table all`), not where
 * one table was asked for. Where nothing tells which, and they are none of `main` or `local`, they are left aside, as the answer of
 * `ip route get` is.
 */
export function addRoutes(routes: ShownRoutes, found: Gathered, part: number, command: string): void {
  const words = command.split(/\s+/);
  const asked = words.includes('table') ? words[words.indexOf('table') + 1] : undefined;
  const isV6 = routes.some(({ destination, via = '' }) => destination.includes(':') || via.includes(':'));
  const family = isV6 ? 'ipv6' : familyAsked(command);
  const whole = asked === 'all' || routes.some(({ table }) => table === 'local');
  const untold = !whole && asked === undefined && routes.some(({ type, destination }) => type === 'local' && destination === 'default');
  if (words.includes('get') || untold) return;
  if (whole) found.wholeRoutes.add(family);
  const isLocal = asked === undefined && !whole && routes.some(({ type }) => type === 'local' || type === 'broadcast');
  const usual = asked === undefined || asked === 'all' ? (isLocal ? 'local' : 'main') : asked;
  for (const route of routes) found.routes.push({ value: { ...route, table: route.table ?? usual, family }, part, line: route.line });
}
