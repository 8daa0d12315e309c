import { ownAddresses, ownInterfaces } from '../proxy/facts/own-interfaces.ts';
import { kubeProxyTables } from '../proxy/nftables/names.ts';
import { exceptedSources, masqueradesEverybody } from '../proxy/nftables/nft-endpoints.ts';
import type { NodeKnowledge } from '../read/kinds/knowledge.ts';
import { lastFlag } from '../read/kinds/node-knowledge.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { ProxySettings } from './settings.ts';

/** In nftables mode the flag does nothing, the key of the configuration file does. */
export function masqueradesAll({ knowledge, facts, model }: NodeView, mode: ProxySettings['mode'] | undefined): boolean {
  const configured = textOf(knowledge.configuration?.value.masqueradeAll);
  const tables = kubeProxyTables(model);
  if (mode === 'nftables')
    return configured === 'true' || (!tellsFlags(knowledge) && tables.some(({ table }) => masqueradesEverybody(table)));
  return flagOf(knowledge, 'masquerade-all', configured) === 'true' || (!tellsFlags(knowledge) && facts.masqueradeAll?.value === true);
}

/** A value of the configuration as a flag would have it. */
export function textOf(value: boolean | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** The number that a flag has; undefined where it has none. */
export function numberOf(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** The log tells what was read in the end; a configuration file may be read later. */
export function flagOf({ log }: NodeKnowledge, name: string, configured: string | undefined): string | undefined {
  return lastFlag(log, name) ?? configured;
}

/** A name that no kernel has is one with which kube-proxy does not start; it is left out. */
export function schedulerOf({ knowledge, facts }: NodeView): string | undefined {
  const told =
    flagOf(knowledge, 'ipvs-scheduler', knowledge.configuration?.value.scheduler) ??
    (tellsFlags(knowledge) ? undefined : facts.scheduler?.value);
  return told === undefined || !/^[a-z_]+$/.test(told) ? undefined : told;
}

/** Whether a log or a configuration file tells the flags: one that is not there has its default. */
export function tellsFlags({ log, configuration }: NodeKnowledge): boolean {
  return configuration !== undefined || (log.some(({ value }) => value.kind === 'flag') && lastFlag(log, 'config') === undefined);
}

/** `[10.0.0.0/8,192.168.0.0/16]`, as the log prints a list of a flag. */
export function listOf(value: string | undefined): readonly string[] | undefined {
  return value
    ?.replace(/^\[|\]$/g, '')
    .split(/[ ,]+/)
    .filter((item) => item !== '');
}

/** The feature gates that are set, by a flag or the configuration. */
export function gatesOf(knowledge: NodeKnowledge): Readonly<Record<string, boolean>> | undefined {
  const logged = knowledge.log.findLast(({ value }) => value.kind === 'feature-gates')?.value;
  const configured = knowledge.configuration?.value.featureGates;
  const flag = lastFlag(knowledge.log, 'feature-gates');
  const pairs =
    flag === undefined
      ? []
      : flag
          .replace(/^mapStringBool\[?|\]$/g, '')
          .split(',')
          .filter((pair) => pair.includes('='))
          .map((pair) => [pair.split('=')[0] ?? '', pair.endsWith('=true')] as const);
  if (logged?.kind !== 'feature-gates' && configured === undefined && pairs.length === 0) return tellsFlags(knowledge) ? {} : undefined;
  return { ...configured, ...(logged?.kind === 'feature-gates' ? logged.gates : {}), ...Object.fromEntries(pairs) };
}

/** The mode that runs, of those that program rules. */
export function modeOf({ facts }: NodeView): ProxySettings['mode'] | undefined {
  const used = facts.modeUsed?.value;
  if (used === 'ipvs' || used === 'iptables' || used === 'nftables') return used;
  const shown: string | undefined = facts.proxyMode?.value;
  if (shown === 'ipvs' || shown === 'iptables' || shown === 'nftables') return shown;
  if (shown === 'mixed') return 'iptables';
  const asked = facts.modeAsked?.value;
  return asked === 'ipvs' || asked === 'iptables' || asked === 'nftables' ? asked : undefined;
}

/** Addresses of every interface but kube-ipvs0, where more is shown than that one. */
export function interfaceAddresses({ model }: NodeView): readonly string[] | undefined {
  return ownInterfaces(model).some(({ name }) => name !== 'lo') ? ownAddresses(model) : undefined;
}

/** How pods are told from others: as flags say, or as the rules of the node show. */
export function podsOf(
  { knowledge, facts, model }: NodeView,
  ownCidrs: readonly string[],
): Pick<ProxySettings, 'podRanges' | 'podInterface'> {
  const excepted = kubeProxyTables(model).flatMap(({ table }) => exceptedSources(table));
  const shown = [...(facts.clusterCidr?.value ?? '').split(' and ').filter((block) => block.includes('/')), ...excepted];
  if (!tellsFlags(knowledge)) return { podRanges: shown };
  const mode = lastFlag(knowledge.log, 'detect-local-mode') ?? knowledge.configuration?.value.detectLocalMode ?? '';
  const bridge = lastFlag(knowledge.log, 'pod-bridge-interface');
  const namePrefix = lastFlag(knowledge.log, 'pod-interface-name-prefix');
  if (mode === 'BridgeInterface' && bridge !== undefined) return { podRanges: [], podInterface: { bridge } };
  if (mode === 'InterfaceNamePrefix' && namePrefix !== undefined) return { podRanges: [], podInterface: { namePrefix } };
  if (mode === 'NodeCIDR') return { podRanges: ownCidrs };
  if (mode.endsWith('Interface') || mode.endsWith('Prefix')) return { podRanges: shown };
  return { podRanges: listOf(lastFlag(knowledge.log, 'cluster-cidr') ?? knowledge.configuration?.value.clusterCidr) ?? [] };
}

/** Zones that hints name, for a node whose zone is not known. */
export function zonesOf({ knowledge }: NodeView): string[] {
  const zones = new Set<string>();
  for (const { value } of knowledge.endpointPorts)
    for (const { zoneHints } of value.endpoints) for (const zone of zoneHints ?? []) zones.add(zone);
  return [...zones].sort();
}
