import { addToGroup } from '../../common/add-to-group.ts';
import type { ServiceDifference } from '../../structure/difference.ts';
import { append } from '../../common/append.ts';
import { parseServiceChain } from '../../proxy/names/chain-hash.ts';
import { catalogueSet } from '../../proxy/names/set-catalogue.ts';
import type { Detail } from '../../report.ts';
import type { CauseDraft, Draft } from '../draft.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import type { Judgement } from '../judgement.ts';
import { concerns, localMembers, type Policy, type PolicyChange, policyChanges } from './policy-changes.ts';
import { type Claim, claimRule, type OwnedDifferences } from './service-claims.ts';
import { baseName, type ServiceGroup } from './service-groups.ts';
import { endpointsText, listed, outcomeText, sendersText, witnessDetails, witnessOf } from '../words.ts';

/**
 * Changes of the traffic policies of service ports. A change takes what it explains: endpoints of other nodes that come or go, and the
 * source address.
 */
export function judgeTrafficPolicies(groups: readonly ServiceGroup[], owned: OwnedDifferences, judgement: Judgement): Draft[] {
  const changes = policyChanges(groups, owned, judgement);
  if (changes.length === 0) return [];
  const found = byFrontend(judgement);
  const drafts = changes.map((change) => ({ change, draft: policyDraft(change, found, owned, judgement) }));
  claimHealthChecks(changes, judgement);
  return toldByService(drafts);
}

interface ToldChange {
  readonly change: PolicyChange;
  readonly draft: Draft;
}

/** The ports of one service have one policy: their changes are one story. */
function toldByService(told: readonly ToldChange[]): Draft[] {
  const services = new Map<string, ToldChange[]>();
  for (const one of told) {
    const { group, name, was, is } = one.change;
    const key = `${baseName(group.name)} ${name} ${was} ${is}`;
    addToGroup(services, key, one);
  }
  return [...services.values()].flatMap((ports) => {
    const [first] = ports;
    if (first === undefined || ports.length === 1) return ports.map(({ draft }) => draft);
    const { group, name, was, is, certainty } = first.change;
    const cause: CauseDraft = {
      id: 'cause.traffic-policy-changed',
      certainty,
      text: `${baseName(group.name)}: ${name} ${was} → ${is}; ${meaning(first.change)}`,
      details: [
        ...(first.draft.details ?? []),
        {
          label: 'services',
          text: listed(
            ports.map(({ change }) => change.group.name),
            8,
          ),
        },
      ],
    };
    return ports.map(({ draft }) => ({ ...draft, cause }));
  });
}

/** What differs of frontends, by their keys. */
interface ByFrontend {
  readonly flows: ReadonlyMap<string, readonly FlowDifference[]>;
  readonly services: ReadonlyMap<string, ServiceDifference>;
}

function byFrontend({ flows, differences }: Judgement): ByFrontend {
  return { flows: flows.byFrontend, services: new Map(differences.ipvs?.changed.map((difference) => [difference.after.key, difference])) };
}

function meaning({ name, is }: PolicyChange): string {
  if (name === 'internalTrafficPolicy')
    return is === 'Local'
      ? 'connections to the cluster IP go to endpoints of this node alone'
      : 'connections to the cluster IP go to endpoints of all nodes';
  return is === 'Local'
    ? 'connections from outside go to endpoints of this node alone, which see the address of the client'
    : 'connections from outside go to endpoints of all nodes, which see the address of this node';
}

function policyDraft(change: PolicyChange, found: ByFrontend, owned: OwnedDifferences, judgement: Judgement): Draft {
  const { group, name, was, is, certainty } = change;
  const keys = new Set([...group.before, ...group.after].filter((frontend) => concerns(name, frontend)).map(({ key }) => key));
  const flows = [...keys]
    .flatMap((key) => found.flows.get(key) ?? [])
    .filter((flow) => isExplained(endpointsOf(flow.before), endpointsOf(flow.after), is));
  for (const flow of flows) judgement.told.add(flow);
  const claim: Claim = { explains: [], origins: [] };
  claimPolicyRules(claim, change, owned, judgement);
  claimPolicySets(claim, change, owned, judgement);
  claimDestinations(
    claim,
    [...keys].flatMap((key) => found.services.get(key) ?? []),
    is,
    judgement,
  );
  const concerned = name === 'externalTrafficPolicy' ? 'outside' : 'pod';
  const proof = flows.find((flow) => flow.sender.kind === concerned) ?? flows[0];
  return {
    id: 'kube.service.policy-changed',
    severity: 'warning',
    effect: 'redirected',
    certainty,
    subject: { kind: 'kube.servicePort', name: group.name, frontends: [...keys].sort() },
    before: { [name]: was },
    after: { [name]: is },
    text: `${group.name}: ${name} ${was} → ${is}; ${meaning(change)}${reached(proof)}`,
    details: detailsOf(proof, flows),
    ...(proof === undefined ? {} : { witness: witnessOf(proof) }),
    explains: claim.explains,
    origins: claim.origins.slice(0, 6),
  };
}

/** ` (10.0.0.1:80, there were 2)`: who is left, or new. */
function reached(proof: FlowDifference | undefined): string {
  if (proof === undefined) return '';
  const { before, after } = proof;
  if (after.endpoints.length === 0) return `; it has none here: they are ${after.verdict === 'dropped' ? 'dropped' : 'refused'}`;
  return before.endpoints.length === after.endpoints.length
    ? ''
    : ` (${endpointsText(before.endpoints)} → ${endpointsText(after.endpoints)})`;
}

function detailsOf(proof: FlowDifference | undefined, flows: readonly FlowDifference[]): Detail[] {
  if (proof === undefined) return [];
  const others = flows.filter((flow) => flow.sender.kind !== proof.sender.kind && flow.frontend?.key === proof.frontend?.key);
  return [
    ...witnessDetails(proof, ['nat']),
    ...others.map((flow): Detail => ({
      label: 'also',
      text: `from ${sendersText([flow])}: ${outcomeText(flow.before)} → ${outcomeText(flow.after)}`,
    })),
  ];
}

function endpointsOf({ endpoints }: FlowDifference['before']): string[] {
  return endpoints.map(({ address }) => address);
}

/** A policy explains that endpoints are left out, or taken in again: the fewer are some of the more. */
function isExplained(before: readonly string[], after: readonly string[], is: Policy): boolean {
  const [fewer, more] = is === 'Local' ? [after, before] : [before, after];
  const known = new Set(more);
  return fewer.every((endpoint) => known.has(endpoint));
}

/** The rules that lead to the endpoints of this node or to all: in KUBE-EXT, KUBE-XLB and KUBE-SVL, and those that lead there. */
function claimPolicyRules(claim: Claim, { group, name }: PolicyChange, owned: OwnedDifferences, judgement: Judgement): void {
  const { told } = judgement;
  const belongs = (chain: string): boolean => {
    const kind = parseServiceChain(chain)?.kind;
    return name === 'externalTrafficPolicy'
      ? kind === 'EXT' || kind === 'XLB' || kind === 'SVL' || kind === 'FW'
      : kind === 'SVC' || kind === 'SVL' || kind === 'SEP';
  };
  const shared = name === 'externalTrafficPolicy' ? ['KUBE-NODEPORTS', 'KUBE-EXTERNAL-SERVICES', 'KUBE-SERVICES'] : ['KUBE-SERVICES'];
  const keys = new Set([group.name, ...[...group.before, ...group.after].map(({ key }) => key)]);
  for (const key of keys) {
    for (const placed of owned.rules.get(key) ?? [])
      if (belongs(placed.chain) || shared.includes(placed.chain)) claimRule(claim, placed, judgement);
    for (const { object, id, name: chain } of owned.chains.get(key) ?? []) {
      if (told.has(object) || !belongs(chain.slice(chain.lastIndexOf(' ') + 1))) continue;
      told.add(object);
      claim.explains.push({ id, subject: chain });
    }
  }
}

function claimPolicySets(claim: Claim, { group, name }: PolicyChange, owned: OwnedDifferences, { told }: Judgement): void {
  for (const { object, id, subject, origin } of [...group.before, ...group.after]
    .filter((frontend) => concerns(name, frontend))
    .flatMap((frontend) => localMembers(frontend, owned))) {
    if (told.has(object)) continue;
    told.add(object);
    claim.explains.push({ id, subject });
    claim.origins.push(origin);
  }
}

/**
 * A load balancer asks a port of its own which nodes have endpoints. The set does not say whose the port is: as many as policies may come
 * or go.
 */
function claimHealthChecks(changes: readonly PolicyChange[], { told, differences }: Judgement): void {
  const count = (is: Policy): number => changes.filter((change) => change.name === 'externalTrafficPolicy' && change.is === is).length;
  for (const set of differences.sets?.changed ?? []) {
    if (catalogueSet(set.after.name)?.set.role !== 'health-check') continue;
    for (const [members, most] of [
      [set.membersAdded, count('Local')],
      [set.membersRemoved, count('Cluster')],
    ] as const) {
      if (members.length <= most) for (const member of members) told.add(member);
    }
  }
}

/** Destinations of other nodes that come to, or leave, virtual services. */
function claimDestinations(claim: Claim, differences: readonly ServiceDifference[], is: Policy, { told }: Judgement): void {
  for (const difference of differences) {
    const { before, after, attributes, changed } = difference;
    if (told.has(difference) || attributes.length + changed.length > 0) continue;
    if (!isExplained([...before.destinations.keys()], [...after.destinations.keys()], is)) continue;
    told.add(difference);
    append(claim.explains, destinationsOf(difference));
    claim.origins.push({ side: 'before', origin: before.origin }, { side: 'after', origin: after.origin });
  }
}

function destinationsOf({ before, added, removed }: ServiceDifference): Claim['explains'] {
  return [
    ...removed.map(({ key }) => ({ id: 'ipvs.destination.removed', subject: `${key} of ${before.key}` })),
    ...added.map(({ key }) => ({ id: 'ipvs.destination.added', subject: `${key} of ${before.key}` })),
  ];
}
