import { familyOf } from '@netdrift/core';
import { addToGroup } from '../common/add-to-group.ts';
import type { Condition } from '../state/condition.ts';
import type { IpvsDestination, IpvsService, IpvsTable, Model, RuleChain, RuleEntry, RuleTable } from '../state/model.ts';
import { namesHost, withConditions } from '../state/rule-entry.ts';

/** Two models that can be compared, and what was taken for granted to make them so, in sentences. */
export interface WithoutHostNames {
  readonly before: Model;
  readonly after: Model;
  readonly unresolved: readonly string[];
}

/** What names of one side were taken for: the address that the other side shows in their place. */
type Taken = Map<string, string>;

/**
 * Replaces the names of hosts on one side (a listing without `-n`) by the addresses that the other side shows in their place, in a rule or
 * virtual service that is equal but for them. Whether they are these addresses no listing tells: each is named in `unresolved`.
 */
export function withoutHostNames(before: Model, after: Model): WithoutHostNames {
  if (before === after) return { before, after, unresolved: [] };
  const unresolved: string[] = [];
  const one = resolved(before, after, 'before', unresolved);
  const other = resolved(after, before, 'after', unresolved);
  return { before: one, after: other, unresolved };
}

function resolved(model: Model, other: Model, side: string, unresolved: string[]): Model {
  const tables = new Map(model.tables);
  for (const [key, table] of model.tables) {
    const numeric = other.tables.get(key);
    if (!table.namesHosts || numeric === undefined || numeric.namesHosts) continue;
    const taken: Taken = new Map();
    tables.set(key, resolvedTable(table, numeric, taken));
    tell(`${table.family === 'ipv6' ? 'ip6 ' : ''}${table.name}`, side, taken, unresolved);
  }
  if (model.ipvs === undefined || other.ipvs === undefined || !namesHosts(model.ipvs) || namesHosts(other.ipvs))
    return { ...model, tables };
  const taken: Taken = new Map();
  const ipvs = resolvedIpvs(model.ipvs, other.ipvs, taken);
  tell('IPVS', side, taken, unresolved);
  return { ...model, tables, ipvs };
}

function tell(what: string, side: string, taken: Taken, unresolved: string[]): void {
  if (taken.size === 0) return;
  const pairs = [...taken].map(([name, address]) => `${name} is ${address}`);
  const shown = pairs.length > 4 ? `${pairs.slice(0, 3).join(', ')} and so on for ${pairs.length - 3} more names` : pairs.join(', ');
  unresolved.push(`${what}: ${side} names hosts (listed without -n), and whether ${shown} cannot be told`);
}

function resolvedTable(table: RuleTable, numeric: RuleTable, taken: Taken): RuleTable {
  const ignoreInterfaces = table.interfacesHidden !== numeric.interfacesHidden;
  const chains = new Map<string, RuleChain>();
  for (const [name, chain] of table.chains) {
    const other = numeric.chains.get(name);
    const named = other === undefined ? [] : chain.rules.filter(namesHost);
    chains.set(name, other === undefined || named.length === 0 ? chain : resolvedChain(chain, named, other, ignoreInterfaces, taken));
  }
  return { ...table, chains };
}

function resolvedChain(
  chain: RuleChain,
  named: readonly RuleEntry[],
  numeric: RuleChain,
  ignoreInterfaces: boolean,
  taken: Taken,
): RuleChain {
  const known = new Set(chain.rules.map((rule) => rule.key));
  const free = numeric.rules.filter((rule) => !known.has(rule.key));
  const partners = new Map<RuleEntry, RuleEntry>();
  const used = new Set<RuleEntry>();
  for (const sameTarget of [true, false]) {
    // A rule names its source, its destination or both: each of these forms has its own index of rules that may be meant.
    const indexes = new Map<string, Map<string, RuleEntry[]>>();
    for (const rule of named) {
      if (partners.has(rule)) continue;
      const kinds = namedKinds(rule);
      const keyOf = (candidate: RuleEntry): string =>
        `${keyWithout(candidate, kinds, ignoreInterfaces)} ${sameTarget ? candidate.target.text : ''}`;
      let index = indexes.get(kinds.join());
      if (index === undefined) indexes.set(kinds.join(), (index = indexOf(free, keyOf)));
      const partner = nextOf(index.get(keyOf(rule)), used);
      if (partner !== undefined) partners.set(rule, partner);
    }
  }
  return { ...chain, rules: chain.rules.map((rule) => withAddressesOf(rule, partners.get(rule), taken)) };
}

function namedKinds(rule: RuleEntry): string[] {
  return rule.conditions.filter((condition) => 'named' in condition).map((condition) => condition.kind);
}

/** What a rule asks, with the addresses of some kinds left open. */
function keyWithout(rule: RuleEntry, kinds: readonly string[], ignoreInterfaces: boolean): string {
  const texts: string[] = [];
  for (const { kind, not, text } of rule.conditions) {
    if (kinds.includes(kind)) texts.push(`${not ? '! ' : ''}${kind} ?`);
    else if (!ignoreInterfaces || (kind !== 'in' && kind !== 'out')) texts.push(text);
  }
  return texts.sort().join(' ');
}

function withAddressesOf(rule: RuleEntry, partner: RuleEntry | undefined, taken: Taken): RuleEntry {
  if (partner === undefined) return rule;
  const conditions = rule.conditions.map((condition): Condition => {
    if (!('named' in condition)) return condition;
    const meant = partner.conditions.find((candidate) => candidate.kind === condition.kind);
    if (meant?.kind !== 'source' && meant?.kind !== 'destination') return condition;
    taken.set(condition.block, meant.block);
    return meant;
  });
  return withConditions(rule, conditions);
}

function namesHosts({ services }: IpvsTable): boolean {
  for (const service of services.values()) {
    if (isHostName(service.address)) return true;
    for (const { address } of service.destinations.values()) if (isHostName(address)) return true;
  }
  return false;
}

function isHostName(address: string | undefined): boolean {
  return address !== undefined && familyOf(address) === undefined;
}

function resolvedIpvs(table: IpvsTable, numeric: IpvsTable, taken: Taken): IpvsTable {
  const free = [...numeric.services.values()].filter(({ key }) => !table.services.has(key));
  const index = indexOf(free, atPort);
  const used = new Set<IpvsService>();
  const services = new Map<string, IpvsService>();
  for (const service of table.services.values()) {
    const partner = isHostName(service.address) ? nextOf(index.get(atPort(service)), used) : numeric.services.get(service.key);
    const meant = partner === undefined ? service : withDestinationsOf(service, partner, taken);
    services.set(meant.key, meant);
  }
  return { ...table, services };
}

function atPort({ protocol, port }: IpvsService): string {
  return `${protocol} ${port}`;
}

function withDestinationsOf(service: IpvsService, partner: IpvsService, taken: Taken): IpvsService {
  const free = [...partner.destinations.values()].filter(({ key }) => !service.destinations.has(key));
  const index = indexOf(free, ({ port }) => String(port));
  const used = new Set<IpvsDestination>();
  const destinations = new Map<string, IpvsDestination>();
  for (const destination of service.destinations.values()) {
    const named = isHostName(destination.address);
    // A long name leaves no room for the port: then any destination that is left may be meant.
    const meant = named
      ? (nextOf(index.get(String(destination.port)), used) ?? (destination.port === 0 ? nextOf(free, used) : undefined))
      : undefined;
    if (meant !== undefined) taken.set(destination.address, meant.address);
    const entry = meant === undefined ? destination : { ...destination, key: meant.key, address: meant.address, port: meant.port };
    destinations.set(entry.key, entry);
  }
  if (service.address !== undefined && partner.address !== undefined && service.address !== partner.address)
    taken.set(service.address, partner.address);
  const { key, address, port, family } = partner;
  return {
    ...service,
    key,
    destinations,
    ...(address === undefined ? {} : { address }),
    ...(port === undefined ? {} : { port }),
    ...(family === undefined ? {} : { family }),
  };
}

function indexOf<Entry>(entries: readonly Entry[], keyOf: (entry: Entry) => string): Map<string, Entry[]> {
  const index = new Map<string, Entry[]>();
  for (const entry of entries.toReversed()) {
    addToGroup(index, keyOf(entry), entry);
  }
  return index;
}

/** The next entry of a group, kept in reverse, that is not used yet. */
function nextOf<Entry>(group: Entry[] | undefined, used: Set<Entry>): Entry | undefined {
  for (let entry = group?.pop(); entry !== undefined; entry = group?.pop()) {
    if (used.has(entry)) continue;
    used.add(entry);
    return entry;
  }
  return undefined;
}
