import { setName } from '../../proxy/names/set-catalogue.ts';
import { type Family, podCondition, podSource, type ProxySettings } from '../settings.ts';
import { allowsNode } from './ipvs-sets.ts';
import type { DesiredIpvs } from './ipvs-tables.ts';

/** A rule that stands only while its set has members: set, table, chain, target, what of a packet is looked up, protocol. */
type SetRule = readonly [
  set: string,
  table: 'nat' | 'filter',
  chain: string,
  target: string,
  dimensions: string,
  protocol?: 'tcp' | 'udp' | 'sctp',
];

/** `ipsetWithIptablesChain`; before 1.25 source ranges were checked in nat. */
function setRules(minor: number): readonly SetRule[] {
  const ranges: readonly SetRule[] =
    minor < 25
      ? [
          ['KUBE-LOAD-BALANCER-FW', 'nat', 'KUBE-LOAD-BALANCER', 'KUBE-FIREWALL', 'dst,dst'],
          ['KUBE-LOAD-BALANCER-SOURCE-CIDR', 'nat', 'KUBE-FIREWALL', 'RETURN', 'dst,dst,src'],
          ['KUBE-LOAD-BALANCER-SOURCE-IP', 'nat', 'KUBE-FIREWALL', 'RETURN', 'dst,dst,src'],
        ]
      : [
          ['KUBE-LOAD-BALANCER-FW', 'filter', 'KUBE-PROXY-FIREWALL', 'KUBE-SOURCE-RANGES-FIREWALL', 'dst,dst'],
          ['KUBE-LOAD-BALANCER-SOURCE-CIDR', 'filter', 'KUBE-SOURCE-RANGES-FIREWALL', 'RETURN', 'dst,dst,src'],
          ['KUBE-LOAD-BALANCER-SOURCE-IP', 'filter', 'KUBE-SOURCE-RANGES-FIREWALL', 'RETURN', 'dst,dst,src'],
        ];
  const sctp: readonly SetRule[] = [
    ['KUBE-NODE-PORT-LOCAL-SCTP-HASH', 'nat', 'KUBE-NODE-PORT', 'RETURN', 'dst,dst', 'sctp'],
    ['KUBE-NODE-PORT-SCTP-HASH', 'nat', 'KUBE-NODE-PORT', 'KUBE-MARK-MASQ', 'dst,dst', 'sctp'],
  ];
  return [
    ['KUBE-LOOP-BACK', 'nat', 'KUBE-POSTROUTING', 'MASQUERADE', 'dst,dst,src'],
    ['KUBE-LOAD-BALANCER', 'nat', 'KUBE-SERVICES', 'KUBE-LOAD-BALANCER', 'dst,dst'],
    ...ranges,
    ['KUBE-LOAD-BALANCER-LOCAL', 'nat', 'KUBE-LOAD-BALANCER', 'RETURN', 'dst,dst'],
    ['KUBE-NODE-PORT-LOCAL-TCP', 'nat', 'KUBE-NODE-PORT', 'RETURN', 'dst', 'tcp'],
    ['KUBE-NODE-PORT-TCP', 'nat', 'KUBE-NODE-PORT', 'KUBE-MARK-MASQ', 'dst', 'tcp'],
    ['KUBE-NODE-PORT-LOCAL-UDP', 'nat', 'KUBE-NODE-PORT', 'RETURN', 'dst', 'udp'],
    ['KUBE-NODE-PORT-UDP', 'nat', 'KUBE-NODE-PORT', 'KUBE-MARK-MASQ', 'dst', 'udp'],
    // Up to 1.23 the rule that marks stood first, so that policy Local had no effect on SCTP.
    ...(minor < 24 ? [...sctp].reverse() : sctp),
  ];
}

/**
 * The rules of kube-proxy's ipvs mode for one family, by table and chain, as `iptables-save` prints them without comments: those of the
 * chains it owns, and in built-in chains those that lead there (`createAndLinkKubeChain` and `writeIptablesRules`).
 */
export function desiredRules({ sets, ports }: DesiredIpvs, family: Family, settings: ProxySettings): readonly string[] {
  const { minor } = settings;
  const filled = (name: string): boolean => (sets.find((set) => set.name === setName(name, family))?.members.size ?? 0) > 0;
  const asks = (name: string, dimensions: string): string => `-m set --match-set ${setName(name, family)} ${dimensions}`;
  const nat: string[] = [];
  const filter: string[] = [];
  if (minor >= 26) nat.push(`-A KUBE-SERVICES -s ${family === 'ipv4' ? '127.0.0.0/8' : '::1/128'} -j RETURN`);
  for (const [name, table, chain, target, dimensions, protocol] of setRules(minor)) {
    if (!filled(name)) continue;
    (table === 'nat' ? nat : filter).push(
      `-A ${chain}${protocol === undefined ? '' : ` -p ${protocol}`} ${asks(name, dimensions)} -j ${target}`,
    );
  }
  if (filled('KUBE-CLUSTER-IP')) nat.push(clusterIpRule(family, settings, asks));
  for (const name of ['KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL']) {
    if (!filled(name)) continue;
    const external = `-A KUBE-SERVICES ${asks(name, 'dst,dst')}`;
    if (name === 'KUBE-EXTERNAL-IP') nat.push(`${external} -j KUBE-MARK-MASQ`);
    nat.push(
      `${external} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`,
      `${external} -m addrtype --dst-type LOCAL -j ACCEPT`,
    );
  }
  nat.push('-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT', '-A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ');
  if (minor < 25) nat.push('-A KUBE-FIREWALL -j KUBE-MARK-DROP');
  else filter.push('-A KUBE-SOURCE-RANGES-FIREWALL -j DROP');
  for (const name of ['KUBE-CLUSTER-IP', 'KUBE-LOAD-BALANCER'])
    if (filled(name)) nat.push(`-A KUBE-SERVICES ${asks(name, 'dst,dst')} -j ACCEPT`);
  const own = ports.filter((port) => port.family === family && port.sourceRanges.length > 0 && !allowsNode(port, settings));
  if (minor >= 29)
    filter.push(
      ...own.flatMap(({ loadBalancerIps, port }) => loadBalancerIps.map((address) => outFilterRule(address, port.protocol, port.port))),
    );
  nat.push(...masqueradeRules(settings));
  filter.push(...filterRules(family, settings, asks));
  return ['*nat', ...anchorRules('nat', minor), ...nat, '*filter', ...anchorRules('filter', minor), ...filter];
}

/** `iptablesJumpChain`: table, built-in chain, target, first version. */
const ANCHORS: readonly (readonly [table: 'nat' | 'filter', chain: string, target: string, from: number])[] = [
  ['nat', 'OUTPUT', 'KUBE-SERVICES', 0],
  ['nat', 'PREROUTING', 'KUBE-SERVICES', 0],
  ['nat', 'POSTROUTING', 'KUBE-POSTROUTING', 0],
  ['filter', 'FORWARD', 'KUBE-FORWARD', 0],
  ['filter', 'INPUT', 'KUBE-NODE-PORT', 21],
  ['filter', 'INPUT', 'KUBE-PROXY-FIREWALL', 25],
  ['filter', 'FORWARD', 'KUBE-PROXY-FIREWALL', 25],
  ['filter', 'INPUT', 'KUBE-IPVS-FILTER', 26],
  ['filter', 'OUTPUT', 'KUBE-IPVS-OUT-FILTER', 29],
];

function anchorRules(name: 'nat' | 'filter', minor: number): string[] {
  return ANCHORS.flatMap(([table, chain, target, from]) => (table === name && minor >= from ? [`-A ${chain} -j ${target}`] : []));
}

function clusterIpRule(family: Family, settings: ProxySettings, asks: (name: string, dimensions: string) => string): string {
  if (settings.masqueradeAll) return `-A KUBE-SERVICES ${asks('KUBE-CLUSTER-IP', 'dst,dst')} -j KUBE-MARK-MASQ`;
  const pods = podSource(settings, family);
  if (pods !== undefined) return `-A KUBE-SERVICES ! ${podCondition(pods)} ${asks('KUBE-CLUSTER-IP', 'dst,dst')} -j KUBE-MARK-MASQ`;
  return `-A KUBE-SERVICES ${asks('KUBE-CLUSTER-IP', 'src,dst')} -j KUBE-MARK-MASQ`;
}

const NUMBERS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

function outFilterRule(address: string, protocol: string, port: number): string {
  const length = address.includes(':') ? 128 : 32;
  return `-A KUBE-IPVS-OUT-FILTER -s ${address}/${length} -m ipvs --vproto ${NUMBERS[protocol] ?? 6} --vaddr ${address} --vport ${port} -j DROP`;
}

function masqueradeRules({ masqueradeBit = 14 }: ProxySettings): string[] {
  const mark = `0x${(2 ** masqueradeBit).toString(16)}`;
  return [
    `-A KUBE-POSTROUTING -m mark ! --mark ${mark}/${mark} -j RETURN`,
    `-A KUBE-POSTROUTING -j MARK --set-xmark ${mark}/0x0`,
    '-A KUBE-POSTROUTING -j MASQUERADE --random-fully',
    `-A KUBE-MARK-MASQ -j MARK --set-xmark ${mark}/${mark}`,
  ];
}

function filterRules(
  family: Family,
  { minor, masqueradeBit = 14 }: ProxySettings,
  asks: (name: string, dimensions: string) => string,
): string[] {
  const mark = `0x${(2 ** masqueradeBit).toString(16)}`;
  const answers = '-A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
  const rules = [`-A KUBE-FORWARD -m mark --mark ${mark}/${mark} -j ACCEPT`, answers];
  if (minor < 23) rules.push(answers);
  if (minor >= 21) rules.push(`-A KUBE-NODE-PORT ${asks('KUBE-HEALTH-CHECK-NODE-PORT', 'dst')} -j ACCEPT`);
  if (minor < 26) return rules;
  const served = ['KUBE-LOAD-BALANCER', 'KUBE-CLUSTER-IP', 'KUBE-EXTERNAL-IP', ...(minor < 30 ? [] : ['KUBE-EXTERNAL-IP-LOCAL'])];
  for (const name of served) rules.push(`-A KUBE-IPVS-FILTER ${asks(name, 'dst,dst')} -j RETURN`);
  if (minor >= 28) rules.push(`-A KUBE-IPVS-FILTER ${asks('KUBE-HEALTH-CHECK-NODE-PORT', 'dst')} -j RETURN`);
  rules.push(
    `-A KUBE-IPVS-FILTER -m conntrack --ctstate NEW ${asks('KUBE-IPVS-IPS', 'dst')} -j REJECT --reject-with icmp${family === 'ipv4' ? '' : '6'}-port-unreachable`,
  );
  return rules;
}
