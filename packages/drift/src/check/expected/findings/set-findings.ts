import { SET } from '../../../proxy/names/fixed-names.ts';
import { addToGroup } from '../../../common/add-to-group.ts';
import type { NodeView } from '../../../services/node-facts.ts';
import type { SetRole } from '../../../proxy/names/set-catalogue.ts';
import { endpointText } from '../../../state/ipvs-table.ts';
import type { IpSetMember } from '../../../state/model.ts';
import type { DesiredPort } from '../../../desired/desired-ports.ts';
import type { DesiredIpvs } from '../../../desired/ipvs/ipvs-tables.ts';
import type { DesiredSet } from '../../../desired/ipvs/ipvs-sets.ts';
import { findingKinds, type FoundThing, listed } from '../../finding.ts';
import type { Expectation } from '../expectation.ts';
import { knowsNodeIp, mayBeUnbound } from '../open-addresses.ts';
import { type Explained, memberIsExplained } from '../explained.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'x.ipset-member-missing',
    severity: 'critical',
    title: 'a service is not in a set of kube-proxy',
    why: 'rules that look into the set treat its packets otherwise',
    needs: ['sets'],
  },
  {
    id: 'x.ipset-member-not-expected',
    severity: 'warning',
    title: 'a set of kube-proxy holds what no service of the cluster asks for',
    why: 'left over, or added by hand: packets are treated as those of a service',
  },
  {
    id: 'x.ipset-missing',
    severity: 'critical',
    title: 'a set of kube-proxy does not exist',
    why: 'rules that look into it cannot be loaded',
    needs: ['sets'],
  },
  {
    id: 'x.ipvs-loopback-entry-missing',
    severity: 'warning',
    title: `a local endpoint is not in the set ${SET.loopBack}`,
    why: 'it cannot reach itself through its service',
    needs: ['sets'],
  },
]);
export { kinds as setKinds };

/** What a member that is missing means for traffic. */
const WITHOUT: { readonly [Role in SetRole]: string } = {
  'cluster-ip': 'connections to it are not masqueraded where they have to be',
  'external-ip': 'connections to it are not masqueraded',
  'external-ip-local': 'connections to it are not accepted before other rules',
  'load-balancer': 'connections to it are not masqueraded',
  'load-balancer-local': 'connections to it are masqueraded, and its endpoints no longer see their clients',
  restricted: 'its source ranges are not checked: everybody may connect',
  'allowed-range': 'clients in this range are dropped',
  'allowed-self': 'the node itself is dropped there',
  'node-port': 'connections to it are not masqueraded, and answers of remote endpoints do not come back',
  'node-port-local': 'connections to it are masqueraded, and its endpoints no longer see their clients',
  'health-check': 'load balancers may be refused when they ask whether the node has an endpoint',
  'local-endpoints': 'it cannot reach itself through its service',
  'service-addresses': 'packets to ports that no service has there reach the node itself',
};

/** Members of kube-proxy's sets that are missing, or that nothing asks for, but for those that follow from what is told already. */
export function setFindings(view: NodeView, { ipvs, complete, known }: Expectation, explained: Explained): FoundThing[] {
  const { sets } = view.model;
  const [wanted, ...others] = ipvs;
  if (wanted === undefined || sets?.complete !== true || view.facts.proxyMode?.value !== 'ipvs') return [];
  const found: FoundThing[] = [];
  const lacking: Lacking[] = [];
  for (const set of wanted.sets) {
    const there = sets.sets.get(set.name);
    const readings = [set, ...others.flatMap((reading) => reading.sets.find(({ name }) => name === set.name) ?? [])];
    const open =
      (known?.nodeIsOpen === true && set.role === 'local-endpoints') ||
      (set.role === 'allowed-self' && known !== undefined && !knowsNodeIp(known, set.family));
    if (there === undefined) {
      if (readings.length === ipvs.length && set.members.size > 0)
        found.push(
          finding('x.ipset-missing', {
            subject: { kind: 'ipset.set', name: set.name },
            text: `set ${set.name} does not exist: kube-proxy keeps ${set.members.size} members in it`,
            origins: sets.origins.slice(0, 1).map((part) => ({ part, lines: [1, 1] })),
          }),
        );
      continue;
    }
    // Two listings of different moments show a set that is being filled.
    if (there.members === undefined || open || view.model.disagreements.some(({ subject }) => subject === `set ${set.name}`)) continue;
    const missing = [...set.members].filter(
      ([member]) =>
        there.members?.has(member) === false &&
        !(set.role === 'service-addresses' && mayBeUnbound(member, wanted, known, view.model)) &&
        readings.length === ipvs.length &&
        readings.every(({ members }) => members.has(member)),
    );
    lacking.push(...missingMembers(set, missing, explained, there.origin));
    if (!complete) continue;
    const stray = [...there.members].filter(
      ([member, entry]) =>
        !readings.some(({ members }) => members.has(member)) &&
        !memberIsExplained(entry, set.role, explained) &&
        !isOfTold([member], set.role, wanted.ports, explained),
    );
    if (stray.length > 0) found.push(strayMembers(set, stray, wanted));
  }
  return [...missingFindings(lacking), ...found];
}

/** Members that a set lacks. */
interface Lacking {
  readonly role: SetRole;
  readonly set: string;
  readonly members: readonly string[];
  readonly services: readonly string[];
  readonly origin: FoundThing['origins'][number];
}

/** Members of service ports of which nothing is there are left out. */
function missingMembers(
  { name: set, role }: DesiredSet,
  missing: readonly (readonly [string, readonly string[]])[],
  explained: Explained,
  origin: FoundThing['origins'][number],
): Lacking[] {
  const told = missing.filter(
    ([member, names]) =>
      !names.every((service) => explained.lost.has(service)) &&
      !(role === 'local-endpoints' && explained.endpoints.has(endpointOfMember(member))) &&
      !(
        (role.startsWith('local-') || role.endsWith('-local') || role === 'health-check') &&
        names.every((service) => explained.changed.has(service))
      ),
  );
  const services = [...new Set(told.flatMap(([, names]) => names))].sort();
  return services.length === 0 ? [] : [{ role, set, members: told.map(([member]) => member), services, origin }];
}

/** What one set lacks is one cause, and so is what several lack of the same service ports. */
function missingFindings(lacking: readonly Lacking[]): FoundThing[] {
  const groups = new Map<string, Lacking[]>();
  for (const one of lacking) addToGroup(groups, one.services.join(), one);
  return [...groups.values()].map((group) => {
    const services = group[0]?.services ?? [];
    const byMeaning = new Map<string, string[]>();
    for (const { role, members, set } of group)
      addToGroup(byMeaning, WITHOUT[role], `${listed(members)} ${members.length === 1 ? 'is' : 'are'} not in set ${set}`);
    const what = [...byMeaning].map(([meaning, lacks]) => `${lacks.join(', ')}: ${meaning}`);
    return finding(group.every(({ role }) => role === 'local-endpoints') ? 'x.ipvs-loopback-entry-missing' : 'x.ipset-member-missing', {
      subject: { kind: 'kube.servicePort', name: services[0] ?? '', frontends: group.flatMap(({ members }) => members) },
      text: `${listed(services)}: ${what.join('; ')}`,
      origins: group.map(({ origin }) => origin),
      about: services,
    });
  });
}

/** `10.244.0.15,tcp:80,10.244.0.15` is `10.244.0.15:80`. */
function endpointOfMember(member: string): string {
  const [address = '', port = ''] = member.split(',');
  return endpointText(address, Number(port.slice(port.indexOf(':') + 1)));
}

/** What one set holds too much is one finding. An entry of KUBE-LOOP-BACK may be an endpoint of another node. */
function strayMembers({ name, role }: DesiredSet, stray: readonly (readonly [string, IpSetMember])[], { ports }: DesiredIpvs): FoundThing {
  const members = stray.map(([member]) => member).sort();
  const owners = ownersOf(members, role, ports);
  const are = members.length === 1 ? 'is' : 'are';
  const text =
    owners.length > 0
      ? `${listed(owners)}: ${listed(members)} ${are} in set ${name}, ${role === 'local-endpoints' ? `and ${are} no endpoint of this node` : 'which the service does not ask for'}`
      : `${listed(members)} ${are} in set ${name}, and no service of the cluster asks for ${members.length === 1 ? 'it' : 'them'}`;
  return finding('x.ipset-member-not-expected', {
    // No packet of this node has such an address as its source.
    ...(role === 'local-endpoints' ? { severity: 'none' as const } : {}),
    subject: { kind: 'ipset.member', name: `${name} ${members[0] ?? ''}` },
    text,
    origins: stray.slice(0, 2).map(([, { origin }]) => origin),
    about: owners,
  });
}

/** Service ports that have the place or the endpoint of a member, though they do not ask for it in this set. */
function ownersOf(members: readonly string[], role: SetRole, ports: readonly DesiredPort[]): string[] {
  const asked = new Set(members);
  const own = ({ lists, port, service, clusterIp, externalIps, loadBalancerIps }: DesiredPort): string[] => {
    if (role === 'local-endpoints') return lists.all.map(({ address, port: number }) => `${address},${port.protocol}:${number},${address}`);
    if (role === 'health-check') return service.healthCheckNodePort === undefined ? [] : [String(service.healthCheckNodePort)];
    if (role === 'node-port' || role === 'node-port-local') return port.nodePort === undefined ? [] : [String(port.nodePort)];
    return [clusterIp, ...externalIps, ...loadBalancerIps].map((address) => `${address},${port.protocol}:${port.port}`);
  };
  return [...new Set(ports.filter((port) => own(port).some((member) => asked.has(member))).map(({ name }) => name))];
}

/** Whether the endpoints of the member's service are told to be wrong: its policy is another one. */
function isOfTold(members: readonly string[], role: SetRole, ports: readonly DesiredPort[], { changed }: Explained): boolean {
  const owners = role === 'local-endpoints' ? [] : ownersOf(members, role, ports);
  return owners.length > 0 && owners.every((name) => changed.has(name));
}
