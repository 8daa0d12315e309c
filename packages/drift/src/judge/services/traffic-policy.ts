import { CHAIN } from '../../proxy/names/fixed-names.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import type { ServiceDifference } from '../../differences/difference.ts';
import { parseServiceChain } from '../../proxy/names/chain-hash.ts';
import { catalogueSet } from '../../proxy/names/set-catalogue.ts';
import type { Detail } from '../../report.ts';
import type { PendingCause, PendingChange } from '../pending-change.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import type { Claim, Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { endpointsText, listed, outcomeText, sendersText, witnessDetails, witnessOf } from '../words.ts';
import type { CauseKind, ChangeKind, ChangeRule } from '../rule.ts';
import { whereServicesShow } from '../node/served-mode.ts';
import { concerns, localMembers, type Policy, type PolicyChange, policyChanges } from './policy-changes.ts';
import type { OwnedDifferences } from './owned-differences.ts';
import { claimOfRule, claimOfThing, claimsOfChains } from './service-claims.ts';
import { baseName } from './service-groups.ts';

const TRAFFIC_POLICY_CHANGES = [
  {
    id: 'kube.service.policy-changed',
    severity: 'warning',
    title: 'the traffic policy changed',
    why: 'connections go only to endpoints on this node, or no longer do',
  },
] as const satisfies readonly ChangeKind[];

const TRAFFIC_POLICY_CAUSES = [
  {
    id: 'cause.traffic-policy-changed',
    title: 'the traffic policy of a service changed',
    why: 'several ports of one service have another policy',
  },
] as const satisfies readonly CauseKind[];

export const trafficPolicies: ChangeRule = {
  kinds: TRAFFIC_POLICY_CHANGES,
  causes: TRAFFIC_POLICY_CAUSES,
  when: whereServicesShow,
  find: judgeTrafficPolicies,
};

/**
 * Changes of the traffic policies of service ports. A change takes what it explains: endpoints of other nodes that come or go, and the
 * source address.
 */
function judgeTrafficPolicies(comparison: Comparison): Found[] {
  const changes = policyChanges(comparison.groups(), comparison.owned(), comparison);
  if (changes.length === 0) return [];
  const found = byFrontend(comparison);
  const [first, ...others] = toldByService(changes.map((change) => ({ change, found: policyChange(change, found, comparison) })));
  return first === undefined
    ? []
    : [{ ...first, claims: [...(first.claims ?? []), ...claimsOfHealthChecks(changes, comparison)] }, ...others];
}

interface FoundPolicy {
  readonly change: PolicyChange;
  readonly found: Found;
}

/** The ports of one service have one policy: their changes are one story. */
function toldByService(policies: readonly FoundPolicy[]): Found[] {
  const services = new Map<string, FoundPolicy[]>();
  for (const one of policies) {
    const { group, name, was, is } = one.change;
    addToGroup(services, `${baseName(group.name)} ${name} ${was} ${is}`, one);
  }
  return [...services.values()].flatMap((ports) => {
    const [first] = ports;
    if (first === undefined || ports.length === 1) return ports.map(({ found }) => found);
    const { group, name, was, is, certainty } = first.change;
    const names = ports.map(({ change }) => change.group.name);
    const cause: PendingCause = {
      id: 'cause.traffic-policy-changed',
      certainty,
      text: `${baseName(group.name)}: ${name} ${was} → ${is}; ${meaning(first.change)}`,
      details: [...(first.found.change.details ?? []), { label: 'services', text: listed(names, 8) }],
    };
    return ports.map(({ found }) => ({ ...found, change: { ...found.change, cause } }));
  });
}

/** What differs of frontends, by their keys. */
interface ByFrontend {
  readonly flows: ReadonlyMap<string, readonly FlowDifference[]>;
  readonly services: ReadonlyMap<string, ServiceDifference>;
}

function byFrontend({ flows, differences }: Comparison): ByFrontend {
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

function policyChange(policy: PolicyChange, found: ByFrontend, comparison: Comparison): Found {
  const { group, name, was, is, certainty } = policy;
  const keys = new Set([...group.before, ...group.after].filter((frontend) => concerns(name, frontend)).map(({ key }) => key));
  const flows = [...keys]
    .flatMap((key) => found.flows.get(key) ?? [])
    .filter((flow) => isExplained(endpointsOf(flow.before), endpointsOf(flow.after), is));
  const claims: Claim[] = [
    ...flows.map((difference) => ({ difference })),
    ...claimsOfRules(policy, comparison.owned()),
    ...claimsOfSets(policy, comparison.owned()),
    ...claimsOfDestinations(
      [...keys].flatMap((key) => found.services.get(key) ?? []),
      is,
    ),
  ];
  const concerned = name === 'externalTrafficPolicy' ? 'outside' : 'pod';
  const proof = flows.find((flow) => flow.sender.kind === concerned) ?? flows[0];
  const change: PendingChange = {
    id: 'kube.service.policy-changed',
    ...effectOf(proof),
    certainty,
    subject: { kind: 'kube.servicePort', name: group.name, frontends: [...keys].sort() },
    before: { [name]: was },
    after: { [name]: is },
    text: `${group.name}: ${name} ${was} → ${is}; ${meaning(policy)}${reached(proof)}`,
    details: detailsOf(proof, flows),
    ...(proof === undefined ? {} : { witness: witnessOf(proof) }),
    origins: [],
  };
  return { change, claims };
}

/** Where no endpoint is left here, connections that were served fail. */
function effectOf(proof: FlowDifference | undefined): Pick<PendingChange, 'severity' | 'effect'> {
  const [had, has] = [proof?.before, proof?.after].map((flow) => flow === undefined || flow.endpoints.length > 0);
  if (had === true && has === false) return { severity: 'critical', effect: 'lost' };
  return had === false && has === true ? { severity: 'notice', effect: 'gained' } : { severity: 'warning', effect: 'redirected' };
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
function claimsOfRules({ group, name }: PolicyChange, owned: OwnedDifferences): Claim[] {
  const belongs = (chain: string): boolean => {
    const kind = parseServiceChain(chain)?.kind;
    return name === 'externalTrafficPolicy'
      ? kind === 'EXT' || kind === 'XLB' || kind === 'SVL' || kind === 'FW'
      : kind === 'SVC' || kind === 'SVL' || kind === 'SEP';
  };
  const shared: readonly string[] =
    name === 'externalTrafficPolicy' ? [CHAIN.nodePorts, CHAIN.externalServices, CHAIN.services] : [CHAIN.services];
  const keys = new Set([group.name, ...[...group.before, ...group.after].map(({ key }) => key)]);
  return [...keys].flatMap((key) => [
    ...(owned.rules.get(key) ?? []).filter(({ chain }) => belongs(chain) || shared.includes(chain)).map(claimOfRule),
    ...claimsOfChains(key, owned, belongs),
  ]);
}

function claimsOfSets({ group, name }: PolicyChange, owned: OwnedDifferences): Claim[] {
  return [...group.before, ...group.after]
    .filter((frontend) => concerns(name, frontend))
    .flatMap((frontend) => localMembers(frontend, owned).map(claimOfThing));
}

/**
 * A load balancer asks a port of its own which nodes have endpoints. The set does not say whose the port is: as many as policies may come
 * or go.
 */
function claimsOfHealthChecks(changes: readonly PolicyChange[], { differences }: Comparison): Claim[] {
  const count = (is: Policy): number => changes.filter((change) => change.name === 'externalTrafficPolicy' && change.is === is).length;
  return (differences.sets?.changed ?? [])
    .filter((set) => catalogueSet(set.after.name)?.set.role === 'health-check')
    .flatMap(({ membersAdded, membersRemoved }) =>
      [membersAdded.length <= count('Local') ? membersAdded : [], membersRemoved.length <= count('Cluster') ? membersRemoved : []].flat(),
    )
    .map((difference) => ({ difference }));
}

/** Destinations of other nodes that come to, or leave, virtual services. */
function claimsOfDestinations(differences: readonly ServiceDifference[], is: Policy): Claim[] {
  return differences.flatMap((difference): Claim[] => {
    const { before, after, attributes, changed, added, removed } = difference;
    if (attributes.length + changed.length > 0 || !isExplained([...before.destinations.keys()], [...after.destinations.keys()], is))
      return [];
    return [
      {
        difference,
        explained: [
          ...removed.map(({ key }) => ({ id: 'ipvs.destination.removed', subject: `${key} of ${before.key}` })),
          ...added.map(({ key }) => ({ id: 'ipvs.destination.added', subject: `${key} of ${before.key}` })),
        ],
        origins: [
          { side: 'before', origin: before.origin },
          { side: 'after', origin: after.origin },
        ],
      },
    ];
  });
}
