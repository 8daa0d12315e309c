import type { ServiceChainKind } from '../../proxy/names/chain-hash.ts';
import type { DesiredPort } from '../desired-ports.ts';
import { type EndpointChoice, type PlannedRule, type PlannedRules, servicePlan, type ServicePlan } from '../service-plan.ts';
import { podCondition, podSource, type ProxySettings } from '../settings.ts';
import {
  balancingRules,
  type ChainNames,
  chainNames,
  endpointRulesOf,
  plannedRule as rule,
  refusalOf,
  sourceRangeText,
} from './iptables-rule-parts.ts';

const CHAINS: { readonly [Choice in EndpointChoice]: ServiceChainKind } = { cluster: 'SVC', local: 'SVL' };

/**
 * The rules of one service port in iptables mode, each as its conditions, sorted, and its target; how connections are shared out is left
 * out. Those that hang on no service are `fixedIptablesRules`.
 *
 * @example
 * iptablesServiceRules(port, settings).rules[0] // => { where: 'nat KUBE-SERVICES', text: '--dport 80 -d 10.96.0.5 -p tcp -j KUBE-SVC-…' }
 */
export function iptablesServiceRules(port: DesiredPort, settings: ProxySettings): PlannedRules {
  const plan = servicePlan(port, settings);
  const names = chainNames(port);
  const rules = [
    ...places(port, plan, names),
    ...masquerading(port, plan, settings, names),
    ...(plan.reachable ? externalChain(port, plan, settings, names) : []),
    ...guards(port, plan, names),
    ...balancing(port, plan, names),
  ];
  const own = new Set([
    ...(['SVC', 'SVL', 'EXT', 'FW'] as const).map((kind) => `nat ${names.of(kind)}`),
    ...plan.endpoints.map(({ text }) => names.endpoint(text).where),
  ]);
  return { rules, own };
}

/** Where packets to the addresses and ports of the service are taken or refused. */
function places(port: DesiredPort, plan: ServicePlan, names: ChainNames): PlannedRule[] {
  const {
    clusterIp,
    externalIps,
    loadBalancerIps,
    service,
    port: { protocol, port: number, nodePort },
  } = port;
  const to = (address: string): string[] => [`-p ${protocol}`, `-d ${address}`, `--dport ${number}`];
  const refused = refusalOf(plan.internal, port);
  const found = [
    refused === undefined
      ? rule('nat KUBE-SERVICES', `-j ${names.of(CHAINS[plan.internal as EndpointChoice])}`, ...to(clusterIp))
      : rule('filter KUBE-SERVICES', refused, ...to(clusterIp)),
  ];
  const externalRefused = refusalOf(plan.external, port);
  const restricted = plan.reachable && plan.restricted;
  const external = [
    ...externalIps.map((address) => [address, 'EXT'] as const),
    ...loadBalancerIps.map((address) => [address, restricted ? 'FW' : 'EXT'] as const),
  ];
  for (const [address, chain] of external) {
    if (plan.reachable) found.push(rule('nat KUBE-SERVICES', `-j ${names.of(chain)}`, ...to(address)));
    if (externalRefused !== undefined) found.push(rule('filter KUBE-EXTERNAL-SERVICES', externalRefused, ...to(address)));
  }
  if (restricted) found.push(...loadBalancerIps.map((address) => rule('filter KUBE-PROXY-FIREWALL', '-j DROP', ...to(address))));
  if (nodePort !== undefined) {
    const here = [`-p ${protocol}`, `--dport ${nodePort}`];
    if (plan.reachable) found.push(rule('nat KUBE-NODEPORTS', `-j ${names.of('EXT')}`, ...here));
    if (externalRefused !== undefined) found.push(rule('filter KUBE-EXTERNAL-SERVICES', externalRefused, ...here, '--dst-type LOCAL'));
  }
  const { healthCheckNodePort, type } = service;
  if (healthCheckNodePort !== undefined && type === 'LoadBalancer' && port.externalLocal)
    found.push(rule('filter KUBE-NODEPORTS', '-j ACCEPT', '-p tcp', `--dport ${healthCheckNodePort}`));
  return found;
}

/** Who is masqueraded at the cluster IP. */
function masquerading(port: DesiredPort, { internal }: ServicePlan, settings: ProxySettings, names: ChainNames): PlannedRule[] {
  if (internal !== 'cluster' && internal !== 'local') return [];
  const {
    clusterIp,
    family,
    port: { protocol, port: number },
  } = port;
  const source = podSource(settings, family);
  const others = settings.masqueradeAll ? [] : source === undefined ? undefined : [`! ${podCondition(source)}`];
  if (others === undefined) return [];
  return [
    rule(`nat ${names.of(CHAINS[internal])}`, '-j KUBE-MARK-MASQ', `-p ${protocol}`, `-d ${clusterIp}`, `--dport ${number}`, ...others),
  ];
}

/** What becomes of packets to addresses and ports outside of the cluster; pods and the node go round policy Local. */
function externalChain(port: DesiredPort, { external }: ServicePlan, settings: ProxySettings, names: ChainNames): PlannedRule[] {
  const chain = `nat ${names.of('EXT')}`;
  const cluster = `-j ${names.of('SVC')}`;
  const source = podSource(settings, port.family);
  const first = !port.externalLocal
    ? [rule(chain, '-j KUBE-MARK-MASQ')]
    : [
        ...(source === undefined ? [] : [rule(chain, cluster, podCondition(source))]),
        rule(chain, '-j KUBE-MARK-MASQ', '--src-type LOCAL'),
        rule(chain, cluster, '--src-type LOCAL'),
      ];
  return external === 'cluster' || external === 'local' ? [...first, rule(chain, `-j ${names.of(CHAINS[external])}`)] : first;
}

/** The chain of source ranges; it ends in a rule that does nothing. */
function guards(port: DesiredPort, plan: ServicePlan, names: ChainNames): PlannedRule[] {
  if (!plan.reachable || !plan.restricted) return [];
  const chain = `nat ${names.of('FW')}`;
  const sources = [...port.sourceRanges.map(sourceRangeText), ...(plan.allowsNode ? port.loadBalancerIps : [])];
  return [...sources.map((source) => rule(chain, `-j ${names.of('EXT')}`, source === '' ? '' : `-s ${source}`)), rule(chain, '')];
}

/** The choice of an endpoint, and its translation. */
function balancing(port: DesiredPort, { chosen, endpoints }: ServicePlan, names: ChainNames): PlannedRule[] {
  return [
    ...chosen.flatMap(([choice, list]) => balancingRules(port, `nat ${names.of(CHAINS[choice])}`, list, names)),
    ...endpointRulesOf(port, endpoints, names),
  ];
}
