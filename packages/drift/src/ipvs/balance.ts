import type { IpvsDestination, IpvsService } from '../state/model.ts';
import { SCHEDULERS } from './schedulers.ts';

/** A destination that gets new connections. */
export interface BalancedPart {
  readonly address: string;
  /** The part that it gets in the long run, 0 to 1; missing where none can be given. */
  readonly share?: number;
}

/** How a virtual service divides new connections among its destinations, as far as a listing shows it. */
export interface Balance {
  /** Destinations that get new connections, or may; those of weight 0 and full ones are not among them. */
  readonly parts: readonly BalancedPart[];
  /** Destinations that keep a place in the scheduler's table and take nothing: new connections that fall there fail. */
  readonly failing: readonly BalancedPart[];
  /** What shares do not say, or why none can be given. */
  readonly words?: string;
}

/**
 * How a virtual service divides new connections. Shares are given where weights and scheduler are shown and the scheduler divides by
 * them; for the others of the kernel's schedulers it is told in words what each does.
 *
 * @example
 * // rr, two destinations of weight 1
 * balanceOf(service).parts // => [{ address: '10.0.0.1:80', share: 0.5 }, { address: '10.0.0.2:80', share: 0.5 }]
 */
export function balanceOf(service: IpvsService): Balance {
  const all = [...service.destinations.values()];
  const usable = all.filter((destination) => destination.weight !== 0 && !isFull(destination));
  const { scheduler } = service;
  const kind = scheduler === undefined ? undefined : SCHEDULERS.get(scheduler);
  // Each destination that is not shown has a share too.
  if (service.partialBecause !== undefined) {
    const failing =
      kind?.failsAtZero === true && !fallsBack(service)
        ? all.filter(({ weight }) => weight === 0).map(({ key }) => ({ address: key }))
        : [];
    return { parts: usable.map(({ key }) => ({ address: key })), failing, words: 'shares not known: not all destinations are shown' };
  }
  if (kind?.failsAtZero === true && !fallsBack(service)) return hashed(service, all, usable);
  if (usable.length < 2) return { parts: usable.map(({ key }) => ({ address: key, share: 1 })), failing: [] };
  const unshown = { parts: usable.map(({ key }) => ({ address: key })), failing: [] };
  const lacking = [
    ...(scheduler === undefined ? ['scheduler'] : []),
    ...(usable.some(({ weight }) => weight === undefined) ? ['weights'] : []),
  ];
  if (lacking.length > 0) return { ...unshown, words: `shares not known: no listing given shows the ${lacking.join(' and ')}` };
  if (kind === undefined) return { ...unshown, words: `shares not known: ${scheduler} is no scheduler of Linux` };
  switch (kind.kind) {
    case 'turn':
      return { parts: divided(usable, () => 1), failing: [] };
    case 'weight':
      return { parts: divided(usable, weightOf), failing: [] };
    case 'client':
      return { parts: divided(usable, weightOf), failing: [] };
    case 'idle':
      return { ...unshown, words: `${scheduler} takes ${kind.takes}: shares depend on the load` };
    case 'address':
      return { ...unshown, words: `${scheduler} sends all connections to one address to one of them, which no listing names` };
    case 'highest':
      return highest(service, usable);
  }
}

function weightOf({ weight }: IpvsDestination): number {
  return weight ?? 1;
}

/** As many connections as its upper threshold: the kernel passes it over (`ip_vs_dest_update_overload`, IP_VS_DEST_F_OVERLOAD). */
function isFull({ upperThreshold = 0, activeConnections, inactiveConnections }: IpvsDestination): boolean {
  return (
    upperThreshold > 0 &&
    activeConnections !== undefined &&
    inactiveConnections !== undefined &&
    activeConnections + inactiveConnections >= upperThreshold
  );
}

/** `sh-fallback`, `mh-fallback`; before 1.30 ipvsadm calls that of mh `flag-1`. */
function fallsBack({ scheduler, flags = [] }: IpvsService): boolean {
  return flags.includes(`${scheduler}-fallback`) || (scheduler === 'mh' && flags.includes('flag-1'));
}

function divided(destinations: readonly IpvsDestination[], part: (destination: IpvsDestination) => number): BalancedPart[] {
  const total = destinations.reduce((sum, destination) => sum + part(destination), 0);
  return destinations.map((destination) => ({ address: destination.key, share: total === 0 ? 0 : part(destination) / total }));
}

/**
 * sh gives every destination as many places in turn as it has weight, and one of weight 0 a single place (`ip_vs_sh_reassign`); mh keeps
 * the places of the weight before (`last_weight`), which no listing shows; dh one of each in turn, asked by the address alone.
 */
function hashed(service: IpvsService, all: readonly IpvsDestination[], usable: readonly IpvsDestination[]): Balance {
  const { scheduler = '', flags } = service;
  const failing = all.filter((destination) => !usable.includes(destination));
  const names = failing.map(({ key }) => key).join(', ');
  const unless = flags === undefined && scheduler !== 'dh' ? ', unless its flags, which are not shown, let it fall back to another' : '';
  if (scheduler === 'dh') {
    if (all.length < 2)
      return {
        parts: usable.map(({ key }) => ({ address: key, share: 1 })),
        failing: failing.map(({ key }) => ({ address: key, share: 1 })),
      };
    const fails = failing.length === 0 ? '' : `; if it is ${names}, all of them fail`;
    return {
      parts: usable.map(({ key }) => ({ address: key })),
      failing: failing.map(({ key }) => ({ address: key })),
      words: `dh sends all connections to one address to one destination, which no listing names${fails}`,
    };
  }
  const isKnown = all.every(({ weight }) => weight !== undefined) && (scheduler === 'sh' || failing.every(({ weight }) => weight !== 0));
  if (failing.length === 0 && isKnown) return { parts: divided(all, weightOf), failing: [] };
  const shares = new Map(divided(all, (destination) => Math.max(1, weightOf(destination))).map((part) => [part.address, part]));
  const partOf = ({ key }: IpvsDestination): BalancedPart => (isKnown ? (shares.get(key) ?? { address: key }) : { address: key });
  const words =
    failing.length === 0
      ? 'shares not known: no listing given shows the weights'
      : `new connections that ${scheduler} gives to ${names} fail${unless}`;
  return { parts: usable.map(partOf), failing: failing.map(partOf), words };
}

/** fo, and ovf as long as a destination has no more active connections than its weight. */
function highest({ scheduler }: IpvsService, usable: readonly IpvsDestination[]): Balance {
  const sorted = usable.toSorted((one, other) => weightOf(other) - weightOf(one));
  const isOpen = ({ activeConnections = 0, weight = 1 }: IpvsDestination): boolean => scheduler !== 'ovf' || activeConnections <= weight;
  const open = sorted.filter(isOpen);
  if (open.length === 0)
    return {
      parts: [],
      failing: [],
      words: `${scheduler}: every destination has more active connections than its weight, and new ones are refused`,
    };
  const top = open.filter((destination) => weightOf(destination) === weightOf(open[0] as IpvsDestination));
  const until =
    scheduler === 'ovf'
      ? `until it has more than ${weightOf(open[0] as IpvsDestination)} active connections`
      : 'as long as it is there and not full';
  if (top.length === 1)
    return {
      parts: top.map(({ key }) => ({ address: key, share: 1 })),
      failing: [],
      words: `${scheduler} sends all connections to the highest weight${top.length < sorted.length && sorted[0] !== top[0] ? ' that takes any' : ''}, ${until}`,
    };
  return {
    parts: top.map(({ key }) => ({ address: key })),
    failing: [],
    words: `${scheduler} sends all connections to one of them, which no listing names, ${until}`,
  };
}
