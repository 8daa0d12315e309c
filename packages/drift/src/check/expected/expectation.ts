import type { NodeView } from '../../services/node-facts.ts';
import { desiredPorts } from '../../desired/desired-ports.ts';
import { type DesiredIpvs, desiredIpvs } from '../../desired/ipvs/ipvs-tables.ts';
import { type KnownSettings, knownSettings } from '../../desired/known-settings.ts';
import type { ProxySettings } from '../../desired/settings.ts';
import { endpointText } from '../../state/ipvs-table.ts';
import { expectedPlaces, type Reading } from './expected-places.ts';
import { likelyReadings } from './likely-readings.ts';
import { placesOfTables } from './places-of-tables.ts';
import { seenNodeAddresses } from './seen-node-addresses.ts';
import type { ExpectedPlace } from './expected-place.ts';

/** What the cluster asks of a node. */
export interface Expectation {
  readonly places: readonly ExpectedPlace[];
  /** Whether all services of the cluster are known: only then can one be too many. */
  readonly complete: boolean;
  /** How kube-proxy runs; missing where services are known by a table of kubectl alone. */
  readonly known?: KnownSettings;
  /** The tables of ipvs mode for each reading of what is not known, the likely one first; none in other modes. */
  readonly ipvs: readonly DesiredIpvs[];
  /** The service ports for each reading of what is not known, the likely one first. */
  readonly readings: readonly Reading[];
  /** The objects; missing where services are known by a table of kubectl alone. */
  readonly knowledge?: NodeView['knowledge'];
}

/**
 * What Services and endpoints ask of a node: objects told in full where they are there, tables of kubectl otherwise.
 *
 * @param asked the snapshot that holds them
 * @param node the snapshot that is checked; may be the same
 */
export function expectationOf(asked: NodeView, node: NodeView): Expectation | undefined {
  if (asked.knowledge.services.length === 0) {
    // Objects that could not be read would say what the tables do not show: labels, policies, hints.
    if (asked.model.services === undefined || asked.knowledge.lacksObjects) return undefined;
    return { ...placesOfTables(asked.model), ipvs: [], readings: [] };
  }
  const known = withNodeAddresses(node, asked);
  const readings = likelyReadings(
    node,
    asked,
    [known.settings, ...known.others].map((settings) => ({ settings, ports: desiredPorts(asked.knowledge, settings) })),
    known.nodeIsOpen,
  );
  const places = expectedPlaces(asked.knowledge, readings, known.nodeIsOpen);
  return {
    places,
    complete: showsAllServices(asked, node, places),
    known,
    knowledge: asked.knowledge,
    readings,
    ipvs: known.settings.mode === 'ipvs' ? readings.map(({ settings, ports }) => desiredIpvs(asked.knowledge, settings, ports)) : [],
  };
}

/**
 * Whether the objects are those of the whole cluster, as `kubectl get -A` shows them: of more than one namespace, and with the service of
 * the API server, which every cluster has. Where they lack it, something may serve its port on the node.
 */
function showsAllServices(
  { knowledge: { services, endpointPorts, lacksObjects } }: NodeView,
  node: NodeView,
  places: readonly ExpectedPlace[],
): boolean {
  const namespaces = new Set([...services, ...endpointPorts].map(({ value }) => value.namespace));
  if (lacksObjects || namespaces.size < 2) return false;
  const inDefault = [
    ...services.map(({ value }) => [value.namespace, value.name]),
    ...endpointPorts.map(({ value }) => [value.namespace, value.service]),
  ];
  if (inDefault.some(([namespace, name]) => namespace === 'default' && name === 'kubernetes')) return true;
  const asked = new Set(places.map(({ key }) => key));
  return !node.table.servicePorts.some(({ frontends }) =>
    frontends.some(
      ({ protocol, port, addresses }) =>
        protocol === 'tcp' && port === 443 && addresses.some((address) => !asked.has(`tcp ${endpointText(address, 443)}`)),
    ),
  );
}

/** Where nothing lists the addresses of the node, or those for node ports, the addresses at which its node ports answer stand for them. */
function withNodeAddresses(node: NodeView, asked: NodeView): KnownSettings {
  const known = knownSettings(node, asked);
  const { localAddresses } = known.settings;
  if (known.settings.mode !== 'ipvs' || (localAddresses !== undefined && known.flagsAreKnown)) return known;
  const seen = seenNodeAddresses(node, asked);
  if (seen.length === 0) return known;
  const own = seen.map((address) => `${address}/${address.includes(':') ? 128 : 32}`);
  const add = (settings: ProxySettings): ProxySettings => ({
    ...settings,
    localAddresses: localAddresses ?? seen,
    ...(known.flagsAreKnown ? {} : { nodePortAddresses: own }),
  });
  const text = `node ports have to answer at ${seen.join(', ')}, where they answer now: no input lists the addresses of the node for them`;
  return {
    ...known,
    ...(localAddresses === undefined ? { addressesAreSeen: true as const } : {}),
    settings: add(known.settings),
    others: known.others.map(add),
    assumptions: [...known.assumptions, { what: 'node addresses', text }],
  };
}
