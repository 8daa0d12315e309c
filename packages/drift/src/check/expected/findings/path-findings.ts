import type { NodeView } from '../../../services/node-facts.ts';
import { SENDER_NAMES } from '../../../proxy/senders.ts';
import type { ServiceFrontend, ServicePath, SourceKind } from '../../../proxy/service-table.ts';
import type { KnownSettings } from '../../../desired/known-settings.ts';
import { familyOf } from '../../../desired/settings.ts';
import { type FindingRow, findingKinds, type FoundThing, listed } from '../../finding.ts';
import type { Expectation } from '../expectation.ts';
import type { ExpectedPlace } from '../expected-place.ts';
import { knowsNodeIp } from '../open-addresses.ts';
import { canBeSeen, servedAt, showsRules, type ServedPlaces } from '../served-places.ts';

/** Found of rules here, and of virtual services by what IPVS has of them. */
export const AFFINITY = {
  id: 'x.affinity-not-expected',
  severity: 'warning',
  title: 'clients are kept at one endpoint for another time than the service asks for',
  why: 'sessions break, or stick too long',
} as const satisfies FindingRow;

const { kinds, finding, severityOf } = findingKinds([
  AFFINITY,
  {
    id: 'x.service-not-refused',
    severity: 'notice',
    title: 'connections to a service without endpoints are not refused',
    why: 'clients wait instead of being told',
    needs: ['nat', 'filter', 'sets'],
    followsFromRules: true,
  },
  {
    id: 'x.service-not-served',
    severity: 'critical',
    title: 'connections to a service are not delivered, though kube-proxy would deliver them',
    why: 'they fail',
    needs: ['ipvs', 'nat', 'sets'],
    followsFromRules: true,
  },
  {
    id: 'x.source-not-restricted',
    severity: 'critical',
    title: 'clients outside of the source ranges of a service are served',
    why: 'the service is open to those it is closed to',
    needs: ['nat', 'filter', 'sets'],
    followsFromRules: true,
  },
]);
export { kinds as pathKinds };

type PathId = (typeof kinds)[number]['id'];

/** What is wrong at a place: a kind of finding, and what it says. */
type Wrong = readonly [id: PathId, what: string];

/** Places where connections end otherwise than kube-proxy would have it; what is so for several services is one finding. */
export function pathFindings(view: NodeView, { places, known }: Expectation, served: ServedPlaces): FoundThing[] {
  const groups = new Map<string, { readonly id: PathId; readonly places: ExpectedPlace[]; readonly what: string }>();
  for (const place of places) {
    if (place.paths.length === 0 || !canBeSeen(view, place)) continue;
    for (const frontend of servedAt(served, place)) {
      const told = [...wrongPaths(frontend, place, known, showsRules(view, place.family, 'filter')), ...wrongAffinity(frontend, place)];
      for (const [id, what] of told) {
        const group = groups.get(`${id} ${what}`) ?? { id, places: [], what };
        group.places.push(place);
        groups.set(`${id} ${what}`, group);
      }
    }
  }
  const merged = new Map<string, { readonly id: PathId; readonly places: readonly ExpectedPlace[]; readonly what: string }>();
  for (const group of groups.values()) {
    const key = namesOf(group.places).join();
    const known = merged.get(key);
    const [first, second] = known === undefined || weight(group.id) < weight(known.id) ? [group, known] : [known, group];
    merged.set(
      key,
      second === undefined ? first : { ...first, places: [...first.places, ...second.places], what: `${first.what}; ${second.what}` },
    );
  }
  return [...merged.values()].map(({ id, places: wrong, what }) => {
    const names = namesOf(wrong);
    const keys = [...new Set(wrong.map(({ key }) => key))];
    const subject = { kind: 'kube.servicePort', name: names[0] ?? '', frontends: keys } as const;
    return finding(id, {
      subject,
      text: `${listed(names)}: ${what}`,
      origins: originsOf(view, keys),
      askedOrigins: wrong.slice(0, 1).map(({ origin }) => origin),
      about: names,
    });
  });
}

/** What fails comes before what is merely otherwise. */
function weight(id: PathId): number {
  return ['critical', 'warning', 'notice', 'none'].indexOf(severityOf(id));
}

function namesOf(places: readonly ExpectedPlace[]): string[] {
  return [...new Set(places.map(({ name }) => name))].sort();
}

function wrongPaths(
  { purpose, paths }: ServiceFrontend,
  place: ExpectedPlace,
  known: KnownSettings | undefined,
  showsRefusals: boolean,
): Wrong[] {
  const groups = new Map<string, { readonly wrong: Wrong; readonly senders: SourceKind[] }>();
  for (const path of paths) {
    const wanted = place.paths.flatMap((reading) => reading.find(({ from }) => from === path.from) ?? []);
    if (
      wanted.length === 0 ||
      path.verdict === 'unknown' ||
      isOpen(path, wanted, place, known) ||
      (!showsRefusals && wanted.some(isRefusal)) ||
      wanted.some((one) => alike(one, path))
    )
      continue;
    const wrong = wrongOf(
      wanted[0] as ServicePath,
      path,
      paths.some(({ verdict }) => verdict === 'delivered'),
    );
    if (wrong === undefined) continue;
    const group = groups.get(wrong.join()) ?? { wrong, senders: [] };
    group.senders.push(path.from);
    groups.set(wrong.join(), group);
  }
  return [...groups.values()].map(({ wrong: [id, how], senders }) => [
    id,
    `connections from ${listed(senders.map((from) => SENDER_NAMES[from]))} to the ${purpose === 'unknown' ? place.purpose : purpose} ${how}`,
  ]);
}

/**
 * Where nothing tells the address of the node or of pods, it is open whether source ranges hold them, and whether a node port is the
 * node's.
 */
function isOpen(
  { from, verdict, reason }: ServicePath,
  wanted: readonly ServicePath[],
  { family, purpose }: ExpectedPlace,
  known: KnownSettings | undefined,
): boolean {
  if (known === undefined) return false;
  const { settings } = known;
  if (purpose === 'node port' && verdict === 'passed') return !knowsNodeIp(known, family) && settings.localAddresses === undefined;
  if (![reason, ...wanted.map((one) => one.reason)].includes('source not allowed')) return false;
  return from === 'node' ? !knowsNodeIp(known, family) : from === 'pod' && !settings.podRanges.some((range) => familyOf(range) === family);
}

/**
 * Sources that are not allowed and services without endpoints are refused by rules of the filter table, or by what is not shown with it.
 */
function isRefusal({ verdict }: ServicePath): boolean {
  return verdict === 'refused' || verdict === 'dropped';
}

/** Refused or dropped is one thing here: in both cases nobody is served. */
function alike(wanted: ServicePath, { verdict }: ServicePath): boolean {
  if (wanted.verdict === verdict) return true;
  return wanted.verdict !== 'delivered' && verdict !== 'delivered' && wanted.verdict !== 'passed' && verdict !== 'passed';
}

function wrongOf(wanted: ServicePath, { verdict, reason }: ServicePath, reachesOthers: boolean): Wrong | undefined {
  if (wanted.verdict === 'delivered') {
    // Where nobody is served it is told which endpoints are missing.
    if (!reachesOthers && (reason === 'no endpoints' || reason === 'no local endpoints')) return undefined;
    return ['x.service-not-served', `are ${verdict === 'passed' ? 'not served' : verdict}, which kube-proxy would deliver`];
  }
  if (verdict === 'delivered')
    return wanted.reason === 'source not allowed'
      ? ['x.source-not-restricted', 'are served, though the source ranges of the service do not hold them']
      : undefined;
  return verdict === 'passed' && wanted.verdict !== 'passed'
    ? ['x.service-not-refused', `are not ${wanted.verdict}, though the service has no endpoint for them`]
    : undefined;
}

function wrongAffinity({ affinitySeconds, paths, by }: ServiceFrontend, place: ExpectedPlace): Wrong[] {
  // Of IPVS the virtual services tell it.
  if (by === 'ipvs' || affinitySeconds === undefined || place.affinitySeconds === undefined || affinitySeconds === place.affinitySeconds)
    return [];
  // Rules show affinity at endpoints alone, and without one there is none to show.
  if (!paths.some(({ verdict }) => verdict === 'delivered')) return [];
  const seconds = (value: number): string => (value === 0 ? 'to no endpoint' : `to one endpoint for ${value} seconds`);
  return [
    [
      'x.affinity-not-expected',
      `keeps clients ${seconds(affinitySeconds)}, the service asks to keep them ${seconds(place.affinitySeconds)}`,
    ],
  ];
}

function originsOf({ model, facts }: NodeView, keys: readonly string[]): FoundThing['origins'] {
  const [key = ''] = keys;
  const service = model.ipvs?.services.get(key);
  return service === undefined ? (facts.proxyMode?.origins.slice(0, 1) ?? []) : [service.origin];
}
