import { lostAndGained } from '../../common/lost-and-gained.ts';
import { chainRole } from '../../proxy/names/chain-roles.ts';
import { CHAIN } from '../../proxy/names/fixed-names.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import { isChainOf } from '../../proxy/names/chain-hash.ts';
import { type Frontend, frontendLabel } from '../../services/frontends.ts';
import { ruleOf } from '../../differences/difference.ts';
import type { Flow } from '../../packets/flow.ts';
import type { Detail, Effect, Severity } from '../../report.ts';
import type { Alike, PendingCause, PendingChange } from '../pending-change.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import { isAboutEndpoints, isServed } from '../packets/endpoint-flows.ts';
import type { Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { ledToOthers, type LedToOthers, otherService } from './led-to-others.ts';
import { endpointFacts, type EndpointSets, lostAndGainedText, othersServed, retargetedEndpoint } from './other-endpoints.ts';
import { refusalReason } from './refusal.ts';
import type { PlacedRule } from './owned-differences.ts';
import { claimsOfService } from './service-claims.ts';
import type { ServiceGroup } from './service-groups.ts';
import { suppositionDetails } from '../rules/supposition-words.ts';
import { listed, newConnections, percent, sendersText, witnessDetails, witnessOf } from '../words.ts';
import type { ChangeKind, ChangeRule } from '../rule.ts';
import { whereServicesShow } from '../node/served-mode.ts';
import { REDIRECT_CHANGES } from '../rules/redirect-story.ts';

const ENDPOINT_CHANGES = [
  {
    id: 'kube.service.endpoints-changed',
    severity: 'by effect',
    title: 'the endpoints changed',
    why: 'new connections are distributed among other endpoints',
  },
  {
    id: 'kube.service.no-endpoints',
    severity: 'critical',
    title: 'no endpoint is left',
    why: 'new connections are refused',
    mirror: 'kube.service.has-endpoints',
  },
  {
    id: 'kube.service.has-endpoints',
    severity: 'notice',
    title: 'the service has an endpoint again',
    why: 'new connections are served',
    mirror: 'kube.service.no-endpoints',
  },
  {
    id: 'kube.service.no-local-endpoints',
    severity: 'critical',
    title: 'no endpoint on this node is left',
    why: 'connections from outside are dropped',
    mirror: 'kube.service.has-local-endpoints',
  },
  {
    id: 'kube.service.has-local-endpoints',
    severity: 'notice',
    title: 'the service has an endpoint on this node again',
    why: 'connections from outside are served',
    mirror: 'kube.service.no-local-endpoints',
  },
] as const satisfies readonly ChangeKind[];

export const endpoints: ChangeRule = { kinds: [...ENDPOINT_CHANGES, ...REDIRECT_CHANGES], when: whereServicesShow, find: judgeEndpoints };

/**
 * Changes of the endpoints of service ports that rules lead to (iptables mode): from where connections go before and after, not from
 * which rules differ. What IPVS leads to is told from its own table.
 */
function judgeEndpoints(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  const owned = comparison.owned();
  const byKey = new Map<string, FlowDifference[]>();
  const untold = comparison.flows.all.filter((flow) => !explained.has(flow));
  for (const flow of untold) {
    if (flow.frontend === undefined || !flow.endpoints) continue;
    addToGroup(byKey, flow.frontend.key, flow);
  }
  const resourced = new Set(
    untold
      .filter((flow) => flow.masquerade && flow.before.endpoints.length > 0 && flow.after.endpoints.length > 0)
      .map((flow) => flow.frontend?.key),
  );
  const found: Found[] = [];
  for (const group of comparison.groups()) {
    // Where none of its own rules differs, what becomes of its endpoints is told with the rule that does it.
    if (!owned.rules.has(group.name) && !owned.chains.has(group.name)) continue;
    const both = group.before.filter((frontend) => group.after.some((other) => other.key === frontend.key));
    const flows = both
      .filter((frontend) => !servedByIpvs(frontend, comparison))
      .flatMap((frontend) => byKey.get(frontend.key) ?? [])
      .filter((flow) => isAboutEndpoints(flow, owned.rules.get(group.name) ?? []));
    // Where some addresses say what became of the endpoints, those where the rules just end say no more.
    const certain = flows.filter(({ before, after }) => isServed(before) && isServed(after));
    if (flows.length > 0) found.push(endpointChange(group, certain.length > 0 ? certain : flows, comparison, resourced));
  }
  return found;
}

function servedByIpvs(frontend: Frontend, { before, after }: Comparison): boolean {
  return [before, after].some(({ model }) => model.ipvs?.services.has(frontend.key) === true);
}

function setsOf({ before, after }: { readonly before: Flow; readonly after: Flow }): EndpointSets {
  const [was, is] = [before, after].map(({ endpoints }) => endpoints.map(({ address }) => address)) as [string[], string[]];
  return { before: before.endpoints, after: after.endpoints, ...lostAndGained(was, is) };
}

function endpointChange(
  group: ServiceGroup,
  flows: readonly FlowDifference[],
  comparison: Comparison,
  resourced: ReadonlySet<string | undefined>,
): Found {
  const owned = comparison.owned();
  // What pods see is told where they see a change, for they see all endpoints.
  const proof = flows.find((flow) => flow.sender.kind === 'pod') ?? (flows[0] as FlowDifference);
  const sets = setsOf(proof);
  const label = labelOf(group, flows);
  const sourceChanged = group.after.some((frontend) => resourced.has(frontend.key));
  const claims = claimsOfService(group.name, owned, ({ difference }) => !(sourceChanged && marksForMasquerade(ruleOf(difference))));
  const retargeted = (owned.rules.get(group.name) ?? []).find(isRetargeted);
  const toOthers = ledToOthers(group.name, owned.rules.get(group.name) ?? [], proof, comparison);
  const story =
    retargeted !== undefined
      ? retargetedStory(label, group.name, retargeted.chain, proof, sets)
      : toOthers !== undefined && sets.lost.length > 0 && sets.gained.length > 0
        ? ledToOthersStory(label, toOthers, sets)
        : storyOf(label, proof, sets);
  // Where no text tells the addresses of pods, nobody knows what they see.
  const asksPods = comparison.flows.senders.some(({ kind }) => kind === 'pod');
  const partOnly = asksPods && flows.every((flow) => flow.sender.kind !== 'pod');
  const divided = proof.before.oneEach !== true && proof.after.oneEach !== true;
  const details: Detail[] = [
    ...witnessDetails(proof, ['nat', 'filter']),
    ...(story.shares === '' || !divided ? [] : [{ label: 'shares' as const, text: story.shares }]),
  ];
  if (partOnly) details.push({ label: 'effect', text: `for connections from ${sendersText(flows)} alone` });
  details.push(...suppositionDetails(proof.supposing));
  const cause: PendingCause | undefined = story.rollout
    ? { id: 'cause.rollout', certainty: 'heuristic', text: story.text, details }
    : undefined;
  const change: PendingChange = {
    id: story.id,
    severity: story.severity,
    effect: story.effect,
    certainty: 'proven',
    subject: { kind: 'kube.servicePort', name: group.name, frontends: [...new Set(flows.map((flow) => flow.frontend?.key ?? ''))].sort() },
    before: { endpoints: endpointFacts(sets.before) },
    after: { endpoints: endpointFacts(sets.after) },
    text: story.text,
    ...(story.alike === undefined ? {} : { alike: story.alike }),
    details,
    witness: witnessOf(proof),
    origins: [],
    ...(cause === undefined ? {} : { cause }),
  };
  return { change, claims };
}

/** The service port, with its addresses where not all of them are concerned. */
function labelOf({ name, before, after }: ServiceGroup, flows: readonly FlowDifference[]): string {
  const concerned = new Map(flows.map(({ frontend }) => [frontend?.key, frontend]));
  const both = before.filter((frontend) => after.some(({ key }) => key === frontend.key)).length;
  const [only] = concerned.values();
  if (concerned.size === both || only === undefined) return name;
  return concerned.size === 1 ? frontendLabel({ ...only, servicePort: name }) : `${name} (at ${concerned.size} of ${both} addresses)`;
}

function marksForMasquerade(rule: { readonly target: { readonly kind: string; readonly chain?: string } }): boolean {
  return rule.target.kind === 'jump' && rule.target.chain === CHAIN.markMasq;
}

/**
 * kube-proxy names the chain of an endpoint after its address: one that keeps its name and leads elsewhere was changed by somebody else.
 */
function isRetargeted({ chain, difference }: PlacedRule): boolean {
  return (
    chainRole(chain) === 'endpoint' &&
    difference.kind === 'target-changed' &&
    difference.before.target.kind === 'dnat' &&
    difference.after.target.kind === 'dnat'
  );
}

function ledToOthersStory(label: string, others: LedToOthers, sets: EndpointSets): EndpointsTold {
  return { ...otherService(label, others, sets), shares: sharesText(sets), rollout: false };
}

function retargetedStory(
  label: string,
  name: string,
  chain: string,
  { packet: { protocol } }: FlowDifference,
  sets: EndpointSets,
): EndpointsTold {
  const moved = movedEndpoints(sets);
  const isNamedAfter = (endpoints: readonly string[]): boolean => endpoints.some((endpoint) => isChainOf(chain, name, protocol, endpoint));
  const [ofLost, ofGained] = [isNamedAfter(moved.lost), isNamedAfter(moved.gained)];
  const repaired = ofGained && (moved.gained.length === 1 || !ofLost);
  const namedAfter = repaired ? 'gained' : ofLost ? 'lost' : 'neither';
  return {
    alike: {
      key: String(repaired),
      names: [name],
      least: 3,
      text: (names) =>
        `${listed(names)}: connections go to other endpoints now; ${repaired ? 'the chains are named after them: rules that led elsewhere are repaired' : 'chains are not named after them, so kube-proxy did not write this'}`,
    },
    ...retargetedEndpoint(label, { chain, ...moved, namedAfter }),
    shares: sharesText(sets),
    rollout: false,
  };
}

/** Where connections for the endpoint of a chain went and go: all of it, where one side has the endpoints of the other and more. */
function movedEndpoints({ before, after, lost, gained }: EndpointSets): Pick<EndpointSets, 'lost' | 'gained'> {
  const addresses = (endpoints: EndpointSets['before']): string[] => endpoints.map(({ address }) => address).sort();
  return lost.length > 0 && gained.length > 0 ? { lost, gained } : { lost: addresses(before), gained: addresses(after) };
}

interface EndpointsTold {
  readonly id: string;
  readonly severity: Severity;
  readonly effect: Effect;
  readonly text: string;
  readonly shares: string;
  readonly rollout: boolean;
  readonly alike?: Alike;
}

function storyOf(label: string, { before, after, packet }: FlowDifference, sets: EndpointSets): EndpointsTold {
  const had = sets.before.length;
  const shares = sharesText(sets);
  if (sets.after.length === 0) {
    const local = refusalReason(after) === 'no local endpoints';
    const fate = after.verdict === 'passed' ? 'keep their original destination, where nothing answers' : `are ${after.verdict}`;
    const text = `${label} has no ${local ? 'endpoint on this node' : 'endpoint'} left: ${newConnections(packet.protocol)} ${fate} (went to ${listed(sets.lost)})`;
    return {
      id: local ? 'kube.service.no-local-endpoints' : 'kube.service.no-endpoints',
      severity: 'critical',
      effect: 'lost',
      text,
      shares: '',
      rollout: false,
    };
  }
  if (had === 0) {
    const local = refusalReason(before) === 'no local endpoints';
    const fate = before.verdict === 'passed' ? 'kept their original destination' : `were ${before.verdict}`;
    const text = `${label} has ${local ? 'endpoints on this node' : 'endpoints'} again: ${newConnections(packet.protocol)} go to ${listed(sets.gained)}, they ${fate}`;
    return {
      id: local ? 'kube.service.has-local-endpoints' : 'kube.service.has-endpoints',
      severity: 'notice',
      effect: 'gained',
      text,
      shares: '',
      rollout: false,
    };
  }
  const astray =
    (after.rest ?? []).reduce((sum, { share }) => sum + share, 0) - (before.rest ?? []).reduce((sum, { share }) => sum + share, 0);
  // A chain of an endpoint that translates nothing: its part of the connections still comes there.
  if (astray > 1e-4 && sets.lost.length + sets.gained.length > 0) {
    const text = `${label} ${lostAndGainedText(sets)}, and ${percent(astray)} of ${newConnections(packet.protocol)} reach no endpoint any more: the rules still send them there`;
    return { id: 'kube.service.endpoints-changed', severity: 'critical', effect: 'lost', text, shares, rollout: false };
  }
  const isSame = sets.lost.length + sets.gained.length === 0;
  return { id: isSame ? 'nat.share-changed' : 'kube.service.endpoints-changed', ...othersServed(label, sets), shares };
}

function sharesText({ before, after }: EndpointSets): string {
  const was = new Map(before.map(({ address, share }) => [address, share]));
  const is = new Map(after.map(({ address, share }) => [address, share]));
  const texts = [...new Set([...was.keys(), ...is.keys()])].sort().map((address) => {
    const old = was.get(address);
    const now = is.get(address);
    if (now === undefined) return `${address} ${percent(old ?? 0)} → gone`;
    return old === undefined
      ? `${address} new, ${percent(now)}`
      : percent(old) === percent(now)
        ? `${address} ${percent(now)}`
        : `${address} ${percent(old)} → ${percent(now)}`;
  });
  return texts.length > 8 ? `${texts.slice(0, 7).join(', ')}, ${texts.length - 7} more` : texts.join(', ');
}
