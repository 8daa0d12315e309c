import { CHAIN } from '../../proxy/names/fixed-names.ts';
import { serviceComment } from '../../proxy/names/comments.ts';
import type { Frontend } from '../../services/frontends.ts';
import { parseServiceChain } from '../../proxy/names/chain-hash.ts';
import { type TraitIndex, traitIndex } from '../../services/service-frontends.ts';
import { iptablesTraits } from '../../services/chain-traits.ts';
import { ipvsTraits } from '../../services/ipvs-traits.ts';
import { catalogueSet } from '../../proxy/names/set-catalogue.ts';
import type { Model } from '../../state/model.ts';
import type { Certainty } from '../../report.ts';
import type { Comparison } from '../comparison.ts';
import type { SideView } from '../side.ts';
import type { OwnedDifferences } from './owned-differences.ts';
import { baseName, type ServiceGroup } from './service-groups.ts';

/** Which endpoints a service leads to: those of all nodes, or those of this one. */
export type Policy = 'Cluster' | 'Local';
/** The policy for node ports, load balancers and external IPs, and the one for cluster IPs. */
type PolicyName = 'externalTrafficPolicy' | 'internalTrafficPolicy';

/** A policy of a service port that is another one. */
export interface PolicyChange {
  readonly group: ServiceGroup;
  readonly name: PolicyName;
  readonly was: Policy;
  readonly is: Policy;
  /** `proven` where the objects of the cluster say so too. */
  readonly certainty: Certainty;
}

/** The policies that changed, told by chains and sets, and by the objects of the cluster where these show nothing. */
export function policyChanges(groups: readonly ServiceGroup[], owned: OwnedDifferences, comparison: Comparison): PolicyChange[] {
  const asked = groups.filter((group) => group.before.length > 0 && group.after.length > 0 && maySayPolicy(group, owned, comparison));
  if (asked.length === 0) return [];
  const indexes = { before: policyIndex(comparison.before.model), after: policyIndex(comparison.after.model) };
  const changedServices = new Set(comparison.differences.ipvs?.changed.map(({ after }) => after.key));
  return asked.flatMap((group) =>
    (['externalTrafficPolicy', 'internalTrafficPolicy'] as const).flatMap((name): PolicyChange[] => {
      const wanted = [comparison.before, comparison.after].map(({ model }) =>
        policyText(model.services?.get(baseName(group.name))?.[name]),
      );
      // The cluster asks for what it asked for: what the node shows is the work of somebody else.
      if (wanted[0] !== undefined && wanted[0] === wanted[1]) return [];
      const [was, is] = [
        shownPolicy(name, group.before, comparison.before, indexes.before),
        shownPolicy(name, group.after, comparison.after, indexes.after),
      ];
      const seen =
        was !== undefined ||
        is !== undefined ||
        group.after.some((frontend) => concerns(name, frontend) && changedServices.has(frontend.key));
      const [old, now] = [was ?? wanted[0], is ?? wanted[1]];
      if (!seen || old === undefined || now === undefined || old === now) return [];
      return [{ group, name, was: old, is: now, certainty: wanted.includes(undefined) ? 'heuristic' : 'proven' }];
    }),
  );
}

function policyText(text: string | undefined): Policy | undefined {
  return text === 'Cluster' || text === 'Local' ? text : undefined;
}

/** Whether anything of the group differs that a policy may be read from. */
function maySayPolicy({ name, before, after }: ServiceGroup, owned: OwnedDifferences, comparison: Comparison): boolean {
  if (owned.rules.has(name) || owned.chains.has(name)) return true;
  if ([...before, ...after].some((frontend) => localMembers(frontend, owned).length > 0)) return true;
  const [was, is] = [comparison.before, comparison.after].map(({ model }) => model.services?.get(baseName(name))?.internalTrafficPolicy);
  return was !== is;
}

/** Members that come to or leave the sets of addresses with policy Local. */
export function localMembers(
  { address, protocol, port }: Frontend,
  owned: OwnedDifferences,
): NonNullable<ReturnType<OwnedDifferences['things']['get']>> {
  const names = address === undefined ? [String(port)] : [`${address},${protocol}:${port}`, String(port)];
  return names
    .flatMap((name) => owned.things.get(name) ?? [])
    .filter(({ set }) => {
      const role = set === undefined ? undefined : catalogueSet(set)?.set.role;
      return role === 'node-port-local' || role === 'load-balancer-local' || role === 'external-ip-local';
    });
}

/** Whether a policy decides about a frontend. */
export function concerns(name: PolicyName, { purpose }: Frontend): boolean {
  return purpose !== undefined && (purpose === 'cluster IP') === (name === 'internalTrafficPolicy');
}

interface PolicyIndex extends TraitIndex {
  /** Service ports that a rule refuses for want of an endpoint on this node. */
  readonly withoutLocal: ReadonlySet<string>;
}

/** What the policies of a snapshot are read from, made once for it. */
export function policyIndex(model: Model): PolicyIndex {
  const withoutLocal = new Set<string>();
  for (const table of model.tables.values()) {
    // -A KUBE-SERVICES -d 10.103.9.4/32 -p tcp -m comment --comment "prod/cache has no local endpoints" -m tcp --dport 6379 -j DROP
    for (const rule of table.name === 'filter' ? (table.chains.get(CHAIN.services)?.rules ?? []) : []) {
      const told = rule.comments.map(serviceComment).find((comment) => comment?.refusal === 'no local endpoints');
      if (told !== undefined) withoutLocal.add(told.servicePort);
    }
  }
  return { ...traitIndex(model), withoutLocal };
}

function shownPolicy(name: PolicyName, frontends: readonly Frontend[], side: SideView, index: PolicyIndex): Policy | undefined {
  const policies = frontends
    .filter((frontend) => concerns(name, frontend))
    .map((frontend) => (name === 'externalTrafficPolicy' ? externalPolicy(frontend, side, index) : internalPolicy(frontend, index)));
  return policies.includes('Local') ? 'Local' : policies.includes('Cluster') ? 'Cluster' : undefined;
}

/** The policy of a place that clients from outside use, as chains and sets show it. */
export function externalPolicy(frontend: Frontend, { model }: SideView, index: TraitIndex): Policy | undefined {
  const service = model.ipvs?.services.get(frontend.key);
  if (service !== undefined) return ipvsTraits(model, index, frontend, service).policy;
  return iptablesTraits(model, index, frontend, familyOf(frontend, index)).policy;
}

/** From 1.22 on the rule of a cluster IP leads to KUBE-SVL where the policy is Local; without a local endpoint a rule drops. */
function internalPolicy(frontend: Frontend, index: PolicyIndex): Policy | undefined {
  const { jumps, withoutLocal } = index;
  const kinds = (jumps.get(`${familyOf(frontend, index)} ${frontend.key}`) ?? []).map((chain) => parseServiceChain(chain)?.kind);
  if (kinds.includes('SVL') || withoutLocal.has(frontend.servicePort ?? '')) return 'Local';
  return kinds.includes('SVC') ? 'Cluster' : undefined;
}

/** A node port on every address is in the family in which a rule is for it. */
function familyOf({ address, key }: Frontend, { jumps }: TraitIndex): 'ipv4' | 'ipv6' {
  if (address !== undefined) return address.includes(':') ? 'ipv6' : 'ipv4';
  return jumps.has(`ipv4 ${key}`) || !jumps.has(`ipv6 ${key}`) ? 'ipv4' : 'ipv6';
}
