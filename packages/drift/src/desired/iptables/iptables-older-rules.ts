import type { DesiredPort } from '../desired-ports.ts';
import { allowsNode } from '../ipvs/ipvs-sets.ts';
import type { PlannedRule, PlannedRules } from '../service-plan.ts';
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

/** The rules of one service port in iptables mode before there were chains for what comes from outside (`syncProxyRules` of 1.20). */
export function olderServiceRules(port: DesiredPort, settings: ProxySettings): PlannedRules {
  const names = chainNames(port);
  const { cluster, local, any } = port.lists;
  const endpoints = [...new Map([...cluster, ...local].map((one) => [one.text, one])).values()];
  const own = new Set([
    ...(['SVC', 'XLB', 'FW'] as const).map((kind) => `nat ${names.of(kind)}`),
    ...endpoints.map(({ text }) => names.endpoint(text).where),
  ]);
  if (!any) return { rules: refusals(port), own };
  const rules = [
    ...places(port, settings, names),
    ...balancingRules(port, `nat ${names.of('SVC')}`, cluster, names),
    ...endpointRulesOf(port, endpoints, names),
  ];
  return { rules: port.externalLocal && port.external ? [...rules, ...localChain(port, settings, names)] : rules, own };
}

function to(address: string, { port: { protocol, port } }: DesiredPort): string[] {
  return [`-p ${protocol}`, `-d ${address}`, `--dport ${port}`];
}

function refusals(port: DesiredPort): PlannedRule[] {
  const {
    clusterIp,
    externalIps,
    loadBalancerIps,
    port: { protocol, nodePort },
  } = port;
  const refused = refusalOf('no endpoints', port) ?? '';
  const external = 'filter KUBE-EXTERNAL-SERVICES';
  const found = [
    rule('filter KUBE-SERVICES', refused, ...to(clusterIp, port)),
    ...[...externalIps, ...loadBalancerIps].map((address) => rule(external, refused, ...to(address, port))),
  ];
  return nodePort === undefined ? found : [...found, rule(external, refused, `-p ${protocol}`, `--dport ${nodePort}`, '--dst-type LOCAL')];
}

function places(port: DesiredPort, settings: ProxySettings, names: ChainNames): PlannedRule[] {
  const {
    clusterIp,
    externalIps,
    loadBalancerIps,
    externalLocal,
    family,
    port: { protocol, nodePort },
  } = port;
  const services = 'nat KUBE-SERVICES';
  const chosen = `-j ${names.of(externalLocal ? 'XLB' : 'SVC')}`;
  const marks = (where: string, ...conditions: readonly string[]): PlannedRule[] =>
    externalLocal ? [] : [rule(where, '-j KUBE-MARK-MASQ', ...conditions)];
  const source = podSource(settings, family);
  const others = settings.masqueradeAll ? [] : source === undefined ? undefined : [`! ${podCondition(source)}`];
  const found = [rule(services, `-j ${names.of('SVC')}`, ...to(clusterIp, port))];
  if (others !== undefined) found.push(rule(services, '-j KUBE-MARK-MASQ', ...to(clusterIp, port), ...others));
  for (const address of externalIps) {
    const here = to(address, port);
    found.push(
      ...marks(services, ...here),
      rule(services, chosen, ...here, '-m physdev ! --physdev-is-in', '! --src-type LOCAL'),
      rule(services, chosen, ...here, '--dst-type LOCAL'),
    );
  }
  for (const address of loadBalancerIps) {
    const chain = `nat ${names.of('FW')}`;
    const sources =
      port.sourceRanges.length === 0 ? [''] : [...port.sourceRanges.map(sourceRangeText), ...(allowsNode(port, settings) ? [address] : [])];
    found.push(
      rule(services, `-j ${names.of('FW')}`, ...to(address, port)),
      ...marks(chain),
      ...sources.map((one) => rule(chain, chosen, one === '' ? '' : `-s ${one}`)),
      rule(chain, '-j KUBE-MARK-DROP'),
    );
  }
  if (nodePort === undefined) return found;
  const here = [`-p ${protocol}`, `--dport ${nodePort}`];
  const loopback = externalLocal
    ? [rule('nat KUBE-NODEPORTS', '-j KUBE-MARK-MASQ', ...here, `-s ${family === 'ipv4' ? '127.0.0.0/8' : '::1'}`)]
    : [];
  return [...found, ...loopback, ...marks('nat KUBE-NODEPORTS', ...here), rule('nat KUBE-NODEPORTS', chosen, ...here)];
}

/** The chain of policy Local: pods and the node go round it, others reach the endpoints of the node or none. */
function localChain(port: DesiredPort, settings: ProxySettings, names: ChainNames): PlannedRule[] {
  const chain = `nat ${names.of('XLB')}`;
  const cluster = `-j ${names.of('SVC')}`;
  const source = podSource(settings, port.family);
  const { local } = port.lists;
  return [
    ...(source === undefined ? [] : [rule(chain, cluster, podCondition(source))]),
    rule(chain, '-j KUBE-MARK-MASQ', '--src-type LOCAL'),
    rule(chain, cluster, '--src-type LOCAL'),
    ...(local.length === 0 ? [rule(chain, '-j KUBE-MARK-DROP')] : balancingRules(port, chain, local, names)),
  ];
}
