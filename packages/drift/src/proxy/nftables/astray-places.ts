import type { Chain, NftMap, SetElement, Table } from '@netdrift/nftables';
import { endpointText } from '../../state/ipvs-table.ts';
import { nameOfChain } from './names.ts';

/** An address and port that a map leads to the chain of a service which has another one. */
export interface AstrayPlace {
  /** `tcp 10.96.78.31:80` */
  readonly place: string;
  /** The chain, and the service port that it is called after. */
  readonly chain: Chain;
  readonly servicePort: string;
  /** The cluster IP and port for which the chain's own rules ask. */
  readonly own: string;
  /** The service port whose chain asks for the place, where there is one. */
  readonly owner?: string;
}

/**
 * Cluster IPs that maps of a table of kube-proxy lead to chains which ask for another cluster IP, `ip daddr 10.96.0.1 tcp dport 443 …`:
 * kube-proxy writes both from one service.
 */
export function astrayPlaces({ chains = [], sets = [] }: Pick<Table, 'chains' | 'sets'>): AstrayPlace[] {
  const byName = new Map(chains.map((chain) => [chain.name, chain]));
  const owners = new Map(chains.flatMap((chain) => placesIn(chain).map((place) => [place, nameOfChain(chain.name)?.servicePort] as const)));
  const maps = sets.filter((set): set is NftMap => set.kind === 'Map' && set.dataType?.[0] === 'verdict');
  return maps.flatMap(({ elements = [] }) =>
    elements.flatMap((element): AstrayPlace[] => {
      const place = placeOf(element);
      const chain = element.value?.kind === 'Verdict' ? byName.get(element.value.chain ?? '') : undefined;
      const name = chain === undefined ? undefined : nameOfChain(chain.name);
      if (place === undefined || chain === undefined || (name?.role !== 'service' && name?.role !== 'local')) return [];
      const own = placesIn(chain);
      const [first] = own;
      if (first === undefined || own.includes(place)) return [];
      const owner = owners.get(place);
      return [{ place, chain, servicePort: name.servicePort, own: first, ...(owner === undefined ? {} : { owner }) }];
    }),
  );
}

/** A rule of a service's chain that leads to a chain of another one. */
export interface AstrayChain {
  readonly chain: Chain;
  /** The service port that it is called after. */
  readonly servicePort: string;
  readonly target: Chain;
  /** The service port of that. */
  readonly other: string;
}

/** Chains of services that lead to chains of other services: kube-proxy lets each lead to its own alone. */
export function astrayChains({ chains = [] }: Pick<Table, 'chains'>): AstrayChain[] {
  const byName = new Map(chains.map((chain) => [chain.name, chain]));
  return chains.flatMap((chain) => {
    const servicePort = nameOfChain(chain.name)?.servicePort;
    if (servicePort === undefined) return [];
    return [...targetsOf(chain)].flatMap((name): AstrayChain[] => {
      const [target, other] = [byName.get(name), nameOfChain(name)?.servicePort];
      return target === undefined || other === undefined || other === servicePort ? [] : [{ chain, servicePort, target, other }];
    });
  });
}

/** Chains of services and endpoints that have rules and to which no rule and no map leads. */
export function idleChains({ chains = [], sets = [] }: Pick<Table, 'chains' | 'sets'>): Chain[] {
  const led = new Set(sets.flatMap((set) => (set.kind === 'Map' ? (set.elements ?? []).flatMap(targetOf) : [])));
  for (const chain of chains) for (const name of targetsOf(chain)) led.add(name);
  return chains.filter(({ name, rules = [] }) => rules.length > 0 && nameOfChain(name) !== undefined && !led.has(name));
}

/** The chain to which a table's maps lead each place: `tcp 10.96.0.1:443`, of node ports `tcp *:30080`. */
export function targetsOfPlaces({ sets = [] }: Pick<Table, 'sets'>): Map<string, string> {
  const found = new Map<string, string>();
  for (const set of sets) {
    for (const element of set.kind === 'Map' ? (set.elements ?? []) : []) {
      const place = placeOf(element) ?? nodePortOf(element);
      const [target] = targetOf(element);
      if (place !== undefined && target !== undefined && nameOfChain(target) !== undefined) found.set(place, target);
    }
  }
  return found;
}

/** A service port to whose chain node ports lead. */
export interface NodePortsOfService {
  readonly servicePort: string;
  readonly chain: string;
  /** `tcp 30080` */
  readonly ports: readonly string[];
  /** The map that has them. */
  readonly map: NftMap;
}

/** The node ports of each service port of a table: kube-proxy gives each one. */
export function nodePortsOfServices({ sets = [] }: Pick<Table, 'sets'>): NodePortsOfService[] {
  const found = new Map<string, { chain: string; ports: Set<string>; map: NftMap }>();
  for (const map of sets) {
    if (map.kind !== 'Map') continue;
    for (const element of map.elements ?? []) {
      const [place, [chain]] = [nodePortOf(element), targetOf(element)];
      const name = chain === undefined ? undefined : nameOfChain(chain)?.servicePort;
      if (place === undefined || chain === undefined || name === undefined) continue;
      const of = found.get(name) ?? { chain, ports: new Set<string>(), map };
      found.set(name, of);
      of.ports.add(place.replace('*:', ''));
    }
  }
  return [...found].map(([servicePort, { chain, ports, map }]) => ({ servicePort, chain, ports: [...ports].sort(), map }));
}

function targetOf({ value }: SetElement): string[] {
  return value?.kind === 'Verdict' && value.chain !== undefined ? [value.chain] : [];
}

function* targetsOf({ rules = [] }: Chain): Generator<string> {
  for (const { statements } of rules) {
    for (const one of statements) {
      if (one.kind === 'Verdict' && one.chain !== undefined) yield one.chain;
      if (one.kind === 'VerdictMap' && one.map.kind === 'AnonymousSet') for (const element of one.map.elements) yield* targetOf(element);
    }
  }
}

/** `tcp . 30080` */
function nodePortOf({ key }: SetElement): string | undefined {
  const [protocol, port] = key.kind === 'Concatenation' && key.parts.length === 2 ? key.parts : [];
  return protocol?.kind === 'Symbol' && port?.kind === 'Number' ? `${protocol.name} *:${port.value}` : undefined;
}

/** `10.96.0.1 . tcp . 443` */
function placeOf({ key }: SetElement): string | undefined {
  if (key.kind !== 'Concatenation' || key.parts.length !== 3) return undefined;
  const [address, protocol, port] = key.parts;
  if (address?.kind !== 'Address' || protocol?.kind !== 'Symbol' || port?.kind !== 'Number') return undefined;
  return `${protocol.name} ${endpointText(address.address, port.value)}`;
}

/** The addresses and ports for which rules of a chain ask. */
function placesIn({ rules = [] }: Chain): string[] {
  return rules.flatMap(({ statements }) => {
    let address: string | undefined;
    let place: string | undefined;
    for (const one of statements) {
      if (one.kind !== 'Match' || one.operator !== '==' || one.left.kind !== 'Payload') continue;
      if (one.left.field === 'daddr' && one.right.kind === 'Address') address = one.right.address;
      if (one.left.field === 'dport' && one.right.kind === 'Number' && address !== undefined)
        place = `${one.left.protocol} ${endpointText(address, one.right.value)}`;
    }
    return place === undefined ? [] : [place];
  });
}
