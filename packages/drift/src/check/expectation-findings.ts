import { addToGroup } from '../add-to-group.ts';
import { addressNumber, blockRange, inRange } from '../model/address-range.ts';
import { endpointText } from '../model/ipvs-table.ts';
import type { Origin } from '../model/model.ts';
import { setName } from '../kubernetes/set-catalogue.ts';
import { lastFlag } from '../kubernetes/node-knowledge.ts';
import type { NodeView } from '../kubernetes/node-facts.ts';
import type { ServiceFrontend } from '../kubernetes/service-table.ts';
import { type Expectation, type ExpectedFrontend, settingsOf } from './expectation.ts';
import { counted, finding, type FoundThing, listed } from './finding.ts';

/** Where a node does something else than the Services and endpoints of its cluster ask for. */
export function expectationFindings(view: NodeView, expectation: Expectation | undefined): FoundThing[] {
  const found = [...oddWeights(view, expectation)];
  if (expectation === undefined || !(showsIpvs(view) || showsRules(view))) return found;
  const served = servedPlaces(view);
  const missing = expectation.frontends.filter(({ key }) => !served.has(key));
  found.push(...missingServices(view, expectation, missing), ...orphans(view, expectation));
  for (const expected of expectation.frontends) {
    const frontends = served.get(expected.key);
    if (frontends !== undefined && expected.endpoints !== undefined) found.push(...endpointFindings(view, expected, expected.endpoints, frontends));
  }
  return [...joined(found), ...loopbackEntries(view)];
}

function showsIpvs({ model }: NodeView): boolean {
  return model.ipvs?.complete === true;
}

function showsRules({ model }: NodeView): boolean {
  return model.tables.get('ipv4 nat')?.complete === true || model.tables.get('ipv6 nat')?.complete === true;
}

/** The frontends that are served, by `tcp 10.96.0.1:443`, and by `tcp *:30080` for every port that is served on some address. */
function servedPlaces({ table }: NodeView): Map<string, ServiceFrontend[]> {
  const places = new Map<string, ServiceFrontend[]>();
  for (const { frontends } of table.servicePorts) {
    for (const frontend of frontends) {
      const { protocol, addresses, port, purpose } = frontend;
      for (const address of addresses) addToGroup(places, `${protocol} ${endpointText(address, port)}`, frontend);
      if (purpose === 'node port' || purpose === 'unknown') addToGroup(places, `${protocol} *:${port}`, frontend);
    }
  }
  return places;
}

function missingServices(view: NodeView, expectation: Expectation, missing: readonly ExpectedFrontend[]): FoundThing[] {
  const [first] = missing;
  if (first === undefined) return [];
  const { mode } = settingsOf(view, view);
  const asked = view.facts.proxyMode === undefined ? view.facts.modeAsked?.value : mode;
  const id = asked === 'iptables' ? 'x.service-without-iptables' : 'x.service-without-ipvs';
  const by = asked === 'iptables' ? 'rule' : 'virtual service';
  if (missing.length === expectation.frontends.length) {
    const names = new Set(missing.map(({ name }) => name));
    return [finding(id, { severity: 'critical', subject: { kind: 'config', name: 'services' }, text: `none of the ${counted(names.size, 'service port')} of the cluster has a ${by}`, origins: [first.origin] })];
  }
  return missing.map(({ name, key, purpose, origin }) =>
    finding(id, { subject: { kind: 'kube.servicePort', name, frontends: [key] }, text: `${name} (${purpose} ${key}) has no ${by}`, origins: [origin] }),
  );
}

/** Virtual services that are no service's, no node port's, and in no range that kube-proxy is told to leave alone. */
function orphans(view: NodeView, { frontends, complete }: Expectation): FoundThing[] {
  const { model, facts, knowledge } = view;
  if (!complete || !['ipvs', 'mixed'].includes(facts.proxyMode?.value ?? '')) return [];
  const expected = new Set(frontends.map(({ key }) => key));
  const excluded = [...(lastFlag(knowledge.log, 'ipvs-exclude-cidrs') ?? '').replace(/^\[|\]$/g, '').split(/[ ,]+/), ...(knowledge.configuration?.value.excludeCidrs ?? [])].map(blockRange).filter((range) => range !== undefined);
  const found: FoundThing[] = [];
  for (const service of model.ipvs?.services.values() ?? []) {
    if (service.protocol === undefined || service.address === undefined || expected.has(service.key) || expected.has(`${service.protocol} *:${service.port ?? 0}`)) continue;
    const number = addressNumber(service.address);
    if (number !== undefined && excluded.some((range) => inRange(range, number))) continue;
    found.push(
      finding('x.ipvs-service-orphan', {
        subject: { kind: 'ipvs.service', name: service.key },
        text: `${service.key} leads to ${service.destinations.size === 0 ? 'nothing' : listed([...service.destinations.keys()])}, and no service of the cluster has this address`,
        note: 'kube-proxy removes it at its next full sync, unless --ipvs-exclude-cidrs covers it',
        origins: [service.origin],
      }),
    );
  }
  return found;
}

function endpointFindings(view: NodeView, expected: ExpectedFrontend, endpoints: readonly string[], frontends: readonly ServiceFrontend[]): FoundThing[] {
  const used = new Set(frontends.flatMap((frontend) => endpointsOf(view, frontend)));
  const subject = { kind: 'kube.servicePort', name: expected.name, frontends: [expected.key] } as const;
  const origins = originsOf(view, frontends, expected.origin);
  const missing = endpoints.filter((endpoint) => !used.has(endpoint));
  const extra = [...used].filter((endpoint) => !endpoints.includes(endpoint)).sort();
  const found: FoundThing[] = [];
  if (missing.length > 0) {
    const all = missing.length === endpoints.length;
    found.push(
      finding('x.endpoint-missing', {
        ...(expected.policyUnknown ? { severity: 'warning' as const, certainty: 'conditional' as const } : {}),
        subject,
        text: `${expected.name} sends no connection to ${all && missing.length > 1 ? 'any of its endpoints' : all ? 'its only endpoint' : 'its endpoint'} ${listed(missing)}${expected.policyUnknown ? ', unless its internalTrafficPolicy is Local' : ''}`,
        origins,
      }),
    );
  }
  if (extra.length > 0) {
    found.push(finding('x.endpoint-not-expected', { subject, text: `${expected.name} sends connections to ${listed(extra)}, which ${extra.length === 1 ? 'is no endpoint' : 'are no endpoints'} of it`, origins }));
  }
  return found;
}

/** Destinations of a virtual service, also those that drain and have to be there; the endpoints of the paths in iptables mode. */
function endpointsOf({ model }: NodeView, frontend: ServiceFrontend): string[] {
  if (frontend.by !== 'iptables') {
    const services = frontend.addresses.flatMap((address) => model.ipvs?.services.get(`${frontend.protocol} ${endpointText(address, frontend.port)}`) ?? []);
    if (services.length > 0) return services.flatMap((service) => [...service.destinations.values()].filter(({ weight }) => weight !== 0).map(({ key }) => key));
  }
  return frontend.paths.flatMap(({ endpoints }) => endpoints.map(({ address }) => address));
}

function originsOf({ model }: NodeView, frontends: readonly ServiceFrontend[], otherwise: Origin): readonly Origin[] {
  const origins = frontends.flatMap(({ protocol, addresses, port }) => addresses.flatMap((address) => model.ipvs?.services.get(`${protocol} ${endpointText(address, port)}`)?.origin ?? []));
  return [...origins.slice(0, 2), otherwise];
}

/** One service has the same fault at each of its addresses: it is told once. */
function joined(found: readonly FoundThing[]): FoundThing[] {
  const groups = new Map<string, FoundThing>();
  for (const one of found) {
    const key = ['x.endpoint-missing', 'x.endpoint-not-expected'].includes(one.id) ? `${one.id} ${one.text}` : `${one.id} ${one.subject.name} ${one.text}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, one);
    else groups.set(key, { ...known, subject: { ...known.subject, frontends: [...(known.subject.frontends ?? []), ...(one.subject.frontends ?? [])] } });
  }
  return [...groups.values()];
}

/** kube-proxy writes weight 1, and 0 only for an endpoint that the service no longer has. */
function oddWeights({ model, facts, table }: NodeView, expectation: Expectation | undefined): FoundThing[] {
  if (facts.proxyMode?.value !== 'ipvs') return [];
  const expected = new Map(expectation?.frontends.map((frontend) => [frontend.key, frontend]) ?? []);
  const names = new Map<string, string>(table.servicePorts.flatMap(({ name, frontends }) => frontends.flatMap(({ protocol, addresses, port }) => addresses.map((address) => [`${protocol} ${endpointText(address, port)}`, name] as const))));
  const found: FoundThing[] = [];
  for (const service of model.ipvs?.services.values() ?? []) {
    const kubernetes = expectation === undefined || !expectation.complete || expected.has(service.key) || expected.has(`${service.protocol ?? ''} *:${service.port ?? 0}`);
    for (const destination of kubernetes ? service.destinations.values() : []) {
      const { weight, key, origin } = destination;
      const listedThere = expected.get(service.key)?.endpoints?.includes(key) === true;
      if (weight === undefined || weight === 1 || (weight === 0 && !listedThere)) continue;
      const name = names.get(service.key) ?? service.key;
      found.push(finding('x.weight-not-expected', { subject: { kind: 'ipvs.destination', name: `${service.key} -> ${key}` }, text: `${name}: ${key} has weight ${weight}, kube-proxy gives 1`, note: 'kube-proxy 1.20 leaves it, 1.30 sets it right when it starts', origins: [origin] }));
    }
  }
  return found;
}

/** Endpoints of this node that are destinations and could not reach themselves. */
function loopbackEntries({ model, knowledge, facts }: NodeView): FoundThing[] {
  if (facts.proxyMode?.value !== 'ipvs' || knowledge.nodeName === undefined) return [];
  const found = new Map<string, FoundThing>();
  const local = new Set(knowledge.endpointPorts.flatMap(({ value }) => value.endpoints.filter(({ node, ready }) => ready && node === knowledge.nodeName).map(({ address }) => address)));
  for (const service of model.ipvs?.services.values() ?? []) {
    const set = model.sets?.sets.get(setName('KUBE-LOOP-BACK', service.family));
    if (set?.members === undefined) continue;
    for (const { address, port, weight, key, origin } of service.destinations.values()) {
      const member = `${address},${service.protocol ?? ''}:${port},${address}`;
      if (weight === 0 || !local.has(address) || set.members.has(member) || knowledge.nodeAddresses.includes(address)) continue;
      found.set(member, finding('x.ipvs-loopback-entry-missing', { subject: { kind: 'ipset.member', name: `${set.name} ${member}` }, text: `${key} is an endpoint of this node and is not in set ${set.name}: it cannot reach itself through its service`, origins: [origin, set.origin] }));
    }
  }
  return [...found.values()];
}
