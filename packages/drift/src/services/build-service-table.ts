import { addToGroup } from '../common/add-to-group.ts';
import { toAddress } from '../world/values.ts';
import type { Model } from '../state/model.ts';
import { type FlowTables, flowTables } from '../packets/flow-tables.ts';
import type { Worlds } from '../proxy/facts/known-node.ts';
import { SOME_NODE_ADDRESS } from '../proxy/facts/node-world.ts';
import type { NodeKnowledge } from '../read/kinds/knowledge.ts';
import { podAddress } from '../proxy/facts/pod-addresses.ts';
import type { ServiceFrontend, ServicePath, ServicePort, ServiceTable } from '../proxy/service-table.ts';
import type { Frontend } from './frontends.ts';
import { servicesByMarkOrName } from './services-by-mark-or-name.ts';
import { lostRowsOf, withoutClaimsOfCutTables } from './cut-frontends.ts';
import { servedFrontends, type TraitIndex, traitIndex } from './service-frontends.ts';
import { iptablesTraits } from './chain-traits.ts';
import { ipvsTraits } from './ipvs-traits.ts';
import { nftFrontends } from './nft-service-table.ts';
import { pathsAndTranslator } from './paths-and-translator.ts';
import { type TraceSources, traceSources } from './paths-with-traces.ts';

interface Asking {
  readonly model: Model;
  readonly index: TraitIndex;
  readonly tables: { readonly ipv4: FlowTables; readonly ipv6: FlowTables };
  readonly sources: { readonly ipv4: TraceSources; readonly ipv6: TraceSources };
}

interface NamedFrontend {
  readonly name: string;
  readonly named: boolean;
  readonly frontend: ServiceFrontend;
}

/** What the node does for services, by leading one packet of each kind of source to each place where a service answers. */
export function buildServiceTable(model: Model, knowledge: NodeKnowledge, worlds: Worlds): ServiceTable {
  const sourcesOf = (family: 'ipv4' | 'ipv6'): TraceSources =>
    traceSources(family, podAddress(model, family, knowledge.podRanges), knowledge.nodeAddresses);
  const asking: Asking = {
    model,
    index: traitIndex(model),
    tables: { ipv4: tablesOf(model, worlds, 'ipv4'), ipv6: tablesOf(model, worlds, 'ipv6') },
    sources: { ipv4: sourcesOf('ipv4'), ipv6: sourcesOf('ipv6') },
  };
  const lostRows = lostRowsOf(model);
  const frontends = servedFrontends(model).flatMap((frontend) => {
    const asked = askAbout(asking, frontend);
    return asked === undefined
      ? []
      : [{ ...asked, frontend: withoutClaimsOfCutTables(asked.frontend, model, lostRows, frontend.key, frontend.servicePort) }];
  });
  return {
    servicePorts: [
      ...servicePortsOf([...withoutTwice(joinNodePorts(frontends), nftFrontends(model, worlds, asking.sources))]),
      ...servicesByMarkOrName(model),
    ],
  };
}

/** Where two mechanisms have one place, the frontend of the one that serves it is told. */
function withoutTwice(frontends: readonly NamedFrontend[], ofNft: readonly NamedFrontend[]): NamedFrontend[] {
  const key = ({ frontend: { protocol, addresses, port, fwmark } }: NamedFrontend): string =>
    `${fwmark ?? ''} ${protocol} ${addresses.join()} ${port}`;
  const servedByNft = new Set(ofNft.filter(({ frontend }) => frontend.by === 'nftables').map(key));
  const own = frontends.filter((one) => !servedByNft.has(key(one)));
  const known = new Set(own.map(key));
  return [...own, ...ofNft.filter((one) => !known.has(key(one)))];
}

function tablesOf(model: Model, worlds: Worlds, family: 'ipv4' | 'ipv6'): FlowTables {
  return flowTables(worlds[family], (name) => model.tables.get(`${family} ${name}`));
}

function askAbout(asking: Asking, frontend: Frontend): NamedFrontend | undefined {
  const { model } = asking;
  const { address, port, protocol } = frontend;
  if (address === undefined) {
    const family = model.tables.has('ipv4 nat') ? 'ipv4' : 'ipv6';
    const found = askAt(asking, frontend, SOME_NODE_ADDRESS[family], family);
    const nothing = found?.frontend.paths.every((path) => path.verdict === 'passed') ?? true;
    return nothing && model.tables.has('ipv6 nat') ? (askAt(asking, frontend, SOME_NODE_ADDRESS.ipv6, 'ipv6') ?? found) : found;
  }
  return askAt(asking, { ...frontend, protocol, port }, address, address.includes(':') ? 'ipv6' : 'ipv4');
}

function askAt(asking: Asking, frontend: Frontend, address: string, family: 'ipv4' | 'ipv6'): NamedFrontend | undefined {
  const { model, index, sources } = asking;
  const { protocol, port } = frontend;
  const number = toAddress(address);
  if (number === undefined) return undefined;
  const service = model.ipvs?.services.get(frontend.key);
  const tables = asking.tables[family];
  const to = { protocol, address: number, port };
  const first = pathsAndTranslator(tables, sources[family], to, undefined);
  const traits =
    service !== undefined && first.by !== 'iptables'
      ? ipvsTraits(model, index, frontend, service)
      : iptablesTraits(model, index, frontend, family);
  const traced = traits.sourceRanges === undefined ? first : pathsAndTranslator(tables, sources[family], to, traits.sourceRanges);
  const { purpose, ...rest } = traits;
  return {
    name: frontend.servicePort ?? (purpose === 'node port' ? `${protocol} port ${port}` : frontend.key),
    named: frontend.servicePort !== undefined,
    frontend: {
      purpose,
      protocol,
      addresses: frontend.address === undefined ? [] : [frontend.address],
      port,
      by: traced.by,
      ...rest,
      paths: traced.paths,
    },
  };
}

/**
 * A node port is served on every address of the node: in ipvs mode by a virtual service on each of them. Equal ones are one frontend.
 * Virtual services that were left behind and whose packets the rules of iptables mode take are no frontends of their own.
 */
function joinNodePorts(frontends: readonly NamedFrontend[]): NamedFrontend[] {
  const joined = new Map<string, NamedFrontend>();
  const everywhere = new Set(
    frontends.filter(({ frontend }) => frontend.addresses.length === 0).map(({ frontend }) => `${frontend.protocol} ${frontend.port}`),
  );
  const others: NamedFrontend[] = [];
  for (const entry of frontends) {
    const { frontend } = entry;
    if (frontend.purpose !== 'node port') {
      others.push(entry);
      continue;
    }
    if (frontend.addresses.length > 0 && frontend.by === 'iptables' && everywhere.has(`${frontend.protocol} ${frontend.port}`)) continue;
    const { addresses, ...facts } = frontend;
    const family = addresses.some((address) => address.includes(':')) ? 'ipv6' : 'ipv4';
    const key = `${family} ${entry.name} ${JSON.stringify(facts)}`;
    const known = joined.get(key);
    if (known === undefined) joined.set(key, entry);
    else joined.set(key, { ...known, frontend: { ...known.frontend, addresses: [...known.frontend.addresses, ...addresses].sort() } });
  }
  return [...others, ...joined.values()];
}

const PURPOSES = ['cluster IP', 'external IP', 'load-balancer IP', 'node port', 'unknown'];

function servicePortsOf(frontends: readonly NamedFrontend[]): ServicePort[] {
  const groups = new Map<string, NamedFrontend[]>();
  for (const entry of frontends) {
    addToGroup(groups, entry.name, entry);
  }
  const ports = [...groups].map(([name, group]): ServicePort => {
    const listed = withSharedReasons(group.map(({ frontend }) => frontend)).sort(byPlace);
    return { name, named: group.some(({ named }) => named), protocol: listed[0]?.protocol ?? '', frontends: listed };
  });
  return ports.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

function byPlace(one: ServiceFrontend, other: ServiceFrontend): number {
  const purpose = PURPOSES.indexOf(one.purpose) - PURPOSES.indexOf(other.purpose);
  return purpose || one.port - other.port || (one.addresses.join() < other.addresses.join() ? -1 : 1);
}

/** IPVS does not say why a service has no endpoint: with policy Local, and endpoints behind another address, it has no local one. */
function withSharedReasons(frontends: readonly ServiceFrontend[]): ServiceFrontend[] {
  const hasEndpoints = frontends.some((frontend) => frontend.paths.some((path) => path.endpoints.length > 0));
  if (!hasEndpoints) return [...frontends];
  const told = (path: ServicePath): ServicePath => (path.reason === 'no endpoints' ? { ...path, reason: 'no local endpoints' } : path);
  return frontends.map((frontend) => (frontend.policy === 'Local' ? { ...frontend, paths: frontend.paths.map(told) } : frontend));
}
