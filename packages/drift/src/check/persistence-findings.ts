import { addToGroup } from '../common/add-to-group.ts';
import type { ServiceFrontend } from '../proxy/service-table.ts';
import type { NodeView } from '../services/node-facts.ts';
import { endpointText } from '../state/ipvs-table.ts';
import type { IpvsService } from '../state/model.ts';
import { findingKinds, type FoundThing, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.ipvs.persistence-differs',
    severity: 'notice',
    title: 'virtual services of one service keep their clients for different times',
    why: 'kube-proxy gives all addresses of a service the same: whether a client stays depends on the address it uses',
    lessExact: true,
  },
]);

export const persistences: FindingRule = { kinds, find: persistenceFindings };

/** Virtual services of kube-proxy that have to be of one service, and keep clients for different times. */
function persistenceFindings(view: NodeView): FoundThing[] {
  const { model, facts } = view;
  if (facts.proxyMode?.value !== 'ipvs' || model.ipvs?.complete !== true) return [];
  const services = [...model.ipvs.services.values()].filter(
    ({ showsPersistence, persistence, protocol }) => showsPersistence && persistence?.ticks === undefined && protocol !== undefined,
  );
  return partnersIn(services, view).flatMap((partners) => {
    const groups = new Map<string, IpvsService[]>();
    for (const service of partners) addToGroup(groups, textOf(service), service);
    if (groups.size < 2) return [];
    const parts = [...groups].map(([text, group]) => `clients of ${listed(group.map(({ key }) => key))} ${text}`);
    const [first] = partners;
    return [
      finding('lint.ipvs.persistence-differs', {
        certainty: 'heuristic',
        subject: { kind: 'ipvs.service', name: first?.key ?? '', frontends: partners.map(({ key }) => key) },
        text: `the virtual services of one service differ: ${parts.join(', ')}`,
        origins: [...groups.values()].flatMap(([one]) => one?.origin ?? []),
      }),
    ];
  });
}

function textOf({ persistence }: IpvsService): string {
  if (persistence === undefined) return 'do not stay with their endpoint';
  const { timeout, mask, engine } = persistence;
  const also = [...(mask === undefined ? [] : [`mask ${mask}`]), ...(engine === undefined ? [] : [engine])];
  return `stay with their endpoint for ${timeout ?? '?'} s${also.length === 0 ? '' : ` (${also.join(', ')})`}`;
}

/**
 * Virtual services of one service: a node port at every address of the node, and what leads to the same endpoints as one cluster IP, where
 * no other cluster IP leads there.
 */
function partnersIn(services: readonly IpvsService[], { table }: NodeView): IpvsService[][] {
  const purposes = new Map<string, ServiceFrontend['purpose']>(
    table.servicePorts.flatMap(({ frontends }) =>
      frontends.flatMap(({ purpose, protocol, addresses, port }) =>
        addresses.map((address) => [`${protocol} ${endpointText(address, port)}`, purpose] as const),
      ),
    ),
  );
  const byPort = new Map<string, IpvsService[]>();
  const byEndpoints = new Map<string, IpvsService[]>();
  for (const service of services) {
    const { key, family, protocol = '', port = 0, destinations } = service;
    if (purposes.get(key) === 'node port') addToGroup(byPort, `${family} ${protocol} ${port}`, service);
    if (destinations.size > 0) addToGroup(byEndpoints, `${protocol} ${[...destinations.keys()].sort().join(' ')}`, service);
  }
  const whole = [...byEndpoints.values()].filter((group) => group.filter(({ key }) => purposes.get(key) === 'cluster IP').length === 1);
  const told = new Set(whole.flat());
  return [...whole, ...[...byPort.values()].filter((group) => !group.every((service) => told.has(service)))];
}
