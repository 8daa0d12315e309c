import { originIn } from '../state/origin.ts';
import { addToGroup } from '../common/add-to-group.ts';
import type { ServiceFrontend } from '../proxy/service-table.ts';
import { type ValueOf, valuesOf } from '../read/kinds/values-of.ts';
import type { NodeView } from '../services/node-facts.ts';
import { endpointText } from '../state/ipvs-table.ts';
import { counted, findingKinds, type FoundThing } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.connections-to-gone',
    severity: 'warning',
    title: 'tracked connections to an endpoint that their service no longer has',
    why: 'they go on as they began: what they send reaches nobody once the pod is gone',
    needs: ['service', 'nat', 'ipvs'],
  },
]);

export const trackedConnections: FindingRule = { kinds, find: trackedConnectionFindings };

type TrackedConnection = ValueOf<'TrackedConnections'>['connections'][number];

/** States of a connection that ends, or that ended. */
const ENDING: ReadonlySet<string> = new Set([
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'FIN_WAIT',
  'CLOSED',
  'SHUTDOWN_SENT',
  'SHUTDOWN_RECD',
  'SHUTDOWN_ACK_SENT',
]);

/** A tracked connection to a service, and the part and line that shows it. */
interface Stale {
  readonly connection: TrackedConnection;
  readonly part: number;
}

/**
 * Connections that the kernel tracks to an endpoint that their service no longer has. A changed rule decides about new connections only:
 * these go on as they began. kube-proxy takes out those of UDP (kubernetes pkg/proxy/conntrack/cleanup.go), for nothing would end them.
 */
function trackedConnectionFindings({ snapshot, table }: NodeView): FoundThing[] {
  const frontends = frontendLookup(
    table.servicePorts.flatMap(({ name, frontends: those }) => those.map((frontend) => ({ name, frontend }))),
  );
  const groups = new Map<string, Stale[]>();
  for (const { value, part } of valuesOf(snapshot.parts, 'TrackedConnections')) {
    for (const connection of value.connections) {
      const { protocol, destination, port, answers, answerPort } = connection;
      if (answers === destination && answerPort === port) continue;
      const asked = frontends(protocol, destination, port);
      const endpoint = endpointText(answers, answerPort);
      if (asked === undefined || asked.endpoints === undefined || asked.endpoints.has(endpoint)) continue;
      addToGroup(groups, `${asked.name}\n${protocol} ${endpointText(destination, port)}\n${endpoint}`, { connection, part: part.index });
    }
  }
  return [...groups].map(([key, stale]) => findingOf(key, stale));
}

function findingOf(key: string, stale: readonly Stale[]): FoundThing {
  const [name = '', place = '', endpoint = ''] = key.split('\n');
  const live = stale.filter(({ connection: { state = '' } }) => !ENDING.has(state)).length;
  const isUdp = place.startsWith('udp ');
  const ending = live === 0 ? ', all of them ending' : live === stale.length ? '' : `, ${stale.length - live} of them ending`;
  return finding('lint.kube.connections-to-gone', {
    severity: live === 0 ? 'none' : isUdp ? 'warning' : 'notice',
    certainty: isUdp ? 'proven' : 'conditional',
    subject: { kind: 'kube.servicePort', name },
    text: `${counted(stale.length, 'connection')} to ${name} (${place}) ${stale.length === 1 ? 'goes' : 'go'} to ${endpoint}, which is not an endpoint of it any more${ending}`,
    note: isUdp
      ? 'kube-proxy removes such entries of UDP; listings of two moments can differ in this: take both again'
      : 'a pod that is ending may still serve them; listings of two moments can differ in this',
    lookAt: `conntrack -L -p ${place.slice(0, place.indexOf(' '))} --reply-src ${endpoint.slice(0, endpoint.lastIndexOf(':')).replaceAll(/[[\]]/g, '')}`,
    origins: stale.slice(0, 5).map(({ connection: { line }, part }) => originIn({ part, line })),
  });
}

interface Asked {
  readonly name: string;
  /** Undefined where not all are known. */
  readonly endpoints: ReadonlySet<string> | undefined;
}

/** Looks up who serves an address and port; node ports answer at any address that is no other frontend's. */
function frontendLookup(
  all: readonly { readonly name: string; readonly frontend: ServiceFrontend }[],
): (protocol: string, address: string, port: number) => Asked | undefined {
  const known = new Map<string, Asked>();
  for (const { name, frontend } of all) {
    if (frontend.fwmark !== undefined) continue;
    for (const address of frontend.addresses.length > 0 ? frontend.addresses : ['*'])
      known.set(`${frontend.protocol} ${address} ${frontend.port}`, { name, endpoints: endpointsOf(frontend) });
  }
  return (protocol, address, port) => known.get(`${protocol} ${address} ${port}`) ?? known.get(`${protocol} * ${port}`);
}

function endpointsOf({ paths, partialBecause }: ServiceFrontend): ReadonlySet<string> | undefined {
  if (partialBecause !== undefined || paths.length === 0 || paths.some(({ verdict }) => verdict === 'unknown')) return undefined;
  return new Set(paths.flatMap(({ endpoints }) => endpoints.map(({ address }) => address)));
}
