import type { Change, Facts, Outcome, WitnessPacket } from '../../report.ts';
import type { CheckFinding } from '../../check/check.ts';
import type { Flow, FlowSide } from './outline-model.ts';

const CLIENTS: { readonly [From in WitnessPacket['from']]: string } = {
  pod: 'pod',
  node: 'this node',
  outside: 'outside',
  endpoint: 'endpoint',
};

/**
 * What the changes of one story do to connections: from the packet that proves each, else from the endpoints of its
 * service, else from those that its facts name. A
 * service that several changes tell of has one entry.
 */
export function flowsOfChanges(changes: readonly Change[]): Flow[] {
  const flows = new Map<string, Flow>();
  for (const change of changes) {
    const flow = ofWitness(change) ?? ofShares(change) ?? ofFacts(change);
    if (flow !== undefined && !flows.has(flow.service)) flows.set(flow.service, flow);
  }
  return [...flows.values()];
}

function ofWitness({ witness }: Change): Flow | undefined {
  if (witness === undefined) return undefined;
  const { packet, before, after } = witness;
  return { client: `${CLIENTS[packet.from]} ${packet.source}`, service: addressed(packet), panels: panels(sideOf(before), sideOf(after)) };
}

function panels(before: FlowSide | undefined, after: FlowSide | undefined): Flow['panels'] {
  return [
    { when: 'before', ...(before === undefined ? {} : { side: before }) },
    { when: 'after', ...(after === undefined ? {} : { side: after }) },
  ];
}

/** Where the services that a finding is about lead, beside where they have to lead where that is known. */
export function flowsOfFinding({ flows = [] }: CheckFinding): Flow[] {
  return flows.map(({ from, service, expected, found }): Flow => {
    const node = { when: 'on this node' as const, ...(found === undefined ? {} : { side: found }) };
    const client = from === undefined ? {} : { client: from === 'pod' ? 'pods' : CLIENTS[from] };
    return { ...client, service, panels: expected === undefined ? [node] : [{ when: 'expected', side: expected }, node] };
  });
}

/** As the subjects of services are named: `udp 10.96.0.10:53`. */
function addressed({ protocol, destination, destinationPort }: WitnessPacket): string {
  if (destinationPort === undefined) return `${protocol} ${destination}`;
  return `${protocol} ${destination.includes(':') ? `[${destination}]` : destination}:${destinationPort}`;
}

function sideOf({ verdict, endpoints, masqueraded }: Outcome): FlowSide {
  return { verdict, endpoints, ...(masqueraded === undefined ? {} : { masqueraded }) };
}

/** What a change of a virtual service's endpoints does: there is a picture for IPVS alone too, where no packet is the proof. */
function ofShares({ subject, shares }: Change): Flow | undefined {
  if (shares === undefined) return undefined;
  const [before, after] = [shares.before, shares.after].map((endpoints): FlowSide => ({
    verdict: endpoints.every(({ share }) => share === 0) ? 'no endpoint' : 'delivered',
    endpoints,
  }));
  return before === undefined || after === undefined
    ? undefined
    : { service: subject.frontends?.[0] ?? subject.name, panels: panels(before, after) };
}

function ofFacts({ subject, before, after }: Change): Flow | undefined {
  const was = listed(before);
  const is = listed(after);
  if (was === undefined && is === undefined) return undefined;
  return { service: subject.frontends?.[0] ?? subject.name, panels: panels(was, is) };
}

/** Facts that list endpoints, as those of services do in either mode of the proxy. */
function listed(facts: Facts | undefined): FlowSide | undefined {
  const list = facts?.['endpoints'] ?? facts?.['destinations'];
  if (!Array.isArray(list)) return undefined;
  const endpoints = list.flatMap((entry: unknown): FlowSide['endpoints'] => {
    if (typeof entry === 'string') return [{ address: entry }];
    const { address, share } = (typeof entry === 'object' && entry !== null ? entry : {}) as { address?: unknown; share?: unknown };
    return typeof address === 'string' ? [{ address, ...(typeof share === 'number' ? { share } : {}) }] : [];
  });
  return { verdict: endpoints.length === 0 ? 'no endpoint' : 'delivered', endpoints };
}
