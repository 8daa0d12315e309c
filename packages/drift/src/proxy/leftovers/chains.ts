import { once } from '../../common/once.ts';
import type { RuleChain, RuleEntry, RuleTable } from '../../state/model.ts';
import { chainRole, isServiceChain } from '../names/chain-roles.ts';
import type { ProxyMode } from '../facts/fact.ts';
import { type Leftover, type LeftBehind, placesServedBy } from './leftover.ts';

/** Chains that iptables mode alone makes, and those of ipvs mode alone. Others are used by both. */
const OF_IPTABLES: ReadonlySet<string> = new Set(['KUBE-NODEPORTS', 'KUBE-EXTERNAL-SERVICES', 'KUBE-PROXY-CANARY']);
const OF_IPVS: ReadonlySet<string> = new Set([
  'KUBE-NODE-PORT',
  'KUBE-LOAD-BALANCER',
  'KUBE-IPVS-FILTER',
  'KUBE-IPVS-OUT-FILTER',
  'KUBE-SOURCE-RANGES-FIREWALL',
]);
/** kubelet makes these whatever the mode, and keeps them. */
const OF_KUBELET: ReadonlySet<string> = new Set(['KUBE-KUBELET-CANARY', 'KUBE-IPTABLES-HINT', 'KUBE-MARK-DROP']);

/** Chains of iptables that another mode left: those that packets still meet one by one, the others together. */
export function leftChains({ model, mode, table }: LeftBehind): Leftover[] {
  const tables = [...model.tables.values()].map((one) => ({
    one,
    left: [...one.chains.values()].filter(({ name }) => isLeft(name, mode)),
    reached: once(() => reachedChains(one)),
  }));
  const services = tables.flatMap(({ left }) => left).filter(({ name }) => isServiceChain(name));
  const others = tables.flatMap(({ one, left, reached }) =>
    left
      .filter(({ name }) => !isServiceChain(name))
      .map((chain) => ({ table: one, chain, does: reached().has(chain.name) ? doesOf(chain) : undefined })),
  );
  const acting = others.filter(({ does }) => does !== undefined);
  const idle = others.filter(({ does }) => does === undefined);
  const maker = mode === 'iptables' ? 'ipvs' : 'iptables';
  const command =
    mode === 'nftables' ? `${restore('iptables')}; ${restore('ip6tables')}` : 'kube-proxy --cleanup, and start kube-proxy again';
  return [
    ...leftServiceChains(services, placesServedBy(table, 'iptables'), command),
    ...acting.map(({ table: { family, name }, chain, does = '' }): Leftover => ({
      mode: maker,
      what: `chain ${chain.name} in ${name} (${family})`,
      does,
      acts: 'packets',
      command,
      origins: [chain.origin],
    })),
    ...(idle.length === 0
      ? []
      : [
          {
            mode: maker,
            what: namesOf(idle),
            does: `${idle.length === 1 ? 'does' : 'do'} nothing: no rule leads a packet there, or no rule of ${idle.length === 1 ? 'it' : 'them'} does anything`,
            acts: 'nothing',
            command,
            origins: idle.slice(0, 1).map(({ chain }) => chain.origin),
          } satisfies Leftover,
        ]),
  ];
}

/** kubelet writes its own chains again within a minute. */
const restore = (family: string): string => `${family}-save | grep -v KUBE- | ${family}-restore`;

function isLeft(name: string, mode: ProxyMode): boolean {
  if (OF_KUBELET.has(name)) return false;
  if (mode !== 'ipvs' && mode !== 'nftables') return OF_IPVS.has(name);
  if (chainRole(name) === undefined && !OF_IPVS.has(name) && !OF_IPTABLES.has(name)) return false;
  if (mode === 'nftables') return true;
  return isServiceChain(name) || (OF_IPTABLES.has(name) && name !== 'KUBE-PROXY-CANARY');
}

function leftServiceChains(chains: readonly RuleChain[], served: number, command: string): Leftover[] {
  if (chains.length === 0) return [];
  return [
    {
      mode: 'iptables',
      what: `${chains.length} ${chains.length === 1 ? 'chain' : 'chains'} of services and endpoints in nat`,
      does:
        served > 0
          ? `still translate connections to ${served} ${served === 1 ? 'place' : 'places'} of services, and nothing keeps them up to date`
          : 'translate nothing: no connection gets there',
      acts: served > 0 ? 'services' : 'nothing',
      command,
      origins: chains.slice(0, 1).map(({ origin }) => origin),
    },
  ];
}

/** Chains that the built-in chains lead to, by jumps. */
function reachedChains({ chains }: RuleTable): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...chains.values()].filter(({ policy }) => policy !== undefined);
  for (let chain = waiting.pop(); chain !== undefined; chain = waiting.pop()) {
    for (const { target } of chain.rules) {
      const next = target.kind === 'jump' && !reached.has(target.chain) ? chains.get(target.chain) : undefined;
      if (next === undefined) continue;
      reached.add(next.name);
      waiting.push(next);
    }
  }
  return reached;
}

/** What rules of a chain do themselves. */
function doesOf({ name, rules }: RuleChain): string | undefined {
  const deeds = [...new Set(rules.flatMap(deedOf))];
  const kept = name === 'KUBE-FIREWALL' ? ' (kubelet keeps such a chain too)' : '';
  return deeds.length === 0 ? undefined : `still ${deeds.join(' and ')} packets that its rules match${kept}`;
}

function deedOf({ target }: RuleEntry): string[] {
  if (target.kind === 'dnat' || target.kind === 'snat') return ['translates'];
  if (target.kind === 'mark') return ['marks'];
  if (target.kind === 'verdict') return target.name === 'DROP' ? ['drops'] : target.name === 'ACCEPT' ? ['accepts'] : [];
  return target.kind === 'other' && !target.continues ? [target.name === 'REJECT' ? 'rejects' : `gives ${target.name} to`] : [];
}

function namesOf(idle: readonly { readonly table: RuleTable; readonly chain: RuleChain }[]): string {
  const names = [
    ...new Set(idle.map(({ table: { family, name }, chain }) => `${chain.name} (${family === 'ipv6' ? 'ip6tables' : 'iptables'} ${name})`)),
  ].sort();
  return `${names.length === 1 ? 'chain' : 'chains'} ${names.length > 5 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ')}`;
}
