import type { FrontendPurpose } from '../../kubernetes/comments.ts';
import type { NodeView } from '../../kubernetes/node-facts.ts';
import type { ServicePath } from '../../kubernetes/service-table.ts';
import type { Origin } from '../../model/model.ts';
import { type DesiredIpvs, desiredIpvs } from '../../proxy/desired/ipvs-tables.ts';
import { type KnownSettings, knownSettings } from '../../proxy/desired/known-settings.ts';
import type { Family, ProxySettings } from '../../proxy/desired/settings.ts';
import { expectedPlaces } from './expected-places.ts';
import { placesOfTables } from './places-of-tables.ts';
import { seenNodeAddresses } from './seen-node-addresses.ts';

/** A place where a service of the cluster has to answer on this node. */
export interface ExpectedPlace {
  /** `tcp 10.96.0.1:443`, or `tcp *:30080` for a node port where the addresses of the node are not known. */
  readonly key: string;
  /** The service port: `default/web:http`, or `default/web 80/TCP` where port names are not known. */
  readonly name: string;
  /** `default/web` */
  readonly service: string;
  readonly purpose: FrontendPurpose;
  readonly family: Family;
  /** Endpoints it has to lead to, whatever is not known; missing = endpoints are not known. */
  readonly endpoints?: readonly string[];
  /** Endpoints it may lead to. */
  readonly allowed?: readonly string[];
  /** True when a traffic policy that the text does not show could keep some endpoints away. */
  readonly policyUnknown: boolean;
  /** False where one reading of what is not known has this place and another has not. */
  readonly certain: boolean;
  /** What may become of connections, for each reading of what is not known; empty where that is not known. */
  readonly paths: readonly (readonly ServicePath[])[];
  readonly affinitySeconds?: number;
  readonly origin: Origin;
}

/** What the cluster asks of a node. */
export interface Expectation {
  readonly places: readonly ExpectedPlace[];
  /** Whether all services of the cluster are known: only then can one be too many. */
  readonly complete: boolean;
  /** How kube-proxy runs; missing where services are known by a table of kubectl alone. */
  readonly known?: KnownSettings;
  /** The tables of ipvs mode for each reading of what is not known, the likely one first; none in other modes. */
  readonly ipvs: readonly DesiredIpvs[];
}

/**
 * What Services and endpoints ask of a node: objects told in full where they are there, tables of kubectl otherwise.
 *
 * @param asked the snapshot that holds them
 * @param node the snapshot that is checked; may be the same
 */
export function expectationOf(asked: NodeView, node: NodeView): Expectation | undefined {
  if (asked.knowledge.services.length === 0) return asked.model.services === undefined ? undefined : { ...placesOfTables(asked.model), ipvs: [] };
  const known = withNodeAddresses(node, asked);
  const readings = [known.settings, ...known.others];
  const namespaces = new Set(asked.knowledge.services.map(({ value }) => value.namespace));
  return {
    places: expectedPlaces(asked.knowledge, readings, known.nodeIsOpen),
    // `kubectl get -A` shows the service of the API server and those of at least one more namespace.
    complete: namespaces.size > 1,
    known,
    ipvs: known.settings.mode === 'ipvs' ? readings.map((settings) => desiredIpvs(asked.knowledge, settings)) : [],
  };
}

/** Where nothing lists the addresses of the node, or those for node ports, the addresses at which its node ports answer stand for them. */
function withNodeAddresses(node: NodeView, asked: NodeView): KnownSettings {
  const known = knownSettings(node, asked);
  const { localAddresses } = known.settings;
  if (known.settings.mode !== 'ipvs' || (localAddresses !== undefined && known.flagsAreKnown)) return known;
  const seen = seenNodeAddresses(node, asked);
  if (seen.length === 0) return known;
  const own = seen.map((address) => `${address}/${address.includes(':') ? 128 : 32}`);
  const add = (settings: ProxySettings): ProxySettings => ({ ...settings, localAddresses: localAddresses ?? seen, ...(known.flagsAreKnown ? {} : { nodePortAddresses: own }) });
  const text = `node ports have to answer at ${seen.join(', ')}, where they answer now: no input lists the addresses of the node for them`;
  return { ...known, settings: add(known.settings), others: known.others.map(add), assumptions: [...known.assumptions, { what: 'node addresses', text }] };
}
