import type { DesiredPort } from './desired-ports.ts';
import type { DesiredEndpoint } from './endpoint-lists.ts';
import { allowsNode } from './ipvs/ipvs-sets.ts';
import type { ProxySettings } from './settings.ts';

/** A list of endpoints that rules choose from: all of the cluster, or those on the node. */
export type EndpointChoice = 'cluster' | 'local';

/** What a place of a service port leads to: a choice of endpoints, or what refuses it. */
export type Decision = EndpointChoice | 'no endpoints' | 'no local endpoints';

/** What kube-proxy decides for a service port before it writes rules, in iptables mode and in nftables mode alike (1.25 and later). */
export interface ServicePlan {
  readonly internal: Decision;
  readonly external: Decision;
  /** Whether any endpoint of the cluster serves it. */
  readonly served: boolean;
  /** The lists that have a chain of their own. */
  readonly chosen: readonly (readonly [EndpointChoice, readonly DesiredEndpoint[]])[];
  /** Endpoints that have a chain of their own. */
  readonly endpoints: readonly DesiredEndpoint[];
  /** Whether it has a chain for what arrives at addresses and ports outside of the cluster. */
  readonly reachable: boolean;
  /** Whether source ranges guard its addresses of load balancers. */
  readonly restricted: boolean;
  /** Whether the source ranges hold the node. */
  readonly allowsNode: boolean;
}

/** The decisions for one service port (`syncProxyRules` in `iptables/proxier.go` and `nftables/proxier.go`). */
export function servicePlan(port: DesiredPort, settings: ProxySettings): ServicePlan {
  const { lists, internalLocal, externalLocal, external, loadBalancerIps, sourceRanges } = port;
  const decide = (local: boolean): Decision =>
    !lists.any ? 'no endpoints' : !local ? 'cluster' : lists.local.length > 0 ? 'local' : 'no local endpoints';
  const chosen = (
    [
      ['cluster', lists.cluster],
      ['local', lists.local],
    ] as const
  ).filter(([, endpoints]) => endpoints.length > 0);
  return {
    internal: decide(internalLocal),
    external: decide(externalLocal),
    served: lists.any,
    chosen,
    endpoints: [...new Map(chosen.flatMap(([, endpoints]) => endpoints.map((one) => [one.text, one] as const))).values()],
    reachable: lists.any && external,
    restricted: loadBalancerIps.length > 0 && sourceRanges.length > 0,
    allowsNode: allowsNode(port, settings),
  };
}

/** A rule, or an element of a set or map, that a service port asks for. */
export interface PlannedRule {
  /** Where it stands: `nat KUBE-SERVICES`, `map service-ips`. */
  readonly where: string;
  /** What it says, in a form of its own in which those of a node are put too. */
  readonly text: string;
}

/** The rules of one service port, and the chains and sets that hold nothing else. */
export interface PlannedRules {
  readonly rules: readonly PlannedRule[];
  readonly own: ReadonlySet<string>;
}
