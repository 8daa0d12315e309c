import { frontendLabel, type Frontend } from '../kubernetes/frontends.ts';
import type { RuleDifference } from '../compare/difference.ts';
import type { RuleEntry } from '../model/model.ts';
import type { Flow } from '../packets/flow.ts';
import type { Detail, Severity } from '../report.ts';
import { oneStepLower } from '../report.ts';
import type { Draft } from './draft.ts';
import { type FlowDifference, masqueradedShare, metBy, refusesMore } from './flow-differences.ts';
import { masqueradeText } from './ip-sets.ts';
import type { Judgement } from './judgement.ts';
import { UNDECIDED } from './packet-engine.ts';
import { placeText } from './probes.ts';
import { refusalStory } from './refusal.ts';
import { suppositionText } from './supposition-words.ts';
import { counted, endpointsText, listed, packetsOf, witnessDetails, witnessOf } from './words.ts';

/** What a story is told from. */
export interface StoryContext {
  readonly difference: RuleDifference;
  readonly because: Detail;
  readonly table: string;
  readonly judgement: Judgement;
}

/** What becomes of packets, told as a part of a change. */
export type Story = Pick<Draft, 'id' | 'severity' | 'effect' | 'certainty' | 'text' | 'details' | 'witness' | 'assumptions'>;

/** Tells a change of a rule by what becomes of packets that meet it. */
export function flowStory(flows: readonly FlowDifference[], context: StoryContext): Story {
  const sure = flows.filter((flow) => flow.onlyIf.length === 0);
  const used = aboutServices(sure.length > 0 ? sure : flows, context.difference);
  const story = storyOf(used, context);
  const proof = used.find(isRefused) ?? used.find(isEnded) ?? (used[0] as FlowDifference);
  const suppositions = (sure.length > 0 ? proof.supposing : proof.onlyIf).map(suppositionText);
  const conditional = sure.length === 0;
  const assumptions = [...(story.assumptions ?? []), ...suppositions];
  return {
    ...story,
    severity: conditional ? oneStepLower(story.severity) : story.severity,
    certainty: conditional ? 'conditional' : suppositions.length > 0 ? 'assumed' : story.certainty,
    details: [...(story.details ?? []), context.because, ...assumptions.map((text): Detail => ({ label: 'if', text }))],
    assumptions,
    witness: witnessOf(proof),
  };
}

/** Where a rule is for one service, that service is meant, and not some packet that meets the rule too. */
function aboutServices(flows: readonly FlowDifference[], difference: RuleDifference): readonly FlowDifference[] {
  const rule = difference.kind === 'removed' ? difference.before : difference.after;
  const named = flows.filter((flow) => flow.frontend !== undefined);
  return named.length > 0 && rule.conditions.some((condition) => condition.kind === 'destination' && !condition.not) ? named : flows;
}

function storyOf(flows: readonly FlowDifference[], context: StoryContext): Story {
  const refusals = flows.filter((flow) => flow.refusal);
  if (refusals.length > 0) return refused(refusals, context);
  const moved = flows.filter((flow) => flow.endpoints || flow.before.verdict !== flow.after.verdict);
  if (moved.length > 0) return redirected(moved, context);
  return masqueraded(flows, context);
}

/** A rule refuses more of it than before. */
function isRefused({ refusal, before, after }: FlowDifference): boolean {
  return refusal && refusesMore(before, after);
}

/** It went to an endpoint and does not any more. */
function isEnded({ before, after }: FlowDifference): boolean {
  return after.endpoints.length === 0 && before.endpoints.length > 0;
}

/** What is lost comes first; what the same change lets through is told with it. */
function refused(refusals: readonly FlowDifference[], { judgement, difference }: StoryContext): Story {
  const closed = refusals.filter(isRefused);
  const opened = refusals.filter((flow) => !closed.includes(flow));
  const lost = closed.length > 0;
  const flows = lost ? closed : opened;
  const [proof] = flows as [FlowDifference];
  const story = refusalStory(flows, judgement);
  const also: Detail[] = lost && opened.length > 0 ? [{ label: 'also', text: `${whom(opened, difference)}: ${refusalStory(opened, judgement).text}` }] : [];
  return {
    id: lost ? 'iptables.filter.newly-rejected' : 'iptables.filter.newly-accepted',
    severity: lost ? 'critical' : 'warning',
    effect: lost ? 'lost' : 'gained',
    certainty: story.assumptions.length > 0 ? 'assumed' : 'proven',
    text: `${whom(flows, difference)}: ${story.text}`,
    details: [...witnessDetails(proof, ['filter', 'nat']), ...story.details, ...also],
    assumptions: story.assumptions,
  };
}

/** As with refusals what is lost comes first, and what the same change leads to an endpoint is told with it. */
function redirected(all: readonly FlowDifference[], { difference }: StoryContext): Story {
  const ended = all.filter(isEnded);
  const begun = all.filter(({ before, after }) => before.endpoints.length === 0 && after.endpoints.length > 0);
  const flows = ended.length > 0 ? ended : all;
  const [proof] = flows as [FlowDifference];
  const { before, after } = proof;
  const details = witnessDetails(proof, ['nat']);
  if (before.verdict === 'unknown' || after.verdict === 'unknown') {
    const text = `${whom(flows, difference)}: what becomes of them cannot be told, ${after.reason ?? before.reason ?? ''}`;
    return { id: `iptables.rule.${difference.kind}`, ...UNDECIDED, text, details };
  }
  const lost = after.endpoints.length === 0 && before.endpoints.length > 0;
  const gained = before.endpoints.length === 0 && after.endpoints.length > 0;
  const id = lost ? 'nat.dnat.removed' : gained ? 'nat.dnat.added' : sameAddresses(proof) ? 'nat.share-changed' : 'nat.dnat.retargeted';
  const hostPort = flows.find(isHostPort)?.packet.destinationPort;
  const severity: Severity = hostPort !== undefined ? 'warning' : lost ? 'critical' : gained ? 'notice' : 'warning';
  const [opened] = begun;
  if (lost && opened !== undefined) details.push({ label: 'also', text: `${whom(begun, difference)}: new connections go to ${endpointsText(opened.after.endpoints)}` });
  const was = before.endpoints.length === 0 ? 'they went to the address they ask for' : `they went to ${endpointsText(before.endpoints)}`;
  const is = after.endpoints.length === 0 ? 'go to the address they ask for' : `go to ${endpointsText(after.endpoints)}`;
  if (hostPort !== undefined && lost !== gained) details.push({ label: 'effect', text: `what listens on port ${hostPort} of the node itself is ${gained ? 'no longer reached' : 'reached again'}` });
  return {
    id,
    severity,
    effect: lost ? 'lost' : gained ? 'gained' : 'redirected',
    certainty: 'proven',
    text: `${whom(flows, difference)}: new connections ${is}; ${was}`,
    details,
  };
}

/** Ports above the well-known ones on which a node of a cluster itself answers: the API server and the kubelet. */
const NODE_PORTS = new Set([6443, 10250]);

/** A packet to a port of the node on which a program of the node is to be expected. */
function isHostPort({ packet, frontend }: FlowDifference): boolean {
  return frontend === undefined && placeText(packet.destination) === 'this node' && (packet.destinationPort < 1024 || NODE_PORTS.has(packet.destinationPort));
}

function sameAddresses({ before, after }: FlowDifference): boolean {
  return before.endpoints.map(({ address }) => address).join() === after.endpoints.map(({ address }) => address).join();
}

function masqueraded(flows: readonly FlowDifference[], { difference }: StoryContext): Story {
  const [proof] = flows as [FlowDifference];
  const on = masqueradedShare(proof.after) > masqueradedShare(proof.before);
  if (proof.sender.endpoint !== undefined) return hairpin(flows, on);
  const generic = flows.filter((flow) => flow.frontend === undefined);
  const named = flows.filter((flow) => flow.frontend !== undefined);
  const details: Detail[] = [...witnessDetails(proof, ['nat'])];
  const nodePorts = named.some((flow) => flow.frontend?.purpose === 'node port' && flow.sender.kind === 'outside');
  if (!on && nodePorts) {
    details.push({ label: 'effect', text: 'an endpoint on another node answers the client directly instead of through this node, so its connections fail; endpoints on this node still work' });
  }
  const services = servicesText(named);
  if (generic.length > 0) {
    if (named.length > 0) details.push({ label: 'services', text: `the same for connections to ${services}` });
    const what = packetsMeant(generic, difference);
    return {
      ...snat(on),
      text: on ? `${what} are now masqueraded: they leave with the address of the node, and the receiver no longer sees who sent them` : `${what} are no longer masqueraded: they leave with their own source address`,
      details,
    };
  }
  return { ...snat(on), text: `${services}: ${masqueradeText(flows)}`, details: [...details, ...manyServices(named)] };
}

/** The names of services that the sentence only counts. */
function manyServices(flows: readonly FlowDifference[]): Detail[] {
  return frontendsOf(flows).length > 3 ? [{ label: 'services', text: labels(flows, 12) }] : [];
}

/** Endpoints that get their own packets back from their service: with their own source address they drop them. */
function hairpin(flows: readonly FlowDifference[], on: boolean): Story {
  const [proof] = flows as [FlowDifference];
  const endpoints = [...new Set(flows.map(({ sender }) => sender.endpoint ?? ''))];
  const source = on ? 'the address of the node' : 'their own source address';
  const text =
    endpoints.length === 1
      ? `${endpoints[0]} ${on ? 'reaches itself again' : 'no longer reaches itself'} through ${servicesText(flows)}: its packets come back to it with ${source.replace('their', 'its')}`
      : `endpoints of ${servicesText(flows)} ${on ? 'reach themselves again' : 'no longer reach themselves'} through their service: their packets come back to them with ${source}`;
  return {
    ...snat(on),
    severity: on ? 'notice' : 'warning',
    effect: on ? 'gained' : 'lost',
    certainty: 'assumed',
    text,
    details: [...witnessDetails(proof, ['nat']), ...manyServices(flows)],
  };
}

function snat(on: boolean): Pick<Story, 'id' | 'severity' | 'effect' | 'certainty'> {
  return { id: on ? 'nat.snat.added' : 'nat.snat.removed', severity: 'warning', effect: 'source-changed', certainty: 'proven' };
}

/** Whom a difference is about: the services where there are some, else the packets that meet the rule. */
function whom(flows: readonly FlowDifference[], difference: RuleDifference): string {
  const named = flows.filter((flow) => flow.frontend !== undefined);
  return named.length > 0 ? servicesText(named) : packetsMeant(flows, difference);
}

/** The packets of the rule that the proof meets, which for other conditions may be the old one alone: `packets of tcp to port 80 that no longer meet the rule`. */
function packetsMeant([proof]: readonly FlowDifference[], difference: RuleDifference): string {
  if (difference.kind === 'added') return `packets ${packetsOf(difference.after)}`;
  if (difference.kind !== 'match-changed' || proof === undefined) return `packets ${packetsOf(difference.kind === 'removed' ? difference.before : difference.after)}`;
  const isMet = (flow: Flow, rule: RuleEntry): boolean => metBy(flow).some((met) => met.rule?.key === rule.key);
  if (!isMet(proof.after, difference.after)) return `packets ${packetsOf(difference.before)} that no longer meet the rule`;
  return `packets ${packetsOf(difference.after)}${isMet(proof.before, difference.before) ? '' : ' that did not meet the rule before'}`;
}

function frontendsOf(flows: readonly FlowDifference[]): Frontend[] {
  const frontends = new Map<string, Frontend>();
  for (const { frontend } of flows) if (frontend !== undefined) frontends.set(frontend.key, frontend);
  return [...frontends.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** One name for each service port: a node port is there on every address of the node. */
function labels(flows: readonly FlowDifference[], most: number): string {
  const names = frontendsOf(flows).map((frontend) =>
    frontend.purpose === 'node port' && frontend.servicePort !== undefined ? `${frontend.servicePort} (node port ${frontend.port}/${frontend.protocol})` : frontendLabel(frontend),
  );
  return listed([...new Set(names)].sort(), most);
}

/** `default/web (tcp 10.96.0.1:80)`, or `6 node-port addresses of prod/syslog and prod/web` where there are many. */
function servicesText(flows: readonly FlowDifference[]): string {
  const frontends = frontendsOf(flows);
  if (frontends.length <= 3) return listed(frontends.map(frontendLabel));
  const services = [...new Set(frontends.map((frontend) => frontend.servicePort?.split(/[ :]/)[0]).filter((name) => name !== undefined))].sort();
  const purposes = new Set(frontends.map((frontend) => frontend.purpose));
  const kind = purposes.size === 1 && purposes.has('node port') ? 'node-port address' : purposes.size === 1 && purposes.has('cluster IP') ? 'cluster-IP address' : 'service address';
  const of = services.length === 0 ? '' : ` of ${listed(services)}`;
  return `${counted(frontends.length, kind, `${kind}es`)}${of}`;
}
