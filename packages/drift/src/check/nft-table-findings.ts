import type { Chain, NftMap, Statement } from '@netdrift/nftables';
import type { NodeView } from '../services/node-facts.ts';
import { clusterIpOddities } from './cluster-ip-oddities.ts';
import { idleChains } from '../proxy/nftables/astray-places.ts';
import { misnamedEndpoints } from '../proxy/nftables/misnamed-endpoints.ts';
import { CLUSTER_IPS, kubeProxyTables, nameOfChain } from '../proxy/nftables/names.ts';
import { misnamedChain, unusedChain } from './service-chain-findings.ts';
import type { NftTableEntry } from '../world/nftables/tables.ts';
import { findingKinds, type FoundThing, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.nft.table-partial',
    severity: 'critical',
    title: "a part of kube-proxy's table of nft is missing",
    why: 'connections to services are not handled as the rest of the table says',
    lessExact: true,
  },
]);

export const nftTables: FindingRule = { kinds, find: nftTableFindings };

/** Parts of kube-proxy's tables of nft that are missing: what the table holds for services then does not happen. */
function nftTableFindings({ model }: NodeView): FoundThing[] {
  const entries = kubeProxyTables(model).filter((entry) => entry.whole);
  return entries.flatMap((entry) => [...partsMissing(entry), ...partsThatDiffer(entry), ...misnamed(entry), ...idle(entry)]);
}

/** Where connections to services come in, and who sends them. */
const ENTRIES: readonly (readonly [hook: string, senders: string])[] = [
  ['prerouting', 'pods and from outside'],
  ['output', 'the node itself'],
];

function partsMissing(entry: NftTableEntry): FoundThing[] {
  const { table } = entry;
  const name = `${table.family} ${table.name}`;
  const chains = new Map((table.chains ?? []).map((chain) => [chain.name, chain]));
  const maps = (table.sets ?? []).filter(
    (set): set is NftMap => set.kind === 'Map' && set.dataType?.[0] === 'verdict' && (set.elements?.length ?? 0) > 0,
  );
  if (maps.length === 0) return [];
  const translating = maps.filter((map) => targetsOf(map).some((target) => translates(chains, target)));
  const found = ENTRIES.flatMap(([hook, senders]): readonly string[] => {
    const reached = reachedFrom(chains, hooked(chains, hook));
    const unasked = translating.filter((map) => !reached.maps.has(map.name));
    return unasked.length === 0
      ? []
      : [
          `no rule at ${hook} asks ${unasked.length === 1 ? 'map' : 'maps'} ${listed(unasked.map((map) => map.name))}: connections from ${senders} to what is in there are not handled`,
        ];
  });
  // What is refused may be asked at any hook.
  const asked = reachedFrom(chains, hooked(chains)).maps;
  const others = maps.filter((map) => !translating.includes(map) && !asked.has(map.name));
  if (others.length > 0)
    found.push(
      `no rule asks ${others.length === 1 ? 'map' : 'maps'} ${listed(others.map((map) => map.name))}: what is in there is not refused`,
    );
  const marks = [...chains.values()].some((chain) => statementsOf(chain).some(({ kind }) => kind === 'Assignment'));
  const behind = reachedFrom(chains, hooked(chains, 'postrouting')).chains;
  if (
    marks &&
    ![...behind].some((chain) =>
      statementsOf(chain).some((one) => one.kind === 'Nat' && (one.type === 'masquerade' || one.type === 'snat')),
    )
  ) {
    found.push('no rule at postrouting masquerades: replies to what is marked for it do not come back through the node');
  }
  const empty = maps.flatMap(targetsOf).filter((target) => (chains.get(target)?.rules?.length ?? 0) === 0);
  if (empty.length > 0)
    found.push(
      `maps lead to ${listed([...new Set(empty)].sort())}, which ${empty.length === 1 ? 'has' : 'have'} no rule: connections to those services are not translated`,
    );
  const emptied = empty.flatMap((chain) => nameOfChain(chain)?.servicePort ?? []);
  return found.map((text, index) =>
    finding('lint.nft.table-partial', {
      // What the chains of one service lack is told better by what the cluster asks for.
      ...(empty.length > 0 && index === found.length - 1 && emptied.length === empty.length ? { about: emptied } : {}),
      subject: { kind: 'nft.table', name },
      text: `nft table ${name} is only partly there: ${text}`,
      lookAt: `nft list table ${name}`,
      note: 'kube-proxy writes the table anew when it starts',
      origins: [entry.originOf(table.span)],
    }),
  );
}

/** The set of cluster IPs and the maps of services are written at once: what one has alone was not. */
function partsThatDiffer(entry: NftTableEntry): FoundThing[] {
  const { table } = entry;
  const name = `${table.family} ${table.name}`;
  return clusterIpOddities(table).map(({ text, severity, about }) =>
    finding('lint.nft.table-partial', {
      subject: { kind: 'nft.table', name },
      severity,
      ...(about === undefined ? {} : { about }),
      text: `nft table ${name}: ${text}`,
      lookAt: `nft list set ${name} ${CLUSTER_IPS}`,
      origins: [entry.originOf(table.span)],
    }),
  );
}

/** Chains of endpoints that lead elsewhere than their names say. */
function misnamed({ table, originOf }: NftTableEntry): FoundThing[] {
  return misnamedEndpoints(table).map(({ chain, servicePort, named, leadsTo }) =>
    misnamedChain({
      subject: { kind: 'nft.table', name: `${table.family} ${table.name}` },
      text: `${servicePort}: chain ${chain.name} is called after ${named} and leads to ${leadsTo}: kube-proxy did not write this`,
      origins: [originOf(chain.span)],
      about: [servicePort],
    }),
  );
}

/** Chains of services that nothing leads to; an emptied one waits to be taken away. */
function idle({ table, originOf }: NftTableEntry): FoundThing[] {
  // Of cluster IPs that no map has it is told which services end there.
  const told = new Set(clusterIpOddities(table).flatMap(({ about = [] }) => about));
  return idleChains(table).flatMap((chain) => {
    const name = nameOfChain(chain.name)?.servicePort ?? chain.name;
    return told.has(name)
      ? []
      : [
          unusedChain({
            subject: { kind: 'kube.servicePort', name },
            text: `${name}: nothing leads to chain ${chain.name}`,
            origins: [originOf(chain.span)],
            about: [name],
          }),
        ];
  });
}

function statementsOf({ rules = [] }: Chain): readonly Statement[] {
  return rules.flatMap(({ statements }) => statements);
}

/** The base chains of a hook, or of any. */
function hooked(chains: ReadonlyMap<string, Chain>, hook?: string): readonly Chain[] {
  return [...chains.values()].filter((chain) => chain.hook !== undefined && (hook === undefined || chain.hook.hook === hook));
}

/** The chains to which the elements of a map lead. */
function targetsOf({ elements = [] }: Pick<NftMap, 'elements'>): string[] {
  return elements.flatMap(({ value }) => (value?.kind === 'Verdict' && value.chain !== undefined ? [value.chain] : []));
}

function translates(chains: ReadonlyMap<string, Chain>, name: string): boolean {
  const start = chains.get(name);
  return (
    start !== undefined &&
    [...reachedFrom(chains, [start]).chains].some((chain) => statementsOf(chain).some((one) => one.kind === 'Nat' && one.type === 'dnat'))
  );
}

/** The chains that some lead to, and the maps that are asked there. */
function reachedFrom(
  chains: ReadonlyMap<string, Chain>,
  from: readonly Chain[],
): { readonly chains: ReadonlySet<Chain>; readonly maps: ReadonlySet<string> } {
  const reached = new Set(from);
  const maps = new Set<string>();
  for (const chain of reached) {
    for (const statement of statementsOf(chain)) {
      if (statement.kind === 'VerdictMap' && statement.map.kind === 'SetReference') maps.add(statement.map.name);
      const names =
        statement.kind === 'Verdict' && statement.chain !== undefined
          ? [statement.chain]
          : statement.kind === 'VerdictMap' && statement.map.kind === 'AnonymousSet'
            ? targetsOf(statement.map)
            : [];
      // A set is walked in the order of insertion: what is added comes later.
      for (const next of names.flatMap((name) => chains.get(name) ?? [])) reached.add(next);
    }
  }
  return { chains: reached, maps };
}
