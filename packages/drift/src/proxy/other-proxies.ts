import type { NodeKnowledge } from '../read/kinds/knowledge.ts';
import type { Model } from '../state/model.ts';
import { type Origin, originIn } from '../state/origin.ts';
import { parseServiceChain } from './names/chain-hash.ts';
import type { Fact } from './facts/fact.ts';
import { IPVS_INTERFACE } from './facts/node-world.ts';
import { isKubeProxyTable } from './nftables/names.ts';

/** A program that serves Services in place of kube-proxy, and what it leaves on a node. */
interface OtherProxy {
  readonly name: string;
  /** Its pods, as its own manifests name them. */
  readonly pod: RegExp;
  /** Chains, sets and interfaces by which it serves Services. */
  readonly serves?: RegExp;
  /** Its chains: beside those of kube-proxy they carry network policies alone. */
  readonly chain: RegExp;
}

const OTHER_PROXIES: readonly OtherProxy[] = [
  // cloudnativelabs/kube-router: pkg/controllers/proxy/network_services_controller.go, pkg/controllers/netpol
  {
    name: 'kube-router',
    pod: /^kube-router-/,
    serves: /^(?:kube-dummy-if$|(?:inet6:)?kube-router-svip|KUBE-ROUTER-(?:SERVICES|HAIRPIN))/,
    chain: /^KUBE-ROUTER-/,
  },
  // cilium/cilium: pkg/datapath/iptables
  { name: 'Cilium', pod: /^cilium-(?!operator|envoy)[a-z0-9]+$/, chain: /^CILIUM_/ },
  // ovn-org/ovn-kubernetes: go-controller/pkg/node/gateway_iptables.go
  { name: 'OVN-Kubernetes', pod: /^ovnkube-node-/, serves: /^OVN-KUBE-(?:NODEPORT|EXTERNALIP|ITP|ETP)$/, chain: /^OVN-KUBE-/ },
  // antrea-io/antrea: pkg/agent/route/route_linux.go
  { name: 'Antrea', pod: /^antrea-agent-/, chain: /^ANTREA-/ },
];

/**
 * The program that serves Services in place of kube-proxy, most likely; `undefined` where nothing shows one, or anything shows kube-proxy:
 * network policies of kube-router and of Cilium stand beside its rules on many nodes.
 */
export function otherProxy(model: Model, knowledge: NodeKnowledge): Fact<string> | undefined {
  if (showsKubeProxy(model, knowledge)) return undefined;
  for (const proxy of OTHER_PROXIES) {
    const [because, origin] = signOf(proxy, model, knowledge) ?? [];
    if (because !== undefined)
      return {
        value: proxy.name,
        because: `${because}, and nothing of kube-proxy`,
        origins: origin === undefined ? [] : [origin],
        confidence: 'likely',
      };
  }
  return undefined;
}

function signOf(
  { pod, serves, chain }: OtherProxy,
  model: Model,
  { pods }: NodeKnowledge,
): readonly [because: string, origin: Origin | undefined] | undefined {
  const listed = pods.find(({ value }) => pod.test(value));
  if (listed !== undefined) return [`pod ${listed.value} is listed`, originIn(listed)];
  for (const [name, { origin }] of model.sets?.sets ?? []) if (serves?.test(name) === true) return [`set ${name} exists`, origin];
  for (const [name, { addresses }] of model.interfaces)
    if (serves?.test(name) === true) return [`interface ${name} exists`, [...addresses.values()][0]];
  const tables = [...model.tables.values()];
  // Only a whole nat table shows that kube-proxy has none.
  const isShownWhole = tables.some(({ name, complete }) => name === 'nat' && complete);
  for (const { chains } of tables) {
    for (const one of chains.values())
      if (serves?.test(one.name) === true || (isShownWhole && chain.test(one.name))) return [`chain ${one.name} exists`, one.origin];
  }
  return undefined;
}

/** Pods of kube-proxy, its tables, its words: not what kubelet and network policies write under the same prefix. */
function showsKubeProxy(model: Model, knowledge: NodeKnowledge): boolean {
  const { hasLog, proxyMode, configuration, version, pods } = knowledge;
  if (hasLog || proxyMode !== undefined || configuration !== undefined || version !== undefined || model.interfaces.has(IPVS_INTERFACE))
    return true;
  if (pods.some(({ value }) => value.startsWith('kube-proxy-'))) return true;
  for (const entry of model.nft?.tables.values() ?? []) if (isKubeProxyTable(entry)) return true;
  for (const name of model.sets?.sets.keys() ?? []) if (/^KUBE-(?!SRC-|DST-)/.test(name)) return true;
  for (const table of model.tables.values()) {
    for (const name of table.chains.keys())
      if (/^KUBE-(?:SERVICES|POSTROUTING|PROXY-CANARY|NODE-?PORTS?)$/.test(name) || parseServiceChain(name) !== undefined) return true;
  }
  return false;
}
