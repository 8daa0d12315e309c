import { blockRange } from '../../state/address-range.ts';
import { nftChainBase, type NftChainRole } from '../../proxy/nftables/chain-names.ts';
import type { DesiredPort } from '../desired-ports.ts';
import { type Decision, type EndpointChoice, type PlannedRule, type PlannedRules, servicePlan, type ServicePlan } from '../service-plan.ts';
import { podSource, type ProxySettings } from '../settings.ts';
import { balancerText, guardText, ipOf, sourceText } from './nftables-rule-texts.ts';

const ROLES: { readonly [Choice in EndpointChoice]: NftChainRole } = { cluster: 'service', local: 'local' };

/**
 * The rules and elements of one service port in nftables mode, as `nft list ruleset` prints them without comments; the order of the
 * endpoints in the map that chooses one is left out.
 *
 * @example
 * nftServiceRules(port, settings).rules[0] // => { where: 'set cluster-ips', text: '10.96.0.5' }
 */
export function nftServiceRules(port: DesiredPort, settings: ProxySettings): PlannedRules {
  const plan = servicePlan(port, settings);
  const names = chainNames(port);
  const rules = [
    ...places(port, plan, names),
    ...internalChain(port, plan, settings, names),
    ...(plan.reachable ? externalChain(port, plan, settings, names) : []),
    ...guards(port, plan, names),
    ...balancing(port, plan, names),
  ];
  const own = [
    ...(['service', 'local', 'external', 'firewall'] as const).map((role) => `chain ${names.of(role)}`),
    ...plan.endpoints.flatMap(({ text }) => [`chain ${names.endpoint('endpoint', text)}`, `set ${names.endpoint('affinity', text)}`]),
  ];
  return { rules, own: new Set(own) };
}

interface ChainNames {
  readonly of: (role: NftChainRole) => string;
  readonly endpoint: (role: NftChainRole, endpoint: string) => string;
}

function chainNames({ service, port }: DesiredPort): ChainNames {
  const owner = { namespace: service.namespace, name: service.name, port: port.name, protocol: port.protocol };
  const base = nftChainBase(owner);
  const endpoints = new Map<string, string>();
  return {
    of: (role) => `${role}-${base}`,
    endpoint: (role, endpoint) => {
      const known = endpoints.get(endpoint) ?? nftChainBase(owner, endpoint);
      endpoints.set(endpoint, known);
      return `${role}-${known}`;
    },
  };
}

function refusal(decision: Decision): string | undefined {
  return decision === 'no endpoints' ? 'goto reject-chain' : decision === 'no local endpoints' ? 'drop' : undefined;
}

function places(port: DesiredPort, plan: ServicePlan, names: ChainNames): PlannedRule[] {
  const {
    clusterIp,
    externalIps,
    loadBalancerIps,
    port: { protocol, port: number, nodePort },
  } = port;
  const at = (map: string, key: string, verdict: string): PlannedRule => ({ where: `map ${map}`, text: `${key} : ${verdict}` });
  const to = (address: string): string => `${address} . ${protocol} . ${number}`;
  const refused = refusal(plan.internal);
  const found: PlannedRule[] = [{ where: 'set cluster-ips', text: clusterIp }];
  found.push(
    refused === undefined
      ? at('service-ips', to(clusterIp), `goto ${names.of(ROLES[plan.internal as EndpointChoice])}`)
      : at('no-endpoint-services', to(clusterIp), refused),
  );
  const externalRefused = refusal(plan.external);
  for (const address of [...externalIps, ...loadBalancerIps]) {
    if (plan.reachable) found.push(at('service-ips', to(address), `goto ${names.of('external')}`));
    if (externalRefused !== undefined) found.push(at('no-endpoint-services', to(address), externalRefused));
  }
  if (plan.restricted) found.push(...loadBalancerIps.map((address) => at('firewall-ips', to(address), `goto ${names.of('firewall')}`)));
  if (nodePort !== undefined) {
    if (plan.reachable) found.push(at('service-nodeports', `${protocol} . ${nodePort}`, `goto ${names.of('external')}`));
    if (externalRefused !== undefined) found.push(at('no-endpoint-nodeports', `${protocol} . ${nodePort}`, externalRefused));
  }
  return found;
}

function internalChain(port: DesiredPort, { internal }: ServicePlan, settings: ProxySettings, names: ChainNames): PlannedRule[] {
  if (internal !== 'cluster' && internal !== 'local') return [];
  const {
    clusterIp,
    family,
    port: { protocol, port: number },
  } = port;
  const source = podSource(settings, family);
  const others = settings.masqueradeAll ? '' : source === undefined ? undefined : ` ${sourceText(source, ipOf(port), '!= ')}`;
  if (others === undefined) return [];
  return [
    {
      where: `chain ${names.of(ROLES[internal])}`,
      text: `${ipOf(port)} daddr ${clusterIp} ${protocol} dport ${number}${others} jump mark-for-masquerade`,
    },
  ];
}

function externalChain(port: DesiredPort, { external }: ServicePlan, settings: ProxySettings, names: ChainNames): PlannedRule[] {
  const rule = (text: string): PlannedRule => ({ where: `chain ${names.of('external')}`, text });
  const cluster = `goto ${names.of('service')}`;
  const source = podSource(settings, port.family);
  const first = !port.externalLocal
    ? [rule('jump mark-for-masquerade')]
    : [
        ...(source === undefined ? [] : [rule(`${sourceText(source, ipOf(port), '')} ${cluster}`)]),
        rule('fib saddr type local jump mark-for-masquerade'),
        rule(`fib saddr type local ${cluster}`),
      ];
  return external === 'cluster' || external === 'local' ? [...first, rule(`goto ${names.of(ROLES[external])}`)] : first;
}

function guards(port: DesiredPort, plan: ServicePlan, names: ChainNames): PlannedRule[] {
  const sources = [...port.sourceRanges, ...(plan.allowsNode ? port.loadBalancerIps : [])];
  return plan.restricted
    ? [
        {
          where: `chain ${names.of('firewall')}`,
          text: guardText(
            ipOf(port),
            sources.flatMap((source) => blockRange(source) ?? []),
          ),
        },
      ]
    : [];
}

function balancing(port: DesiredPort, { chosen, endpoints }: ServicePlan, names: ChainNames): PlannedRule[] {
  const seconds = port.service.affinitySeconds;
  const ip = ipOf(port);
  const found: PlannedRule[] = [];
  for (const [choice, list] of chosen) {
    const where = `chain ${names.of(ROLES[choice])}`;
    if (seconds > 0)
      found.push(
        ...list.map(({ text }) => ({
          where,
          text: `${ip} saddr @${names.endpoint('affinity', text)} goto ${names.endpoint('endpoint', text)}`,
        })),
      );
    found.push({ where, text: balancerText(list.map(({ text }) => `goto ${names.endpoint('endpoint', text)}`)) });
  }
  for (const { text, address } of endpoints) {
    const where = `chain ${names.endpoint('endpoint', text)}`;
    found.push({ where, text: `${ip} saddr ${address} jump mark-for-masquerade` });
    if (seconds > 0)
      found.push(
        { where, text: `update @${names.endpoint('affinity', text)} { ${ip} saddr }` },
        { where: `set ${names.endpoint('affinity', text)}`, text: `timeout ${seconds}s` },
      );
    found.push({ where, text: `meta l4proto ${port.port.protocol} dnat to ${text}` });
  }
  return found;
}
