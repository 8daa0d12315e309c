import { protocolName } from '@netdrift/core';
import type { Worlds } from '../proxy/facts/known-node.ts';
import type { RefusalReason, ServiceFrontend, ServicePath } from '../proxy/service-table.ts';
import type { Model } from '../state/model.ts';
import { tracerOf } from '../packets/trace.ts';
import type { Trace, Tracer } from '../packets/traced.ts';
import { kubeProxyTables } from '../proxy/nftables/names.ts';
import { addressOf } from '../world/values.ts';
import { type NftLabels, nftLabels } from './nft-labels.ts';
import { type NftPlace, nftPlaces } from './nft-places.ts';
import { type NftTraits, nftTraits } from './nft-traits.ts';
import { pathsWithTraces, type TraceSources } from './paths-with-traces.ts';

/** A place where a service answers, and the service's name. */
export interface NftFrontend {
  readonly name: string;
  readonly named: boolean;
  readonly frontend: ServiceFrontend;
}

interface Asking {
  readonly model: Model;
  readonly traitsOf: NftTraits;
  readonly labels: NftLabels;
  readonly tracer: Tracer;
  readonly sources: TraceSources;
}

/**
 * The places where services answer by the rules of kube-proxy's tables of nft, each with what becomes of a packet from each kind of source.
 */
export function nftFrontends(
  model: Model,
  worlds: Worlds,
  sources: { readonly ipv4: TraceSources; readonly ipv6: TraceSources },
): readonly NftFrontend[] {
  const entries = kubeProxyTables(model);
  if (entries.length === 0) return [];
  return entries.flatMap((entry) => {
    const family = entry.table.family === 'ip' ? 'ipv4' : 'ipv6';
    const labels = nftLabels(entry);
    const tracer = tracerOf(worlds[family]);
    const asking: Asking = { model, traitsOf: nftTraits(entry), labels, tracer, sources: sources[family] };
    return nftPlaces(worlds[family].rules, new Set([`${entry.table.family} ${entry.table.name}`])).map((place) => askAt(asking, place));
  });
}

function askAt({ model, traitsOf, labels, tracer, sources }: Asking, place: NftPlace): NftFrontend {
  const { protocol, port, address, nodeAddresses, verdicts } = place;
  const shown = address === undefined ? undefined : addressOf(address);
  const names = labels.names.get(shown === undefined ? `${protocol} ${port}` : `${protocol} ${shown} ${port}`) ?? [];
  const name = protocolName(protocol) ?? String(protocol);
  const purpose = shown === undefined ? 'node port' : purposeOf(model, labels, shown);
  const { policy, ...traits } = withoutOwnAddress(traitsOf(verdicts), shown);
  const asked = address ?? nodeAddresses?.[0] ?? sources.node;
  const { paths, traces } = pathsWithTraces(tracer, sources, { protocol, address: asked, port }, traits.sourceRanges);
  const [servicePort] = names.map((one) => one.servicePort);
  const isEmpty = verdicts.some(
    (verdict) =>
      verdict.kind === 'drop' ||
      verdict.kind === 'reject' ||
      (verdict.kind === 'goto' && names.every(({ role }) => role === undefined || role === 'firewall')),
  );
  return {
    name: servicePort ?? (shown === undefined ? `${name} port ${port}` : `${name} ${shown.includes(':') ? `[${shown}]` : shown}:${port}`),
    named: servicePort !== undefined,
    frontend: {
      purpose,
      protocol: name,
      addresses: shown === undefined ? (nodeAddresses ?? []).map(addressOf) : [shown],
      port,
      ...(address === undefined && nodeAddresses === undefined && place.table.startsWith('ip6 ') ? { family: 'ipv6' } : {}),
      by: translatorOf([...traces.values()], place.table),
      ...(policy === undefined || purpose === 'cluster IP' ? {} : { policy }),
      ...traits,
      paths: paths.map((path) =>
        withReason(
          path,
          isEmpty
            ? verdicts.some(({ kind }) => kind === 'drop')
              ? 'no local endpoints'
              : 'no endpoints'
            : traits.sourceRanges === undefined
              ? 'rule'
              : 'source not allowed',
        ),
      ),
    },
  };
}

/** Where the node may use an address, kube-proxy lists the address itself: it is the source of what the node sends there. */
function withoutOwnAddress(traits: ReturnType<NftTraits>, address: string | undefined): ReturnType<NftTraits> {
  const { sourceRanges } = traits;
  return sourceRanges === undefined || address === undefined
    ? traits
    : { ...traits, sourceRanges: sourceRanges.filter((range) => range !== address) };
}

/** Rules of iptables, or IPVS, may take a connection before the table does. */
function translatorOf(traces: readonly Trace[], table: string): ServiceFrontend['by'] {
  const outcomes = traces.flatMap((trace) => trace.outcomes).filter(({ verdict }) => verdict !== 'node' && verdict !== 'leaves');
  if (outcomes.length === 0) return 'none';
  if (outcomes.some(({ service }) => service !== undefined)) return 'ipvs';
  const met = outcomes.some(({ hops, decidedBy }) =>
    [...hops, ...(typeof decidedBy === 'object' ? [decidedBy] : [])].some(({ rule }) => rule?.table === table),
  );
  return met ? 'nftables' : 'iptables';
}

function purposeOf(model: Model, { clusterIps }: NftLabels, address: string): ServiceFrontend['purpose'] {
  if (clusterIps.has(address)) return 'cluster IP';
  for (const service of model.services?.values() ?? []) {
    if (service.clusterIps.includes(address)) return 'cluster IP';
    if (service.loadBalancerIps?.includes(address) === true) return 'load-balancer IP';
    if (service.externalIps.includes(address)) return 'external IP';
  }
  return 'unknown';
}

function withReason(path: ServicePath, reason: RefusalReason): ServicePath {
  return path.verdict === 'refused' || path.verdict === 'dropped' ? { ...path, reason } : path;
}
