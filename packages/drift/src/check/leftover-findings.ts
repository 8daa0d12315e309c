import { CHAIN } from '../proxy/names/fixed-names.ts';
import { isProxySet } from '../proxy/names/set-catalogue.ts';
import type { NodeView } from '../services/node-facts.ts';
import { IPVS_INTERFACE } from '../proxy/facts/node-world.ts';
import { parseServiceChain } from '../proxy/names/chain-hash.ts';
import type { IpvsService } from '../state/model.ts';
import type { Leftover } from '../proxy/leftovers/leftover.ts';
import { leftoversOf } from '../proxy/leftovers/leftovers.ts';
import { kubeProxyTables } from '../proxy/nftables/names.ts';
import { counted, findingKinds, type FoundThing } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.backend.legacy-and-nft',
    severity: 'warning',
    title: 'rules in both backends of iptables',
    why: 'packets pass through both, and each tool shows only one of them',
  },
  {
    id: 'lint.kube.leftover',
    severity: 'notice',
    title: 'rules of kube-proxy are left over that nothing keeps up to date',
    why: 'they still handle packets',
    needs: ['nat', 'ipvs'],
  },
  {
    id: 'lint.kube.mixed-mode-leftover',
    severity: 'warning',
    title: 'IPVS and rules of iptables mode serve the same addresses',
    why: 'one of them is left over and is no longer kept up to date',
  },
]);

export const leftovers: FindingRule = { kinds, find: leftoverFindings };

/** What one mode, or one program, left behind beside another that runs. */
function leftoverFindings(view: NodeView): FoundThing[] {
  return [...bothModes(view), ...idleLeftovers(view), ...abandonedServices(view), ...abandonedChains(view), ...twoBackends(view)];
}

/** What another mode left is told as the one that runs is known. */
function leftBehind({ facts, model, table }: NodeView): readonly Leftover[] {
  const mode = (['ipvs', 'iptables', 'nftables'] as const).find((one) => one === facts.modeUsed?.value);
  return mode === undefined ? [] : leftoversOf({ model, mode, table });
}

/** What another mode left and no connection to a service meets: it does not make a node unhealthy. */
function idleLeftovers(view: NodeView): FoundThing[] {
  return leftBehind(view)
    .filter(({ acts }) => acts !== 'services')
    .map(({ mode, what, does, command, origins }) =>
      finding('lint.kube.leftover', {
        severity: 'none',
        subject: { kind: 'config', name: what },
        text: `left by ${mode} mode: ${what} ${does}`,
        lookAt: command,
        origins,
      }),
    );
}

/** What leftovers still do to connections to services, as a note. */
function stillDone(view: NodeView): { readonly note?: string } {
  const acting = leftBehind(view)
    .filter(({ acts }) => acts === 'services')
    .map(({ what, does }) => `${what} ${does}`);
  return acting.length === 0 ? {} : { note: acting.join('; ') };
}

function bothModes(view: NodeView): FoundThing[] {
  const { facts, model } = view;
  if (facts.proxyMode?.value !== 'mixed') return [];
  const tables = kubeProxyTables(model).map(({ table }) => `${table.family} ${table.name}`);
  if (tables.length > 0 && facts.modeUsed?.value !== 'nftables') return [besideNft(facts, tables)];
  const services = [...(model.ipvs?.services.values() ?? [])];
  const sets = [...(model.sets?.sets.keys() ?? [])].filter((name) => isProxySet(name));
  const running = facts.modeUsed?.value;
  const [kept, left] =
    running === 'ipvs'
      ? ['ipvs', 'rules of iptables mode are']
      : ['iptables', `${counted(services.length, 'virtual service')} and ${counted(sets.length, 'set')} of ipvs mode are`];
  const certain = running === 'ipvs' || running === 'iptables';
  return [
    finding('lint.kube.mixed-mode-leftover', {
      subject: { kind: 'config', name: 'proxy mode' },
      text: certain
        ? `kube-proxy runs in ${kept} mode, and ${left} still there`
        : 'IPVS and rules of iptables mode both serve the same addresses',
      ...stillDone(view),
      lookAt: 'kube-proxy --cleanup',
      origins: facts.proxyMode.origins,
    }),
  ];
}

/** The tables of nftables mode, which `kube-proxy --cleanup` of 1.30 leaves where the gate of that mode is off. */
function besideNft({ proxyMode, modeUsed }: NodeView['facts'], tables: readonly string[]): FoundThing {
  const mode = modeUsed === undefined ? 'in another mode' : `in ${modeUsed.value} mode`;
  return finding('lint.kube.mixed-mode-leftover', {
    subject: { kind: 'config', name: 'proxy mode' },
    text: `kube-proxy runs ${mode}, and nft ${tables.length === 1 ? 'table' : 'tables'} ${tables.join(' and ')} of nftables mode still ${tables.length === 1 ? 'handles' : 'handle'} connections to services`,
    lookAt: tables.map((table) => `nft delete table ${table}`).join('; '),
    origins: proxyMode?.origins ?? [],
  });
}

/** Virtual services to masquerade to pods, and neither a rule, a set nor the interface of kube-proxy with them. */
function abandonedServices({ model, knowledge, facts }: NodeView): FoundThing[] {
  const nat = model.tables.get('ipv4 nat') ?? model.tables.get('ipv6 nat');
  const gone = knowledge.noInterfaces.has(IPVS_INTERFACE) && nat?.complete === true && !nat.chains.has(CHAIN.services);
  const services = [...(model.ipvs?.services.values() ?? [])].filter(isMasquerading);
  if (!gone || services.length === 0 || facts.proxyMode?.value === 'mixed') return [];
  return [
    finding('lint.kube.leftover', {
      subject: { kind: 'ipvs.service', name: services[0]?.key ?? '' },
      text: `${counted(services.length, 'virtual service')} ${services.length === 1 ? 'is' : 'are'} left, without the rules and the interface of kube-proxy`,
      note: 'ipvsadm --clear removes them, and everything else in IPVS',
      origins: services.slice(0, 3).map(({ origin }) => origin),
    }),
  ];
}

function isMasquerading(service: IpvsService): boolean {
  return (
    service.fwmark === undefined && [...service.destinations.values()].every(({ forward }) => forward === undefined || forward === 'Masq')
  );
}

const OTHER_PROXIES: readonly (readonly [chain: RegExp, owner: string])[] = [
  [/^CILIUM_/, 'Cilium'],
  [/^KUBE-ROUTER-/, 'kube-router'],
  [/^OVN-KUBE-/, 'OVN-Kubernetes'],
];

function abandonedChains({ model }: NodeView): FoundThing[] {
  for (const table of model.tables.values()) {
    if (table.name !== 'nat') continue;
    const names = [...table.chains.keys()];
    const chain = names.find((name) => parseServiceChain(name)?.kind === 'SVC');
    const other = OTHER_PROXIES.find(([pattern]) => names.some((name) => pattern.test(name)));
    if (chain === undefined || other === undefined) continue;
    const count = names.filter((name) => parseServiceChain(name)?.kind === 'SVC').length;
    return [
      finding('lint.kube.leftover', {
        subject: { kind: 'iptables.chain', name: `nat ${chain}` },
        text: `${counted(count, 'service')} of kube-proxy ${count === 1 ? 'is' : 'are'} in nat beside chains of ${other[1]}`,
        certainty: 'heuristic',
        origins: [table.chains.get(chain)?.origin].filter((origin) => origin !== undefined),
      }),
    ];
  }
  return [];
}

/** `# Warning: iptables-legacy tables present, use iptables-legacy to see them` */
function twoBackends({ snapshot }: NodeView): FoundThing[] {
  for (const { content, index } of snapshot.parts) {
    if (content.kind !== 'rules') continue;
    const notice = content.value.notices.find(({ kind }) => kind === 'LegacyTablesPresent');
    if (notice === undefined) continue;
    return [
      finding('lint.backend.legacy-and-nft', {
        subject: { kind: 'config', name: 'iptables' },
        text: 'iptables says that tables of the other backend hold rules too',
        lookAt: 'iptables-legacy-save',
        origins: [{ part: index, lines: [1, 1] }],
      }),
    ];
  }
  return [];
}
