import { chainRole, isServiceChain } from '../../proxy/names/chain-roles.ts';
import type { Severity } from '../../report.ts';
import { sidesOf } from '../../differences/difference.ts';
import { isTakenAway } from '../packets/endpoint-flows.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import { UNDECIDED } from '../packets/packet-engine.ts';
import { placeText } from '../../services/witness.ts';
import type { Story, StoryContext } from './rule-story.ts';
import { frontendsOf, whom } from './story-subjects.ts';
import { endpointsText, fromSenders, listed, sendersText, witnessDetails } from '../words.ts';
import type { ChangeKind } from '../rule.ts';

export const REDIRECT_CHANGES = [
  {
    id: 'nat.dnat.added',
    severity: 'by effect',
    title: 'a destination address is translated',
    why: 'connections go to another address',
    mirror: 'nat.dnat.removed',
  },
  {
    id: 'nat.dnat.removed',
    severity: 'by effect',
    title: 'a destination address is no longer translated',
    why: 'connections keep their original destination',
    mirror: 'nat.dnat.added',
  },
  {
    id: 'nat.dnat.retargeted',
    severity: 'by effect',
    title: 'a destination address is translated to another one',
    why: 'connections go elsewhere',
  },
  {
    id: 'nat.share-changed',
    severity: 'by effect',
    title: 'the shares of endpoints changed',
    why: 'new connections are distributed differently',
  },
  {
    id: 'nat.mark-changed',
    severity: 'by effect',
    title: 'the mark changed',
    why: 'rules and virtual services that read the mark treat the packet differently',
  },
] as const satisfies readonly ChangeKind[];

/**
 * Tells of packets that go elsewhere. Where one change does different things, that which most services see is told, and what is lost before
 * what is gained.
 */
export function redirected(all: readonly FlowDifference[], context: StoryContext): Story {
  const { difference, table } = context;
  const named = all.filter(({ frontend }) => frontend !== undefined);
  const told = named.length > 0 ? named : all;
  const ended = told.filter(isEnded);
  const begun = told.filter(isBegun);
  const others = told.filter((flow) => !isEnded(flow) && !isBegun(flow));
  const flows =
    named.length > 0 && frontendsOf(others).length > Math.max(frontendsOf(ended).length, frontendsOf(begun).length)
      ? others
      : ([ended, others, begun].find(({ length }) => length > 0) ?? told);
  const [first] = flows as [FlowDifference];
  // Whoever marks packets serves clients from outside.
  const proof = (table === 'mangle' ? flows.find(({ sender }) => sender.kind === 'outside') : undefined) ?? first;
  const { before, after } = proof;
  const details = witnessDetails(proof, ['mangle', 'nat']);
  if (before.verdict === 'unknown' || after.verdict === 'unknown') {
    const text = `${whom(flows, context)}: what becomes of them cannot be told, ${after.reason ?? before.reason ?? ''}`;
    return { id: `iptables.rule.${difference.kind}`, ...UNDECIDED, text, details, proof };
  }
  const [lost, gained] = [isEnded(proof), isBegun(proof)];
  const captured = catchesOthers(difference) && flows.every(isToOthers);
  const hostPort = all.find(isHostPort)?.packet.destinationPort;
  const severity: Severity =
    flows.some(isSeized) || (lost && before.markService !== undefined)
      ? 'critical'
      : hostPort !== undefined || captured
        ? 'warning'
        : lost
          ? 'critical'
          : gained && !opensAddresses(begun, context)
            ? 'notice'
            : 'warning';
  if (lost && begun.length > 0)
    details.push({ label: 'also', text: `${whom(begun, context)}: new connections go to ${placesOf(begun, 'after')}` });
  if (hostPort !== undefined && (all.some(isEnded) || all.some(isBegun))) {
    details.push({
      label: 'effect',
      text: `what listens on port ${hostPort} of the node itself is ${all.some((flow) => isHostPort(flow) && isBegun(flow)) ? 'no longer reached' : 'reached again'}`,
    });
  }
  const id =
    table === 'mangle'
      ? 'nat.mark-changed'
      : lost
        ? 'nat.dnat.removed'
        : gained
          ? 'nat.dnat.added'
          : sameAddresses(proof)
            ? 'nat.share-changed'
            : 'nat.dnat.retargeted';
  const ownOnly = proof.frontend === undefined && flows.every(({ sender }) => sender.kind === 'node');
  const from = ownOnly ? ' from this node itself' : proof.frontend === undefined ? '' : fromSenders(flows);
  const fate = `go to ${placesOf(flows, 'after')}; they went to ${placesOf(flows, 'before')}`;
  const about = whom(flows, context);
  const ofAll = (names: readonly string[]): string =>
    `${about}: new connections from ${listed(names.map((name, at) => (at === 0 ? name : `from ${name}`)))} ${fate}`;
  return {
    id,
    severity,
    ...(proof.frontend === undefined
      ? {}
      : { alike: { key: `${about} ${fate}`, names: [...new Set(flows.map((flow) => sendersText([flow])))], least: 2, text: ofAll } }),
    effect: captured ? 'redirected' : lost ? 'lost' : gained ? 'gained' : 'redirected',
    certainty: 'proven',
    text: `${about}: new connections${from} ${fate}`,
    details,
    proof,
  };
}

/** It went to an endpoint and does not any more. */
function isEnded({ before, after }: FlowDifference): boolean {
  return after.endpoints.length === 0 && before.endpoints.length > 0;
}

/** It goes to an endpoint and did not before. */
function isBegun({ before, after }: FlowDifference): boolean {
  return before.endpoints.length === 0 && after.endpoints.length > 0;
}

/** A rule that asks for a destination on one side and takes whatever goes to others too on the other side. */
function catchesOthers(difference: StoryContext['difference']): boolean {
  if (difference.kind !== 'match-changed') return false;
  const asks = sidesOf(difference).map(({ conditions }) =>
    conditions.some(({ kind, not }) => !not && (kind === 'destination' || kind === 'destination-local')),
  );
  // A chain of a service is for its own addresses alone.
  const isOfService = sidesOf(difference).every(({ target }) => target.kind === 'jump' && isServiceChain(target.chain));
  return isOfService || (asks.includes(true) && asks.includes(false));
}

/** Neither to a service nor to this node: what somebody else serves. */
function isToOthers({ frontend, packet }: FlowDifference): boolean {
  return frontend === undefined && placeText(packet.destination) !== 'this node';
}

/** Node ports that answer at more addresses of the node than before are open to more. */
function opensAddresses(begun: readonly FlowDifference[], { difference }: StoryContext): boolean {
  return (
    difference.kind === 'match-changed' &&
    difference.after.target.kind === 'jump' &&
    chainRole(difference.after.target.chain) === 'node-ports' &&
    begun.every(({ frontend }) => frontend?.purpose === 'node port')
  );
}

/** Where flows go on one side: the same endpoints, or each to its own. */
function placesOf(flows: readonly FlowDifference[], side: 'before' | 'after'): string {
  const [first] = flows as [FlowDifference];
  const { decidedBy, endpoints, markService } = first[side];
  if (decidedBy === 'ipvs') return 'no endpoint';
  if (endpoints.length === 0) return 'their original destination';
  if (new Set(flows.map((flow) => endpointsText(flow[side].endpoints))).size > 1) return 'the endpoints of each service';
  return `${markService === undefined ? '' : `the destinations of ${markService}, `}${endpointsText(endpoints)}`;
}

/** Connections to a service that a rule which is no part of it leads to endpoints that are none of its. */
function isSeized({ frontend, before, after }: FlowDifference): boolean {
  const own = new Set(before.endpoints.map(({ address }) => address));
  return (
    frontend?.servicePort !== undefined && isTakenAway(after) && own.size > 0 && after.endpoints.every(({ address }) => !own.has(address))
  );
}

/** Ports above the well-known ones on which a node of a cluster itself answers: the API server and the kubelet. */
const NODE_PORTS = new Set([6443, 10250]);

/** A packet to a port of the node on which a program of the node is to be expected. */
function isHostPort({ packet, frontend, sender }: FlowDifference): boolean {
  return (
    frontend === undefined &&
    sender.kind !== 'node' &&
    placeText(packet.destination) === 'this node' &&
    (packet.destinationPort < 1024 || NODE_PORTS.has(packet.destinationPort))
  );
}

function sameAddresses({ before, after }: FlowDifference): boolean {
  return before.endpoints.map(({ address }) => address).join() === after.endpoints.map(({ address }) => address).join();
}
