import { addToGroup } from '../common/add-to-group.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { IpvsConnection, IpvsTable } from '../state/model.ts';
import { counted, findingKinds, type FoundThing } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.ipvs.connections-to-gone',
    severity: 'warning',
    title: 'connections to a destination that the table does not have',
    why: 'what they send is dropped until they end, or until a packet makes IPVS forget them',
    needs: ['ipvs'],
  },
]);

export const connections: FindingRule = { kinds, find: connectionFindings };

/** States of a connection that still carries something, or may; those of one that ends are left over on any node. */
const LIVE: ReadonlySet<string> = new Set(['ESTABLISHED', 'SYN_RECV', 'SYN_SENT', 'SYNACK', 'UDP', 'ASSURED']);

/** Connections that IPVS holds to a destination, or by a virtual service, that its table does not have any more. */
function connectionFindings({ model }: NodeView): FoundThing[] {
  const { ipvs, ipvsState } = model;
  if (ipvs === undefined || !ipvs.complete || ipvsState?.connections === undefined) return [];
  const gone = new Map<string, IpvsConnection[]>();
  for (const connection of ipvsState.connections) {
    const what = whatIsGone(ipvs, connection);
    if (what !== undefined) addToGroup(gone, `${connection.protocol} ${connection.virtual} ${connection.destination}\n${what}`, connection);
  }
  return [...gone].map(([key, connections]) => {
    const what = key.slice(key.indexOf('\n') + 1);
    const live = connections.filter(({ state }) => LIVE.has(state));
    const [first] = connections as [IpvsConnection, ...IpvsConnection[]];
    const ending =
      live.length === 0
        ? ', all of them ending'
        : live.length === connections.length
          ? ''
          : `, ${connections.length - live.length} of them ending`;
    return finding('lint.ipvs.connections-to-gone', {
      ...(live.length === 0 ? { severity: 'none' as const } : {}),
      subject: { kind: 'ipvs.destination', name: `${first.protocol} ${first.virtual} -> ${first.destination}` },
      text: `${counted(connections.length, 'connection')} to ${first.protocol} ${first.virtual} ${connections.length === 1 ? 'goes' : 'go'} to ${first.destination}, and ${what}${ending}`,
      note: 'listings of two moments can differ in this; take both again',
      lookAt: 'sysctl net.ipv4.vs.expire_nodest_conn',
      origins: connections.slice(0, 5).map(({ origin }) => origin),
    });
  });
}

function whatIsGone({ services }: IpvsTable, { protocol, virtual, destination, family }: IpvsConnection): string | undefined {
  // A connection of a firewall-mark service shows the address that it asked for, and nothing ties it to the mark.
  const marked = [...services.values()].filter((service) => service.fwmark !== undefined);
  const address = destination.slice(0, destination.lastIndexOf(':'));
  if (marked.some((service) => [...service.destinations.keys()].some((key) => key === destination || key === `${address}:0`)))
    return undefined;
  const service = services.get(`${protocol} ${virtual}`) ?? services.get(`${protocol} ${virtual.slice(0, virtual.lastIndexOf(':'))}:0`);
  if (service === undefined) return marked.some((one) => one.family === family) ? undefined : 'IPVS has no virtual service there any more';
  const has = service.destinations.has(destination) || service.destinations.has(`${address}:0`);
  return has ? undefined : `${destination} is no destination of it any more`;
}
