import type { Fact, ProxyFacts } from '../proxy/facts/fact.ts';
import { generationOf } from '../proxy/facts/generation.ts';
import type { VersionRange } from '../proxy/names/chain-catalogue.ts';
import { otherProxy } from '../proxy/other-proxies.ts';
import type { ServiceTable } from '../proxy/service-table.ts';
import type { InPart, NodeKnowledge } from '../read/kinds/knowledge.ts';
import { lastFlag } from '../read/kinds/node-knowledge.ts';
import type { Model } from '../state/model.ts';
import { type Origin, originIn } from '../state/origin.ts';

/**
 * How a node's service proxy is set up, each fact with what it was told from. A missing key = nothing in the snapshot tells.
 *
 * What the tables show (`proxyMode`, `masqueradeAll`, …) and what was asked for (`modeAsked`) are apart: they differ where
 * kube-proxy fell back.
 */
export interface NodeFacts extends ProxyFacts {
  /** The mode asked for: by a flag in the log, a configuration file, or by what the log says of it. */
  readonly modeAsked?: Fact<string>;
  /** The program that serves Services in place of kube-proxy; missing = none is shown. */
  readonly otherProxy?: Fact<string>;
  /** The mode that runs: by `/proxyMode`, the log, or the tables. `none`: kube-proxy ended, and its tables are empty. */
  readonly modeUsed?: Fact<string>;
  /** The exact version of kube-proxy. */
  readonly version?: Fact<string>;
  /** The versions that can have written the tables. */
  readonly generation?: Fact<VersionRange>;
  readonly kernel?: Fact<string>;
  readonly strictArp?: Fact<boolean>;
  /** The value of the scheduler asked for, where it is not the default. */
  readonly schedulerAsked?: Fact<string>;
  /** Ranges that may use a load-balancer address, by `tcp 192.0.2.50:443`. */
  readonly sourceRanges?: Fact<Readonly<Record<string, readonly string[]>>>;
  /** Node ports, as `tcp 30080`, sorted. */
  readonly nodePorts?: Fact<readonly string[]>;
}

/** What is known of a node's service proxy, told from its tables and from what was said of it. */
export function factsOf(model: Model, knowledge: NodeKnowledge, tables: ProxyFacts, table: ServiceTable, kubernetes: boolean): NodeFacts {
  const facts: { -readonly [Key in keyof NodeFacts]: NodeFacts[Key] } = { ...tables };
  const other = otherProxy(model, knowledge);
  const isKubeProxys = kubernetes && other === undefined;
  if (!isKubeProxys) delete facts.proxyMode;
  if (other !== undefined) facts.otherProxy = other;
  const modeAsked = modeAskedFor(knowledge);
  const modeUsed = isKubeProxys ? modeThatRuns(model, knowledge, tables, modeAsked?.value) : undefined;
  const version = versionOf(knowledge);
  const generation = generationOf(model);
  const strictArp = strictArpOf(knowledge);
  const schedulerAsked = settingOf(knowledge, 'ipvs-scheduler', knowledge.configuration?.value.scheduler);
  const sourceRanges = rangesOf(table, model);
  const nodePorts = nodePortsOf(table, model);
  if (modeAsked !== undefined) facts.modeAsked = modeAsked;
  if (modeUsed !== undefined) facts.modeUsed = modeUsed;
  if (version !== undefined) facts.version = version;
  if (generation !== undefined) facts.generation = generation;
  if (knowledge.kernel !== undefined) facts.kernel = factIn(knowledge.kernel, 'uname');
  if (strictArp !== undefined) facts.strictArp = strictArp;
  if (schedulerAsked !== undefined) facts.schedulerAsked = schedulerAsked;
  if (sourceRanges !== undefined) facts.sourceRanges = sourceRanges;
  if (nodePorts !== undefined) facts.nodePorts = nodePorts;
  return facts;
}

function factIn<Value>(told: InPart<Value>, because: string): Fact<Value> {
  return { value: told.value, because, origins: [originIn(told)], confidence: 'certain' };
}

/** A value of a flag in the log or of a configuration file; the log, which tells what really was read, comes first. */
function settingOf(knowledge: NodeKnowledge, flag: string, configured: string | undefined): Fact<string> | undefined {
  const logged = knowledge.log.findLast(({ value }) => value.kind === 'flag' && value.name === flag && value.value !== '');
  const value = lastFlag(knowledge.log, flag);
  if (logged !== undefined && value !== undefined)
    return { value, because: `flag --${flag} in the log`, origins: [originIn(logged)], confidence: 'certain' };
  if (configured === undefined || knowledge.configuration === undefined) return undefined;
  return { value: configured, because: 'the configuration file', origins: [originIn(knowledge.configuration)], confidence: 'certain' };
}

function modeAskedFor(knowledge: NodeKnowledge): Fact<string> | undefined {
  const set = settingOf(knowledge, 'proxy-mode', knowledge.configuration?.value.mode);
  if (set !== undefined) return set;
  for (const statement of knowledge.log) {
    const { value } = statement;
    // Only who asks for ipvs mode is told that it cannot be had.
    if (value.kind === 'ipvs-unusable')
      return {
        value: 'ipvs',
        because: 'the log says that ipvs mode cannot be used',
        origins: [originIn(statement)],
        confidence: 'certain',
      };
    if (value.kind === 'mode-unknown')
      return { value: value.mode, because: 'the log', origins: [originIn(statement)], confidence: 'certain' };
  }
  return undefined;
}

function modeThatRuns(model: Model, knowledge: NodeKnowledge, tables: ProxyFacts, asked: string | undefined): Fact<string> | undefined {
  if (knowledge.proxyMode !== undefined) return factIn(knowledge.proxyMode, 'the answer of /proxyMode');
  const last = knowledge.log.findLast(({ value }) => value.kind === 'mode-used' || value.kind === 'exited');
  if (last?.value.kind === 'exited')
    return { value: 'none', because: 'the log ends with an error', origins: [originIn(last)], confidence: 'certain' };
  if (last?.value.kind === 'mode-used')
    return { value: last.value.mode, because: 'the log', origins: [originIn(last)], confidence: 'certain' };
  if (tables.proxyMode !== undefined) return { ...tables.proxyMode, confidence: 'likely' };
  const nat = model.tables.get('ipv4 nat') ?? model.tables.get('ipv6 nat');
  const [chain] = nat?.chains.values() ?? [];
  // Of nftables mode no chain of iptables tells.
  if (asked === 'nftables' || nat?.complete !== true || chain === undefined || (model.ipvs?.services.size ?? 0) > 0) return undefined;
  return { value: 'none', because: 'nat holds no chain of kube-proxy', origins: [chain.origin], confidence: 'likely' };
}

function versionOf(knowledge: NodeKnowledge): Fact<string> | undefined {
  const logged = knowledge.log.findLast(({ value }) => value.kind === 'version');
  if (logged?.value.kind === 'version')
    return { value: logged.value.version, because: 'the log', origins: [originIn(logged)], confidence: 'certain' };
  return knowledge.version === undefined ? undefined : factIn(knowledge.version, 'kube-proxy --version');
}

/** `--ipvs-strict-arp` sets both; either may be set by somebody else. */
function strictArpOf({ sysctls }: NodeKnowledge): Fact<boolean> | undefined {
  const ignore = sysctls.get('net.ipv4.conf.all.arp_ignore');
  const announce = sysctls.get('net.ipv4.conf.all.arp_announce');
  if (ignore === undefined || announce === undefined) return undefined;
  const value = ignore.value === '1' && announce.value === '2';
  return {
    value,
    because: `arp_ignore is ${ignore.value}, arp_announce is ${announce.value}`,
    origins: [originIn(ignore), originIn(announce)],
    confidence: 'likely',
  };
}

function rangesOf(table: ServiceTable, model: Model): NodeFacts['sourceRanges'] {
  const ranges: [string, readonly string[]][] = [];
  for (const { frontends } of table.servicePorts) {
    for (const { protocol, addresses, port, sourceRanges } of frontends) {
      if (sourceRanges !== undefined && addresses[0] !== undefined) ranges.push([`${protocol} ${addresses[0]}:${port}`, sourceRanges]);
    }
  }
  if (ranges.length === 0) return undefined;
  return {
    value: Object.fromEntries(ranges.sort(([one], [other]) => (one < other ? -1 : 1))),
    because: 'sets and chains of load-balancer addresses',
    origins: originsOfTables(model),
    confidence: 'certain',
  };
}

function nodePortsOf(table: ServiceTable, model: Model): NodeFacts['nodePorts'] {
  const ports = new Set<string>();
  for (const { frontends } of table.servicePorts)
    for (const { purpose, protocol, port } of frontends) if (purpose === 'node port') ports.add(`${protocol} ${port}`);
  return ports.size === 0
    ? undefined
    : { value: [...ports].sort(), because: 'sets and chains of node ports', origins: originsOfTables(model), confidence: 'certain' };
}

/** The whole of the tables: these facts have no single place. */
function originsOfTables(model: Model): readonly Origin[] {
  const parts = [...(model.sets?.origins ?? []), ...(model.tables.get('ipv4 nat')?.origins ?? [])];
  return [...new Set(parts)].slice(0, 2).map((part) => ({ part, lines: [1, 1] as const }));
}
