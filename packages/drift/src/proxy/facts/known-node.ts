import type { Model } from '../../state/model.ts';
import { buildWorld, type KnownNode } from '../../world/build-world.ts';
import type { World } from '../../world/world.ts';
import type { NodeKnowledge } from '../../read/kinds/knowledge.ts';
import { kubeProxyTables } from '../nftables/names.ts';
import { exceptedSources } from '../nftables/nft-endpoints.ts';
import { proxyFacts } from './facts.ts';
import { IPVS_INTERFACE, SOME_NODE_ADDRESS } from './node-world.ts';
import { likelyPodRanges } from './pod-addresses.ts';
import { routedHere, routingOf, type ShownRouting } from './routing-of.ts';

/** What is known of a node beside its tables. */
export interface Beside
  extends
    Pick<NodeKnowledge, 'noInterfaces' | 'nodeAddresses' | 'podRanges' | 'sysctls'>,
    Partial<Pick<NodeKnowledge, 'log'> & ShownRouting> {
  /** Whether the addresses of ipvs mode's interface count as listed; missing: where they are. */
  readonly boundListed?: boolean;
}

/** Where nothing is told of a node beside its tables. */
export function unknownNode(): Beside {
  return { noInterfaces: new Set(), nodeAddresses: [], podRanges: [], sysctls: new Map() };
}

/** The worlds of a snapshot, one for each family. */
export interface Worlds {
  readonly ipv4: World;
  readonly ipv6: World;
}

/** The worlds of a model. `podRanges` of what is known: where pods get their addresses from. */
export function worldsOf(model: Model, beside: Beside): Worlds {
  return { ipv4: worldOf(model, beside, 'ipv4'), ipv6: worldOf(model, beside, 'ipv6') };
}

/** The world of one family of a model. */
export function worldOf(model: Model, beside: Beside, family: 'ipv4' | 'ipv6'): World {
  const setting = family === 'ipv4' ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
  const routing = routingOf(beside, family);
  const forwards = beside.sysctls.get(setting)?.value !== '0';
  const known = knownNode(model, beside);
  const addresses = { ...known.addresses, whole: beside.wholeRoutes?.has(family) === true };
  return buildWorld(model, { ...known, addresses, forwards, ...(routing === undefined ? {} : { routing }) }, family);
}

function knownNode(model: Model, beside: Beside): Omit<KnownNode, 'forwards'> {
  const { noInterfaces, nodeAddresses, podRanges, sysctls, boundListed } = beside;
  const conntrack = sysctls.get('net.ipv4.vs.conntrack')?.value;
  const sets = model.sets?.sets;
  const membersOf = (name: string): string[] =>
    ['KUBE-', 'KUBE-6-'].flatMap((prefix) => [...(sets?.get(`${prefix}${name}`)?.members?.keys() ?? [])]);
  return {
    addresses: {
      node: [...nodeAddresses, ...routedHere(beside), SOME_NODE_ADDRESS.ipv4, SOME_NODE_ADDRESS.ipv6],
      pods: podRanges,
      services: new Set([
        ...[...(model.services?.values() ?? [])].flatMap(({ clusterIps }) => clusterIps),
        ...membersOf('CLUSTER-IP').map((member) => member.slice(0, member.indexOf(','))),
      ]),
      bound: membersOf('IPVS-IPS'),
      boundListed: boundListed ?? (noInterfaces.has(IPVS_INTERFACE) || model.interfaces.has(IPVS_INTERFACE)),
    },
    ...(conntrack === undefined ? {} : { ipvsConntrack: conntrack !== '0' }),
    // kube-proxy turns it on (pkg/proxy/ipvs `NewProxier`); the kernel's default is off.
    usualIpvsConntrack: isOfKubernetes(model),
  };
}

function isOfKubernetes({ tables, sets, interfaces }: Model): boolean {
  if (interfaces.has(IPVS_INTERFACE)) return true;
  for (const name of sets?.sets.keys() ?? []) if (name.startsWith('KUBE-')) return true;
  for (const { chains } of tables.values()) for (const name of chains.keys()) if (name.startsWith('KUBE-')) return true;
  return false;
}

/**
 * The ranges that pods get their addresses from, the surest first: those that rules or flags name for the whole cluster; where there are
 * none, that of a Node object, which is the node's own pods alone, and the neighbourhood of most endpoints. Snapshots of one node have the
 * same.
 */
export function podRangesOf(...snapshots: readonly (readonly [model: Model, knowledge: Pick<NodeKnowledge, 'podRanges'>])[]): string[] {
  const told = snapshots.flatMap(([model]) => toldRanges(model));
  const known = snapshots.flatMap(([, { podRanges }]) => podRanges);
  const ranges = (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const ofFamily = (list: readonly string[]): string[] => list.filter((range) => range.includes(':') === (family === 'ipv6'));
    return ofFamily(told).length > 0
      ? [...ofFamily(told), ...ofFamily(known)]
      : [...ofFamily(known), ...ofFamily(snapshots.flatMap(([model]) => likelyPodRanges(model)))];
  });
  return [...new Set(ranges)];
}

function toldRanges(model: Model): string[] {
  const configured = (proxyFacts(model).clusterCidr?.value ?? '').split(/ and |,/).filter((range) => range.includes('/'));
  return [...configured, ...kubeProxyTables(model).flatMap(({ table }) => exceptedSources(table))];
}
