import { addressFamily } from '../../state/address-range.ts';
import type { Frontend } from '../../services/frontends.ts';
import type { FrontendPurpose } from '../../proxy/names/comments.ts';
import { eachFlow, type Flow } from '../../packets/flow.ts';
import { familiesOf, packetTo, type Sender } from '../packets/probes.ts';
import type { Sides, SideView } from '../side.ts';

/** One service port with the places where it answers on each side. */
export interface ServiceGroup {
  readonly name: string;
  readonly before: readonly Frontend[];
  readonly after: readonly Frontend[];
}

/** `default/web` of `default/web:http` and of `default/web 80/TCP`. */
export function baseName(servicePort: string): string {
  return servicePort.split(/[ :]/)[0] ?? servicePort;
}

/** The named service ports of both sides. A frontend that one side alone can name has that name on both. */
export function serviceGroups({ before, after }: Sides): ServiceGroup[] {
  const groups = new Map<string, { name: string; before: Frontend[]; after: Frontend[] }>();
  const add = (side: SideView, other: SideView, list: 'before' | 'after'): void => {
    for (const frontend of side.frontends.values()) {
      const partner = other.frontends.get(frontend.key);
      const name = list === 'before' ? (frontend.servicePort ?? partner?.servicePort) : (partner?.servicePort ?? frontend.servicePort);
      if (name === undefined) continue;
      const purpose = frontend.purpose ?? partner?.purpose;
      const named = { ...frontend, servicePort: name, ...(purpose === undefined ? {} : { purpose }) };
      const group = groups.get(name) ?? { name, before: [], after: [] };
      group[list].push(named);
      groups.set(name, group);
    }
  };
  add(before, after, 'before');
  add(after, before, 'after');
  return [...groups.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The addresses and ports of one kind: `10.96.0.10:53` of cluster IPs, `30080` of node ports. */
export function places(frontends: readonly Frontend[], purpose: FrontendPurpose): string[] {
  const found = frontends
    .filter((frontend) => frontend.purpose === purpose)
    .map((frontend) => (purpose === 'node port' ? String(frontend.port) : frontend.key.slice(frontend.key.indexOf(' ') + 1)));
  return [...new Set(found)].sort();
}

/** Both sides, and who is asked for. */
type Asked = Sides & { readonly flows: { readonly senders: readonly Sender[] } };

/** Where a pod's connection to a frontend goes. */
export function endpointsOf(side: SideView, frontend: Frontend, { flows, before, after }: Asked): Flow | undefined {
  for (const family of familiesOf(frontend, side)) {
    const senders = flows.senders.filter(({ address }) => addressFamily(address) === family);
    const sender = senders.find(({ kind }) => kind === 'pod') ?? senders[0];
    const packet = sender === undefined ? undefined : packetTo(frontend, sender, before, after);
    if (sender !== undefined && packet !== undefined) return eachFlow(side.flowTables(family), packet, sender.hook).next().value;
  }
  return undefined;
}

/** The addresses of all endpoints of a group on one side. */
export function groupEndpoints(side: SideView, frontends: readonly Frontend[], asked: Asked): Set<string> {
  const addresses = new Set<string>();
  for (const frontend of frontends) {
    const service = side.model.ipvs?.services.get(frontend.key);
    if (service !== undefined) for (const address of service.destinations.keys()) addresses.add(address);
    else for (const { address } of endpointsOf(side, frontend, asked)?.endpoints ?? []) addresses.add(address);
  }
  return addresses;
}
