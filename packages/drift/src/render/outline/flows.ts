import type { Change, Facts, Outcome, WitnessPacket } from '../../report.ts';
import type { Flow, FlowSide } from './outline-model.ts';

const CLIENTS: { readonly [From in WitnessPacket['from']]: string } = { pod: 'pod', node: 'this node', outside: 'outside', endpoint: 'endpoint' };

/**
 * What the changes of one story do to connections: from the packet that proves each, else from the endpoints that its facts name. A
 * service that several changes tell of has one entry.
 */
export function flowsOf(changes: readonly Change[]): Flow[] {
  const flows = new Map<string, Flow>();
  for (const change of changes) {
    const flow = ofWitness(change) ?? ofFacts(change);
    if (flow !== undefined && !flows.has(flow.service)) flows.set(flow.service, flow);
  }
  return [...flows.values()];
}

function ofWitness({ witness }: Change): Flow | undefined {
  if (witness === undefined) return undefined;
  const { packet, before, after } = witness;
  return { client: `${CLIENTS[packet.from]} ${packet.source}`, service: addressed(packet), before: sideOf(before), after: sideOf(after) };
}

/** As the subjects of services are named: `udp 10.96.0.10:53`. */
function addressed({ protocol, destination, destinationPort }: WitnessPacket): string {
  if (destinationPort === undefined) return `${protocol} ${destination}`;
  return `${protocol} ${destination.includes(':') ? `[${destination}]` : destination}:${destinationPort}`;
}

function sideOf({ verdict, endpoints, masqueraded }: Outcome): FlowSide {
  return { verdict, endpoints, ...(masqueraded === undefined ? {} : { masqueraded }) };
}

function ofFacts({ subject, before, after }: Change): Flow | undefined {
  const was = listed(before);
  const is = listed(after);
  if (was === undefined && is === undefined) return undefined;
  return { service: subject.frontends?.[0] ?? subject.name, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) };
}

/** Facts that list endpoints, as those of services do in either mode of the proxy. */
function listed(facts: Facts | undefined): FlowSide | undefined {
  const list = facts?.['endpoints'] ?? facts?.['destinations'];
  if (!Array.isArray(list)) return undefined;
  const endpoints = list.flatMap((entry: unknown): FlowSide['endpoints'] => {
    const { address, share } = (typeof entry === 'object' && entry !== null ? entry : {}) as { address?: unknown; share?: unknown };
    return typeof address === 'string' ? [{ address, ...(typeof share === 'number' ? { share } : {}) }] : [];
  });
  return { verdict: endpoints.length === 0 ? 'refused' : 'delivered', endpoints };
}
