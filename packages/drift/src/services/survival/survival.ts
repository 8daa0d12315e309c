import { parseProtocol } from '@netdrift/core';
import { podRangesOf, worldsOf } from '../../proxy/facts/known-node.ts';
import { ownAddresses, ownInterfaces } from '../../proxy/facts/own-interfaces.ts';
import { podAddress } from '../../proxy/facts/pod-addresses.ts';
import type { ServicePath, ServiceTable, SourceKind } from '../../proxy/service-table.ts';
import type { Model } from '../../state/model.ts';
import type { Origin } from '../../state/origin.ts';
import { tracerOf } from '../../packets/trace.ts';
import type { Trace, Tracer } from '../../packets/traced.ts';
import type { Condition } from '../../packets/traveller.ts';
import { isLocal } from '../../world/local-addresses.ts';
import type { RuleRef } from '../../world/rule-ref.ts';
import { addressOf, toAddress } from '../../world/values.ts';
import { buildServiceTable } from '../build-service-table.ts';
import { showsServices } from '../shows-services.ts';
import { isKeptByIpvs, pathsWithTraces, type TraceDestination, type TraceSources, traceSources } from '../paths-with-traces.ts';
import { hairpinsAt, localEndpoints } from './served-hairpins.ts';
import { lostSource } from './lost-sources.ts';
import { isSourceKnown, type Led, mayBeLost } from './open-conditions.ts';
import { isLoopback, servedPlaces } from './served-places.ts';
import type { ServiceAddress, ServedPlace, ServedSender, ServedSide, Survival } from './served.ts';

type Family = 'ipv4' | 'ipv6';

/**
 * Leads the same packets through both sides: to each address and port of a service that either side has, from a pod, from the node and from
 * outside. It does not matter which mechanism serves them.
 */
export function survivalOf(before: ServedSide, after: ServedSide): Survival {
  const podRanges = podRangesOf(...[before, after].map(({ model, knowledge }) => [model, knowledge] as const));
  const [was, is] = [before, after].map(({ model, knowledge }) =>
    buildServiceTable(model, { ...knowledge, podRanges }, worldsOf(model, { ...knowledge, podRanges })),
  ) as [ServiceTable, ServiceTable];
  const askers = [before, after].map((side) => askerOf(side, before, after, nodePortAddresses([was, is]))) as [Asker, Asker];
  const local = localEndpoints([before, after]);
  return {
    places: servedPlaces([was, is], [before, after]).map((place) => comparePlace(place, askers, local)),
    tables: { before: was, after: is },
  };
}

interface Asker {
  readonly tracers: Readonly<Record<Family, Tracer>>;
  readonly sources: Readonly<Record<Family, TraceSources>>;
  /** Whether what no rule takes is known not to be served. */
  readonly shows: Readonly<Record<Family, boolean>>;
  /** False where the kernel sends nothing from 127.0.0.0/8 to other nodes (`net.ipv4.conf.all.route_localnet`). */
  readonly routesLoopback: boolean;
}

/** Both sides are asked by the same packets. */
function askerOf({ model, knowledge, mode }: ServedSide, before: ServedSide, after: ServedSide, nodePorts: readonly string[]): Asker {
  const podRanges = podRangesOf([before.model, before.knowledge], [after.model, after.knowledge]);
  const nodeAddresses = [
    ...new Set([...[before, after].flatMap((side) => addressesOf(side, model)), ...(ownInterfaces(model).length > 0 ? [] : nodePorts)]),
  ];
  const worlds = worldsOf(model, { ...knowledge, nodeAddresses, podRanges });
  const sourcesOf = (family: Family): TraceSources =>
    traceSources(family, podAddress(before.model, family, podRanges) ?? podAddress(after.model, family, podRanges), nodeAddresses);
  return {
    tracers: { ipv4: tracerOf(worlds.ipv4), ipv6: tracerOf(worlds.ipv6) },
    sources: { ipv4: sourcesOf('ipv4'), ipv6: sourcesOf('ipv6') },
    routesLoopback: knowledge.sysctls.get('net.ipv4.conf.all.route_localnet')?.value !== '0',
    shows: { ipv4: showsServices(model, mode, 'ipv4'), ipv6: showsServices(model, mode, 'ipv6') },
  };
}

/** What one side tells of the node's addresses counts for the other, where that lists no interface. */
function addressesOf({ model, knowledge }: ServedSide, asked: Model): readonly string[] {
  const listed = model === asked || ownInterfaces(asked).length > 0 ? [] : ownAddresses(model);
  return [...knowledge.nodeAddresses, ...listed];
}

/** In ipvs mode the virtual services of node ports name the addresses of the node. */
function nodePortAddresses(tables: readonly ServiceTable[]): readonly string[] {
  const frontends = tables.flatMap(({ servicePorts }) => servicePorts.flatMap((port) => port.frontends));
  return [...new Set(frontends.flatMap(({ purpose, addresses }) => (purpose === 'node port' ? addresses : [])))];
}

function comparePlace(
  found: ServiceAddress,
  [before, after]: readonly [Asker, Asker],
  local: ReadonlySet<string> | undefined,
): ServedPlace {
  const { address, port } = found;
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const to: TraceDestination = { protocol: parseProtocol(found.protocol)?.number ?? 0, address: toAddress(address) ?? 0, port };
  const ranges = found.before?.sourceRanges ?? found.after?.sourceRanges;
  const [was, is] = [before, after].map((asker) => askAt(asker, family, to, ranges)) as [Asked, Asked];
  const cut = lostSource(found.before?.sourceRanges, found.after?.sourceRanges, family);
  if (cut !== undefined) takeLost([was, is], [before, after].map((asker) => askAt(asker, family, to, [cut])) as [Asked, Asked]);
  const senders = [...was].flatMap(([from, one]): ServedSender[] => {
    const other = is.get(from);
    // Nobody else sends to the loopback address.
    if (other === undefined || (isLoopback(address) && from !== 'node')) return [];
    const isOpen = one.path.verdict === 'delivered' && other.path.verdict === 'delivered' && mayBeLost(one.led, other.led);
    return [
      {
        from,
        before: one.path,
        after: isOpen ? UNKNOWN(from) : other.path,
        conditions: [...one.conditions, ...other.conditions],
        ...(one.seen === undefined ? {} : { seenBefore: one.seen }),
        ...(other.seen === undefined ? {} : { seenAfter: other.seen }),
      },
    ];
  });
  const hairpins = isLoopback(address) ? [] : hairpinsAt([before.tracers[family], after.tracers[family]], to, senders, local);
  return { ...found, senders, hairpins };
}

/** Clients whose source ranges no longer let them in stand for all from outside. */
function takeLost(asked: readonly [Asked, Asked], cut: readonly [Asked, Asked]): void {
  const [was, is] = cut.map((one) => one.get('outside'));
  if (was?.path.verdict !== 'delivered' || is === undefined || is.path.verdict === 'delivered') return;
  asked[0].set('outside', was);
  asked[1].set('outside', is);
}

type Asked = Map<
  SourceKind,
  { readonly path: ServicePath; readonly seen: Origin | undefined; readonly conditions: readonly Condition[]; readonly led?: Led }
>;

const UNKNOWN = (from: SourceKind): ServicePath => ({ from, verdict: 'unknown', endpoints: [], reason: 'cannot tell' });

function askAt(
  { tracers, sources, shows, routesLoopback }: Asker,
  family: Family,
  to: TraceDestination,
  ranges: readonly string[] | undefined,
): Asked {
  const { paths, traces } = pathsWithTraces(tracers[family], sources[family], to, ranges);
  const isMartian = family === 'ipv4' && !routesLoopback && isLoopback(addressOf(to.address));
  return new Map(
    paths.map((path) => {
      const trace = traces.get(path.from);
      const conditions = (trace?.conditions ?? []).filter(({ about, counts }) => about === 'rule' && counts !== true);
      const known =
        path.verdict === 'delivered' && (isMartian || isKept(tracers[family], to, trace))
          ? { from: path.from, verdict: 'dropped' as const, endpoints: [] }
          : knownPath(path, shows[family]);
      const { masqueraded: _, ...unsure } = known;
      const isSure = conditions.length === 0 || trace === undefined || isSourceKnown({ tracer: tracers[family], trace });
      return [
        path.from,
        {
          path: isSure ? known : unsure,
          seen: seenIn(trace),
          conditions,
          ...(trace === undefined ? {} : { led: { tracer: tracers[family], trace } }),
        },
      ];
    }),
  );
}

/** Whether IPVS keeps the connections of the node itself to a loopback address: their endpoint is on another machine. */
function isKept({ world }: Tracer, { address }: TraceDestination, trace: Trace | undefined): boolean {
  return (
    isKeptByIpvs(world, address) &&
    (trace?.outcomes ?? []).every(
      ({ service, endpoint }) => service !== undefined && endpoint !== undefined && isLocal(world.addresses, endpoint.address) !== true,
    )
  );
}

function knownPath(path: ServicePath, showsServices: boolean): ServicePath {
  return path.verdict === 'passed' && !showsServices ? UNKNOWN(path.from) : path;
}

/** Where the rule that decided, the virtual service, or the last rule met was read. */
function seenIn(trace: Trace | undefined): Origin | undefined {
  const [outcome] = trace?.outcomes ?? [];
  if (outcome?.service !== undefined) return outcome.service.origin;
  const { decidedBy } = outcome ?? {};
  if (typeof decidedBy === 'object') return decidedBy.rule?.origin;
  // What translates its destination stands behind what refuses and marks; filter and its like come behind that.
  const isTranslating = ({ table, number }: RuleRef): boolean => number > 0 && table !== 'filter' && table !== 'mangle';
  return outcome?.hops.findLast(
    ({ hook, rule }) => (hook === 'prerouting' || hook === 'output') && rule?.origin !== undefined && isTranslating(rule),
  )?.rule?.origin;
}
