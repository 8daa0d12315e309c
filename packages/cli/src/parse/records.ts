import type { Diagnostic, Section } from '@netdrift/core';
import type { ParsedSection } from '@netdrift/drift';
import type { IpSet } from '@netdrift/ipset';
import type { Chain, IptablesValue, Rule } from '@netdrift/iptables';
import type { Nftables, Table as NftTable } from '@netdrift/nftables';
import { hasServices, type IpvsadmValue, type VirtualService } from '@netdrift/ipvsadm';

/** One line of `--format jsonl`: a node that is of use without its neighbours. */
export interface NodeRecord {
  readonly schemaVersion: '1.0';
  /** The node's kind in kebab-case, as `virtual-service`; `diagnostic` for a diagnostic. */
  readonly type: string;
  readonly tool: string;
  readonly family?: string;
  readonly table?: string;
  readonly chain?: string;
  /** Identity of the service that a destination belongs to. */
  readonly service?: ServiceIdentity;
  /** Name of the set that a member belongs to. */
  readonly set?: string;
  readonly host?: string;
  /** Name of the input. */
  readonly source: string;
  /** Line of the input, from 1. */
  readonly line: number;
  /** When it was read, in UTC (`--timestamps`). */
  readonly time?: string;
  readonly node: RecordNode;
}

type ValueOf<Tool extends ParsedSection['tool']> = NonNullable<Extract<ParsedSection, { readonly tool: Tool }>['value']>;
/** What stands in a list of an output that is told node by node. */
type Listed<Value, Key extends PropertyKey> = Value extends { readonly [Name in Key]?: readonly (infer Node)[] } ? Node : never;
type Without<Node, Key extends PropertyKey> = Node extends unknown ? Omit<Node, Key> : never;

/** What a record is about: what the node holds has records of its own, and is left out. */
type RecordNode =
  | Diagnostic
  | Listed<ValueOf<'iptables'>, 'notices'>
  | Without<Chain, 'rules'>
  | Rule
  | Without<VirtualService, 'destinations'>
  | VirtualService['destinations'][number]
  | Listed<ValueOf<'ipvsadm'>, 'connections' | 'daemons'>
  | Exclude<ValueOf<'ipvsadm'>, { readonly services: unknown } | { readonly connections: unknown } | { readonly daemons: unknown }>
  | Without<IpSet, 'members'>
  | Listed<IpSet, 'members'>
  | Listed<ValueOf<'modules'>, 'errors' | 'modules'>
  | Without<NftTable, 'objects' | 'sets' | 'flowtables' | 'chains'>
  | Listed<NftTable, 'objects' | 'flowtables'>
  | Without<NftSet, 'elements'>
  | Listed<NftSet, 'elements'>
  | Without<NftChain, 'rules'>
  | Listed<NftChain, 'rules'>
  | Extract<ParsedSection['value'], { readonly kind: 'ToolError' }>
  | NonNullable<Exclude<ParsedSection, { readonly tool: 'iptables' | 'ipvsadm' | 'ipset' | 'modules' | 'nft' }>['value']>;

type NftSet = Listed<NftTable, 'sets'>;
type NftChain = Listed<NftTable, 'chains'>;

const IDENTITY = ['protocol', 'address', 'port', 'name', 'portName', 'fwmark', 'family'] as const;

/** The keys of a service that tell it from others, as far as its form has them. */
interface ServiceIdentity {
  readonly protocol?: string;
  readonly address?: string;
  readonly port?: number;
  readonly name?: string;
  readonly portName?: string;
  readonly fwmark?: number;
  readonly family?: string;
}

/** What a record says beside its node. */
export interface RecordPlace {
  readonly source: string;
  readonly lineOf: (offset: number) => number;
  readonly section: Pick<Section, 'tool' | 'table' | 'family' | 'host'>;
}

type Spanned = { readonly kind: string; readonly span: { readonly start: number } };

/** The records of one output: parents before what they hold, and without it. */
export function* recordsOf(parsed: ParsedSection, place: RecordPlace): Generator<NodeRecord, void, void> {
  switch (parsed.tool) {
    case 'iptables':
      return yield* ruleRecords(parsed.value, place);
    case 'ipvsadm':
      return yield* serviceRecords(parsed.value, place);
    case 'ipset': {
      const { value } = parsed;
      if (value.kind === 'ToolError') return yield record(value, place);
      for (const { members = [], ...set } of value.sets) {
        yield record(set, place);
        for (const member of members) yield record(member, place, { set: set.name });
      }
      return;
    }
    case 'modules': {
      const { value } = parsed;
      if (value.kind === 'ToolError') return yield record(value, place);
      for (const node of value.kind === 'ModuleErrors' ? value.errors : value.modules) yield record(node, place);
      return;
    }
    case 'nft':
      return yield* nftRecords(parsed.value, place);
    default:
      if (parsed.value !== undefined) yield record({ ...parsed.value, span: { start: 0 } }, place, { node: parsed.value });
  }
}

/** The record of a diagnostic. */
export function diagnosticRecord(diagnostic: Diagnostic, tool: string, source: string, lineOf: (offset: number) => number): NodeRecord {
  return { schemaVersion: '1.0', type: 'diagnostic', tool, source, line: lineOf(diagnostic.span.start), node: diagnostic };
}

function* ruleRecords(value: IptablesValue, place: RecordPlace): Generator<NodeRecord, void, void> {
  if (value.kind === 'ToolError') return yield record(value, place);
  const family = value.family ?? place.section.family;
  for (const notice of value.notices) yield record(notice, place, { family });
  for (const table of value.tables) {
    for (const chain of table.chains) {
      yield chainRecord(chain, place, table.name, family);
      for (const rule of chain.rules) yield ruleRecord(rule, place, chain.name, table.name, family);
    }
  }
}

function* nftRecords(value: Nftables, place: RecordPlace): Generator<NodeRecord, void, void> {
  if (value.kind === 'ToolError') return yield record(value, place);
  for (const table of value.tables) yield* nftTableRecords(table, place);
}

/** A table of nft, what it holds, and the elements and rules of that, each under the names of what it stands in. */
export function* nftTableRecords(
  { objects = [], sets = [], flowtables = [], chains = [], ...head }: NftTable,
  place: RecordPlace,
): Generator<NodeRecord, void, void> {
  const { family, name: table } = head;
  yield record(head, place, { family, table });
  for (const node of [...objects, ...flowtables]) yield record(node, place, { family, table });
  for (const { elements = [], ...set } of sets) {
    yield record(set, place, { family, table });
    for (const element of elements) yield record({ ...element, span: element.span ?? set.span }, place, { family, table, set: set.name });
  }
  for (const { rules = [], ...chain } of chains) {
    yield record(chain, place, { family, table });
    for (const rule of rules) yield record(rule, place, { family, table, chain: chain.name });
  }
}

/** The record of a chain, without its rules. */
export function chainRecord(
  { rules: _told, ...chain }: Chain,
  place: RecordPlace,
  table: string | undefined,
  family: string | undefined,
): NodeRecord {
  return record(chain, place, { family, table: table ?? place.section.table });
}

/** The record of a rule. */
export function ruleRecord(
  rule: Rule,
  place: RecordPlace,
  chain: string,
  table: string | undefined,
  family: string | undefined,
): NodeRecord {
  return record(rule, place, { family, table: table ?? place.section.table, chain });
}

function* serviceRecords(value: IpvsadmValue, place: RecordPlace): Generator<NodeRecord, void, void> {
  if (value.kind === 'IpvsadmConnections') {
    for (const connection of value.connections) yield record(connection, place);
    return;
  }
  if (value.kind === 'IpvsadmDaemons') {
    for (const daemon of value.daemons) yield record(daemon, place);
    return;
  }
  if (!hasServices(value)) return yield record(value, place);
  for (const service of value.services) yield* serviceRecord(service, place);
}

/** The record of a service, and those of its destinations. */
export function* serviceRecord({ destinations, ...service }: VirtualService, place: RecordPlace): Generator<NodeRecord, void, void> {
  yield record(service, place);
  const identity = identityOf(service);
  for (const destination of destinations) yield record(destination, place, { service: identity });
}

/** The record of a node that stands alone. */
export function nodeRecord(node: Spanned, place: RecordPlace, extra: Extra = {}): NodeRecord {
  return record(node, place, extra);
}

function identityOf(service: Omit<VirtualService, 'destinations'>): ServiceIdentity {
  return Object.fromEntries(IDENTITY.flatMap((key) => (service[key] === undefined ? [] : [[key, service[key]]])));
}

type Extra = { readonly [Key in keyof NodeRecord]?: NodeRecord[Key] | undefined };

/** Keys without a value are left away by JSON. */
function record(node: Spanned, { source, lineOf, section }: RecordPlace, extra: Extra = {}): NodeRecord {
  const { tool, table, family, host } = section;
  const type = node.kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  // JSON drops what is undefined; the keys stand in this order in every record.
  return {
    schemaVersion: '1.0',
    type,
    tool,
    family,
    table,
    ...extra,
    host,
    source,
    line: lineOf(node.span.start),
    node: extra.node ?? node,
  } as NodeRecord;
}
