import type { ValueOf } from './values-of.ts';

/** Rows of one output of `ip route`. */
export type ShownRoutes = ValueOf<'Routes'>['routes'];

/** A route with its table. */
export type ListedRoute = ShownRoutes[number] & { readonly table: string; readonly family: 'ipv4' | 'ipv6' };

/** A rule of the routing policy. */
export type ListedRoutingRule = ValueOf<'RoutingRules'>['rules'][number] & { readonly family: 'ipv4' | 'ipv6' };
