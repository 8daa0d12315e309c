import { type LostAndGained, lostAndGained } from '../../common/lost-and-gained.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import { SENDER_NAMES, SENDERS } from '../../proxy/senders.ts';
import type { ServiceFrontend } from '../../proxy/service-table.ts';
import type { ServedPlace } from '../../services/survival/served.ts';
import type { SidedOrigin } from '../pending-change.ts';
import type { PlacesOfSenders } from '../places-of-senders.ts';
import type { ServedDifference } from '../packets/served-differences.ts';
import { counted, listed } from '../words.ts';

/** Who differs where: what is said of one sender holds for no other one, and not at every place. */
export function placesOfSenders(differences: readonly ServedDifference[]): readonly PlacesOfSenders[] {
  const froms = new Map<ServedPlace, Set<string>>();
  for (const { place, from } of differences) {
    const known = froms.get(place) ?? new Set();
    froms.set(place, known);
    for (const one of from === undefined ? place.senders.map((sender) => sender.from) : [from]) known.add(one);
  }
  const isOfAll = [...froms.values()].some(({ size }) => size === SENDERS.length);
  const found = new Map<string, ServedPlace[]>();
  for (const [place, known] of froms) {
    const names = SENDERS.filter((from) => known.has(from)).map((from) => SENDER_NAMES[from]);
    // Nobody but the node sends to a loopback address: where all differ, it is not told apart.
    const isOfItsOwn = isOfAll && place.senders.every(({ from }) => known.has(from));
    addToGroup(found, names.length === SENDERS.length || isOfItsOwn ? '' : ` from ${listed(names)}`, place);
  }
  return [...found].map(([whom, places]) => ({ service: places[0]?.service ?? '', whom, places, isPart: found.size > 1 }));
}

/** `connections from outside to tcp 10.96.0.1:80, and from the node to tcp 10.96.0.1:443` */
export function connectionsTo(groups: readonly PlacesOfSenders[]): string {
  return `connections${groups.map(({ whom, places }) => `${whom} to ${listed(places.map(({ place }) => place))}`).join(', and')}`;
}

/** The same of many services, which are counted where they are more than a sentence holds. */
export function connectionsToMany(groups: readonly PlacesOfSenders[]): string {
  const bySenders = new Map<string, PlacesOfSenders[]>();
  for (const group of groups) addToGroup(bySenders, group.whom, group);
  const most = [...bySenders].sort(([, one], [, other]) => other.length - one.length);
  return `connections${most.map(([whom, found]) => `${whom} to ${placesOfMany(found)}`).join(', and')}`;
}

function placesOfMany(groups: readonly PlacesOfSenders[]): string {
  const byPlace = new Map<string, string[]>();
  for (const { isPart, places, service } of groups) {
    const kinds = isPart ? [...new Set(places.map(({ purpose }) => PLACES_OF[purpose]))].sort() : [];
    addToGroup(byPlace, kinds.length === 0 ? '' : `${listed(kinds)} of `, service);
  }
  const texts = [...byPlace].map(([of, services]) => {
    const names = [...new Set(services)].sort();
    return `${of}${names.length > 3 ? counted(names.length, 'service port') : listed(names)}`;
  });
  return listed(texts);
}

const PLACES_OF: { readonly [Purpose in ServiceFrontend['purpose']]: string } = {
  'cluster IP': 'cluster IPs',
  'node port': 'node ports',
  'load-balancer IP': 'load-balancer IPs',
  'external IP': 'external IPs',
  unknown: 'other addresses',
};

/** Whether what is lost is lost of a part of the connections: the others still get to endpoints. */
export function isPartial(differences: readonly ServedDifference[]): boolean {
  return differences.every(
    ({ kind, from, place }) =>
      kind === 'lost' && place.senders.some((sender) => (from === undefined || sender.from === from) && sender.after.endpoints.length > 0),
  );
}

/** An endpoint that gets a packet with its own address as the source drops it. */
export function hairpinText(differences: readonly ServedDifference[]): string {
  const places = [...new Set(differences.map(({ place }) => place.place))];
  const [{ place, masqueraded } = { place: undefined }] = differences;
  const kept = masqueraded !== true;
  return `${place?.service ?? ''}: an endpoint ${kept ? 'no longer gets' : 'gets'} to itself by ${listed(places)}: its source address is ${kept ? 'kept' : 'replaced now'}`;
}

/** Endpoints that came or went say more than that they differ. */
export function gonePart(differences: readonly ServedDifference[]): string | undefined {
  const { lost, gained } = otherEndpoints(differences);
  const parts = [
    ...(lost.length === 0 ? [] : [`no longer led to ${listed(lost)}`]),
    ...(gained.length === 0 ? [] : [`led to ${listed(gained)} now`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', and ');
}

/** The endpoints that connections got to on one side alone. */
export function otherEndpoints(differences: readonly ServedDifference[]): LostAndGained {
  const endpoints = (side: 'before' | 'after'): string[] =>
    differences.flatMap(({ place: { senders }, from }) =>
      senders
        .filter((sender) => from === undefined || sender.from === from)
        .flatMap((sender) => sender[side].endpoints.map(({ address }) => address)),
    );
  return lostAndGained(endpoints('before'), endpoints('after'));
}

/** Places that one change shows as evidence, of each side. */
const MOST_ORIGINS = 4;

/** Each place once, the first of each side. */
export function originsOf(origins: readonly SidedOrigin[]): SidedOrigin[] {
  const unique = new Map(origins.map((one) => [`${one.side} ${one.origin.part} ${one.origin.lines.join()}`, one]));
  return (['before', 'after'] as const).flatMap((side) => [...unique.values()].filter((one) => one.side === side).slice(0, MOST_ORIGINS));
}
