import { addToGroup } from '../common/add-to-group.ts';
import { firstNames } from '../common/first-names.ts';
import type { ServiceFrontend } from '../proxy/service-table.ts';
import type { Severity } from '../report.ts';
import type { IpvsDestination, IpvsService } from '../state/model.ts';
import { persistenceText } from '../differences/ipvs.ts';
import { compareTexts, differenceOf, type Group, groupsByValue, type PendingDifference } from './groups.ts';

/** What a node shows of services, by the places that nodes have in common. */
interface ServicesOfNode {
  readonly name: string;
  readonly virtual: ReadonlyMap<string, IpvsService>;
  readonly frontends: ReadonlyMap<string, { readonly service: string; readonly frontend: ServiceFrontend }>;
}

/** Nodes that differ in one attribute of one service. */
interface Found {
  readonly attribute: string;
  readonly severity: Severity;
  /** By address and port, or by mark. */
  readonly service: string;
  readonly groups: readonly Group[];
  /** How many nodes tell. */
  readonly count: number;
}

/** What is told already: places whose endpoints differ, and nodes by the scheduler of most of their services. */
interface Told {
  readonly places: ReadonlySet<string>;
  readonly schedulers?: PendingDifference['groups'];
}

/**
 * Attributes of services that do not show in where a new connection goes: how packets are forwarded, how long a client stays with its
 * endpoint, flags, limits. A node that does not show an attribute says nothing of the others.
 */
export function attributeDifferences(nodes: readonly ServicesOfNode[], told: Told): PendingDifference[] {
  const found: Found[] = [];
  for (const key of sortedKeys(nodes.map(({ virtual }) => virtual)))
    found.push(...virtualServiceDifferences(nodes, key, told.places.has(key)));
  for (const key of sortedKeys(nodes.map(({ frontends }) => frontends))) found.push(...frontendDifferences(nodes, key));
  // Where the scheduler of most services differs that says it of each of them.
  const schedulers = JSON.stringify(told.schedulers ?? []);
  return folded(found.filter(({ attribute, groups }) => attribute !== 'scheduler' || JSON.stringify(groups) !== schedulers));
}

function sortedKeys(maps: readonly ReadonlyMap<string, unknown>[]): string[] {
  const counts = new Map<string, number>();
  for (const map of maps) for (const key of map.keys()) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].flatMap(([key, count]) => (count > 1 ? [key] : [])).sort(compareTexts);
}

interface ShownService {
  readonly name: string;
  readonly service: IpvsService;
}

function virtualServiceDifferences(nodes: readonly ServicesOfNode[], key: string, told: boolean): Found[] {
  const shown = nodes.flatMap(({ name, virtual }): ShownService[] => {
    const service = virtual.get(key);
    return service === undefined ? [] : [{ name, service }];
  });
  // /proc/net/ip_vs alone shows persistence in ticks, which are no seconds.
  const inTicks = shown.some(({ service }) => service.persistence?.ticks !== undefined);
  const attributes: readonly (readonly [name: string, severity: Severity, text: (service: IpvsService) => string | undefined])[] = [
    ['scheduler', 'notice', ({ scheduler }) => scheduler],
    ['flags', 'notice', ({ flags }) => (flags === undefined ? undefined : flags.join(' ') || 'none')],
    ['one-packet scheduling', 'notice', ({ onePacket }) => (onePacket === undefined ? undefined : onePacket ? 'on' : 'off')],
    ['persistence', 'notice', (service) => shownPersistence(service, inTicks)],
  ];
  const ofService = attributes.flatMap(([attribute, severity, text]) =>
    foundOf(
      attribute,
      severity,
      key,
      shown.flatMap(({ name, service }) => {
        const value = text(service);
        return value === undefined ? [] : [{ name, value }];
      }),
    ),
  );
  return [...ofService, ...destinationDifferences(shown, key, told)];
}

function shownPersistence(service: IpvsService, inTicks: boolean): string | undefined {
  if (!service.showsPersistence) return undefined;
  if (!inTicks || service.persistence === undefined) return persistenceText(service);
  return service.persistence.ticks === undefined ? undefined : persistenceText(service);
}

function foundOf(
  attribute: string,
  severity: Severity,
  service: string,
  values: readonly { readonly name: string; readonly value: string }[],
): Found[] {
  const groups = groupsByValue(values);
  return groups.length < 2 ? [] : [{ attribute, severity, service, groups, count: values.length }];
}

/** What an address of one's own gets is the node's own: it is delivered there, whatever way was asked for. */
const DELIVERED_HERE = 'Local';

const DESTINATION_ATTRIBUTES: readonly (readonly [
  name: string,
  severity: Severity,
  text: (destination: IpvsDestination) => string | undefined,
])[] = [
  ['forwarding', 'warning', ({ forward }) => (forward === DELIVERED_HERE ? undefined : forward)],
  ['tunnel', 'warning', ({ tunnel }) => tunnel],
  ['upper threshold', 'notice', ({ upperThreshold }) => upperThreshold?.toString()],
  ['lower threshold', 'notice', ({ lowerThreshold }) => lowerThreshold?.toString()],
  ['weights', 'notice', ({ weight }) => weight?.toString()],
];

function destinationDifferences(shown: readonly ShownService[], key: string, told: boolean): Found[] {
  // Shares tell weights where they are told, and round robin looks at none.
  const skipsWeights = told || shown.some(({ service }) => service.scheduler === 'rr');
  return DESTINATION_ATTRIBUTES.filter(([attribute]) => attribute !== 'weights' || !skipsWeights).flatMap(([attribute, severity, text]) => {
    const differing = sortedKeys(shown.map(({ service }) => service.destinations)).filter((destination) => {
      const values = shown.flatMap(({ service }) => shownBy(service.destinations.get(destination), text));
      return values.some((value) => value !== values[0]);
    });
    if (differing.length === 0) return [];
    const values = shown.flatMap(({ name, service }) => {
      const pairs = differing.flatMap((destination) =>
        shownBy(service.destinations.get(destination), text).map((value): [string, string] => [destination, value]),
      );
      return pairs.length === 0 ? [] : [{ name, value: pairsText(pairs, service.destinations.size) }];
    });
    return foundOf(attribute, severity, key, values);
  });
}

function shownBy(destination: IpvsDestination | undefined, text: (destination: IpvsDestination) => string | undefined): string[] {
  const value = destination === undefined ? undefined : text(destination);
  return value === undefined ? [] : [value];
}

/** `Route` where all do the same, else `10.0.0.1:80 Route and 10.0.0.2:80 Masq`. */
function pairsText(pairs: readonly (readonly [destination: string, value: string])[], all: number): string {
  const [first] = pairs;
  if (first !== undefined && pairs.length === all && pairs.every(([, value]) => value === first[1])) return first[1];
  return firstNames(
    pairs.map(([destination, value]) => `${destination} ${value}`),
    4,
  );
}

/** What rules say of a service beside its endpoints; of virtual services their own table tells. */
function frontendDifferences(nodes: readonly ServicesOfNode[], key: string): Found[] {
  const shown = nodes.flatMap(({ name, frontends }) => {
    const found = frontends.get(key);
    return found === undefined || found.frontend.by === 'ipvs' ? [] : [{ name, frontend: found.frontend, service: found.service }];
  });
  const [first] = shown;
  if (first === undefined) return [];
  const place = first.service === key ? key : `${first.service} (${key})`;
  const affinities = shown.flatMap(({ name, frontend: { affinitySeconds: seconds } }) =>
    seconds === undefined ? [] : [{ name, value: seconds === 0 ? 'none' : `${seconds} s` }],
  );
  const ranges = shown.flatMap(({ name, frontend: { sourceRanges } }) =>
    sourceRanges === undefined ? [] : [{ name, value: sourceRanges.toSorted(compareTexts).join(', ') }],
  );
  return [...foundOf('session affinity', 'notice', place, affinities), ...foundOf('allowed sources', 'warning', place, ranges)];
}

/** Services that differ between the same nodes in the same way are told once. */
function folded(found: readonly Found[]): PendingDifference[] {
  const alike = new Map<string, Found[]>();
  for (const one of found) addToGroup(alike, JSON.stringify([one.attribute, one.groups]), one);
  return [...alike.values()].flatMap((same) => (same.length < FEW ? same.map(alone) : together(same)));
}

/** So many services are told one by one. */
const FEW = 4;

function alone({ attribute, severity, service, groups, count }: Found): PendingDifference {
  return { ...differenceOf(`${attribute} of ${service}`, undefined, severity, groups, count), subject: service, attribute };
}

function together(same: readonly Found[]): PendingDifference[] {
  const [first] = same;
  if (first === undefined) return [];
  const { attribute, severity, groups, count } = first;
  const title = `${attribute} of ${same.length} services`;
  const names = firstNames(
    same.map(({ service }) => service),
    3,
  );
  const difference = differenceOf(title, undefined, severity, groups, count);
  return [{ ...difference, subject: 'services', attribute, text: `${title} (${names})${difference.text.slice(title.length)}` }];
}
