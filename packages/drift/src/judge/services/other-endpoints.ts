import { addToGroup } from '../../common/add-to-group.ts';
import { once } from '../../common/once.ts';
import type { Share } from '../../packets/shares.ts';
import { type MisnamedEndpoint, misnamedEndpoints } from '../../proxy/nftables/misnamed-endpoints.ts';
import type { Detail, Effect, Severity } from '../../report.ts';
import type { SourceKind } from '../../proxy/service-table.ts';
import type { Comparison } from '../comparison.ts';
import type { ServedDifference } from '../packets/served-differences.ts';
import type { PendingChange } from '../pending-change.ts';
import type { SideView } from '../side.ts';
import type { ServedPlace } from '../../services/survival/served.ts';
import { counted, listed } from '../words.ts';
import { otherService } from './led-to-others.ts';
import { type NftLedToOthers, nftLedToOthers } from './nft-led-to-others.ts';
import { connectionsTo, otherEndpoints, placesOfSenders } from './served-words.ts';

/** The endpoints that connections reach on both sides, and those that one side alone has. */
export interface EndpointSets {
  readonly before: readonly Share[];
  readonly after: readonly Share[];
  readonly lost: readonly string[];
  readonly gained: readonly string[];
}

/** What it comes to that connections which reach endpoints still do, and reach others or with other shares: the same in every mode. */
export function othersServed(
  label: string,
  sets: EndpointSets,
): { readonly severity: Severity; readonly effect: Effect; readonly text: string; readonly rollout: boolean } {
  const { before, after, lost, gained } = sets;
  const severity = severityOfOthers(before, after);
  if (lost.length + gained.length === 0)
    return { severity, effect: 'share-moved', text: `${label}: its endpoints get other shares of new connections`, rollout: false };
  if (lost.length === gained.length && portsOf(lost) === portsOf(gained)) {
    const text = `${label} rolled over: ${counted(lost.length, 'endpoint')} replaced by as many on the same port (${listed(lost)} → ${listed(gained)})`;
    return { severity: 'notice', effect: 'rolled-over', text, rollout: true };
  }
  const count = before.length === after.length ? '' : ` (${before.length} → ${after.length} endpoints)`;
  return {
    severity,
    effect: lost.length > 0 ? 'capacity' : 'share-moved',
    text: `${label} ${lostAndGainedText(sets)}${count}`,
    rollout: false,
  };
}

/** `lost the endpoint 10.244.1.5:80 and gained the endpoints …` */
export function lostAndGainedText({ lost, gained }: Pick<EndpointSets, 'lost' | 'gained'>): string {
  const endpoints = (all: readonly string[]): string => `the ${all.length === 1 ? 'endpoint' : 'endpoints'} ${listed(all)}`;
  return [...(lost.length === 0 ? [] : [`lost ${endpoints(lost)}`]), ...(gained.length === 0 ? [] : [`gained ${endpoints(gained)}`])].join(
    ' and ',
  );
}

function portsOf(addresses: readonly string[]): string {
  return addresses
    .map((address) => address.slice(address.lastIndexOf(':')))
    .sort()
    .join();
}

/** The same endpoints by their shares, others by how many fewer they are. */
function severityOfOthers(before: readonly Share[], after: readonly Share[]): Severity {
  const was = new Map(before.map(({ address, share }) => [address, share]));
  const kept = after.filter(({ address }) => was.has(address));
  if (kept.length === before.length && kept.length === after.length) {
    const moved = after.map(({ address, share }) => Math.abs(share - (was.get(address) ?? 0)));
    return moved.some((share) => share > 0.1) ? 'warning' : 'notice';
  }
  return before.length - after.length >= before.length / 2 ? 'warning' : 'notice';
}

/** The chain of an endpoint that leads elsewhere than before, and which of both it is called after. */
export interface Retargeted {
  readonly chain: string;
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  readonly namedAfter: 'gained' | 'lost' | 'neither';
}

/**
 * What it comes to: kube-proxy calls the chain of an endpoint after its address, so one that leads elsewhere was changed by somebody
 * else.
 */
export function retargetedEndpoint(
  label: string,
  { chain, lost, gained, namedAfter }: Retargeted,
): { readonly id: 'nat.dnat.retargeted'; readonly severity: Severity; readonly effect: Effect; readonly text: string } {
  const who = {
    gained: `has the name of the endpoint it leads to now: the rule that led elsewhere was not kube-proxy's, and is repaired`,
    lost: 'still has the name of the old endpoint, so kube-proxy did not write this',
    neither: 'has the name of neither, so kube-proxy did not write this',
  }[namedAfter];
  return {
    id: 'nat.dnat.retargeted',
    severity: namedAfter === 'gained' ? 'notice' : 'warning',
    effect: 'redirected',
    text: `${label}: connections for the ${lost.length === 1 ? 'endpoint' : 'endpoints'} ${listed(lost)} go to ${listed(gained)} now; chain ${chain} ${who}`,
  };
}

/** What is looked up by service port, gathered once for all of them. */
export interface ServicePlaces {
  readonly places: ReadonlyMap<string, readonly ServedPlace[]>;
  /** Chains of nft that lead elsewhere than their names say, on each side. */
  readonly misnamed: () => { readonly [Side in 'before' | 'after']: ReadonlyMap<string, readonly MisnamedEndpoint[]> };
  /** Whether a place is led to a chain of another service, on one side. */
  readonly ledToOthers: () => NftLedToOthers;
}

/** Gathers the places of service ports, and their chains that lead elsewhere. */
export function servicePlaces({ before, after, survival }: Comparison): ServicePlaces {
  const places = new Map<string, ServedPlace[]>();
  for (const place of survival().places) addToGroup(places, place.service, place);
  return {
    places,
    misnamed: once(() => ({ before: misnamedIn(before), after: misnamedIn(after) })),
    ledToOthers: once(() => nftLedToOthers({ before, after })),
  };
}

function misnamedIn({ model }: SideView): Map<string, MisnamedEndpoint[]> {
  const found = new Map<string, MisnamedEndpoint[]>();
  for (const { table } of model.nft?.tables.values() ?? [])
    for (const one of misnamedEndpoints(table)) addToGroup(found, one.servicePort, one);
  return found;
}

/** What becomes of connections to a service port of nftables mode that still reach endpoints, and reach others. */
export function otherEndpointsServed(
  differences: readonly [ServedDifference, ...ServedDifference[]],
  { places, misnamed: misnamedOf, ledToOthers }: ServicePlaces,
): Partial<PendingChange> {
  const [{ place }] = differences;
  const { lost, gained } = otherEndpoints(differences);
  const led = lost.length > 0 && gained.length > 0 ? ledToOthers()(place) : undefined;
  // What pods see is told where they see a change, for they see all endpoints.
  const proof = differences.find(({ from }) => from === 'pod') ?? differences[0];
  const seen = proof.place.senders.find(({ from }) => from === proof.from) ?? proof.place.senders[0];
  const label = labelOf(differences, places.get(place.service) ?? []);
  if (led !== undefined) return otherService(label, led, { lost, gained, after: seen?.after.endpoints ?? [] });
  const { before: was, after: is } = misnamedOf();
  const hand = is.get(place.service)?.find(({ leadsTo }) => gained.includes(leadsTo));
  const repaired = was.get(place.service)?.find(({ leadsTo }) => lost.includes(leadsTo));
  const misnamed = hand ?? repaired;
  if (misnamed !== undefined && gained.length > 0 && lost.length > 0) {
    const namedAfter = hand === undefined ? 'gained' : lost.includes(hand.named) ? 'lost' : 'neither';
    return retargetedEndpoint(place.service, { chain: misnamed.chain.name, lost, gained, namedAfter });
  }
  if (seen === undefined) return {};
  const [had, has] = [seen.before.endpoints, seen.after.endpoints];
  const { rollout: _, ...story } = othersServed(label, { before: had, after: has, lost, gained });
  return {
    ...story,
    before: { does: proof.was, endpoints: endpointFacts(had) },
    after: { does: proof.is, endpoints: endpointFacts(has) },
  };
}

/** Endpoints with their shares, as a fraction of four digits, for the facts of a change. */
export function endpointFacts(endpoints: readonly Share[]): { readonly address: string; readonly share: number }[] {
  return endpoints.map(({ address, share }) => ({ address, share: Math.round(share * 1e4) / 1e4 }));
}

/** The service port, with its places where others that lead to endpoints are not concerned. */
function labelOf(differences: readonly [ServedDifference, ...ServedDifference[]], places: readonly ServedPlace[]): string {
  const { service } = differences[0].place;
  const own = places.filter(({ senders }) => senders.some(({ before }) => before.endpoints.length > 0));
  const concerned = new Set(differences.map(({ place }) => place));
  const [only] = concerned;
  if (concerned.size === own.length || only === undefined) return service;
  return concerned.size === 1 ? `${service} at ${only.place}` : `${service} (at ${concerned.size} of ${own.length} addresses)`;
}

/** For whom it is so, where it is not for every sender that is served. */
export function concernedSenders(differences: readonly ServedDifference[]): Detail[] {
  const concerned = new Map<ServedPlace, Set<SourceKind | undefined>>();
  for (const { place, from } of differences) {
    const senders = concerned.get(place) ?? new Set();
    concerned.set(place, senders.add(from));
  }
  const isOfAll = [...concerned].every(([place, senders]) =>
    place.senders.every(({ from, before }) => senders.has(undefined) || senders.has(from) || before.endpoints.length === 0),
  );
  return isOfAll ? [] : [{ label: 'effect', text: `for ${connectionsTo(placesOfSenders(differences))} alone` }];
}
