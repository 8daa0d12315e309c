import { type Count, countHigh, countLow } from '@netdrift/core';
import type { Rule } from '@netdrift/iptables';
import { printIptablesMatch, printIptablesTarget } from '@netdrift/iptables';
import type { NodeRecord } from './records.ts';

type Column = string | number | boolean | undefined;

/**
 * One line of `--format jsonl --flat`: columns for SQL. A column has one type in every record, and is null or missing where it has no
 * value; counters are numbers, and where the tool printed one shortened (`1234K`) the column of that name is the lowest figure that it
 * stands for and the one that ends in `High` the highest.
 */
export type FlatRecord = Readonly<Record<string, string | number | boolean | null>>;

/** Columns that every record has, so that a query may name them whatever was read; the others are missing where they have no value. */
const ALWAYS = [
  'family',
  'table',
  'chain',
  'set',
  'host',
  'service',
  'destination',
  'rule',
  'packets',
  'packetsHigh',
  'bytes',
  'bytesHigh',
  'weight',
] as const;

/** A record with everything that it holds in columns; `node` is the whole node as JSON text. */
export function flatRecord(record: NodeRecord): FlatRecord {
  const { schemaVersion, type, tool, family, table, chain, set, host, source, line, time, node } = record;
  const columns: Record<string, Column> = {
    schemaVersion,
    type,
    tool,
    family,
    table,
    chain,
    set,
    host,
    source,
    line,
    time,
    ...(record.service === undefined ? {} : { service: serviceText(record.service) }),
    ...columnsOf(node),
  };
  const shown = Object.entries(columns).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined);
  return { ...Object.fromEntries(ALWAYS.map((column) => [column, null])), ...Object.fromEntries(shown) };
}

type Node = NodeRecord['node'];

/** What a service is known by: `TCP 10.96.0.1:443`, `FWM 5 ipv6`. */
function serviceText({ protocol = '', address, name, port, portName, fwmark, family }: NonNullable<NodeRecord['service']>): string {
  if (fwmark !== undefined) return `FWM ${fwmark}${family === undefined ? '' : ` ${family}`}`;
  return `${protocol} ${placeText({ address: address ?? name, port: port ?? portName })}`;
}

function placeText({ address = '', port }: { readonly address: string | undefined; readonly port: number | string | undefined }): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return port === undefined ? host : `${host}:${port}`;
}

function columnsOf(node: Node): Record<string, Column> {
  const all = { ...scalars(node), node: JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : value)) };
  if (!('kind' in node)) return all;
  switch (node.kind) {
    case 'Rule':
      // A rule of nftables is a list of statements, which `node` holds.
      return 'protocol' in node ? { ...all, ...ruleColumns(node), ...countColumns(node.counters ?? {}) } : all;
    case 'Chain':
      return 'counters' in node ? { ...all, ...countColumns(node.counters ?? {}) } : all;
    case 'VirtualService':
      return { ...all, service: serviceText(node), ...countColumns(node.counters ?? {}), ...countColumns(node.rate ?? {}, 'rate') };
    case 'Destination':
      return {
        ...all,
        destination: placeText({ address: node.address ?? node.name, port: node.port ?? node.portName }),
        ...countColumns(node.counters ?? {}),
        ...countColumns(node.rate ?? {}, 'rate'),
      };
    default:
      return all;
  }
}

/** Words and figures that a node holds by themselves; a name of a column always has the same type, so that others are left to `node`. */
const COLUMNS: ReadonlyMap<string, 'string' | 'number'> = new Map([
  ['num', 'number'],
  ['policy', 'string'],
  ['references', 'number'],
  ['scheduler', 'string'],
  ['forward', 'string'],
  ['weight', 'number'],
  ['activeConnections', 'number'],
  ['inactiveConnections', 'number'],
  ['persistentConnections', 'number'],
  ['upperThreshold', 'number'],
  ['lowerThreshold', 'number'],
  ['fwmark', 'number'],
  ['name', 'string'],
  ['state', 'string'],
  ['expires', 'number'],
  ['code', 'string'],
  ['severity', 'string'],
  ['message', 'string'],
  ['error', 'string'],
]);

function scalars(node: object): Record<string, Column> {
  return Object.fromEntries(Object.entries(node).filter(([key, value]) => COLUMNS.get(key) === typeof value));
}

function ruleColumns(rule: Rule): Record<string, Column> {
  const address = (condition: Rule['source']): string => {
    const mask =
      'prefixLength' in condition && condition.prefixLength !== undefined
        ? condition.prefixLength
        : 'mask' in condition
          ? condition.mask
          : undefined;
    return `${condition.not ? '!' : ''}${'name' in condition ? condition.name : condition.address}${mask === undefined ? '' : `/${mask}`}`;
  };
  const family = 'address' in rule.source && rule.source.address.includes(':') ? 'ipv6' : 'ipv4';
  const { protocol, in: input, out: output, source, destination, matches, target, goto: jumps } = rule;
  const sourceAddress = address(source);
  const destinationAddress = address(destination);
  const name = `${protocol.not ? '!' : ''}${protocol.name ?? protocol.number ?? ''}`;
  const inInterface = input === undefined ? undefined : `${input.not ? '!' : ''}${input.name}`;
  const outInterface = output === undefined ? undefined : `${output.not ? '!' : ''}${output.name}`;
  const words = [
    ...asked('-p', name === 'all' ? undefined : name),
    ...asked('-i', inInterface === '*' ? undefined : inInterface),
    ...asked('-o', outInterface === '*' ? undefined : outInterface),
    ...asked('-s', sourceAddress),
    ...asked('-d', destinationAddress),
    ...matches.map((match) => printIptablesMatch(match, family)),
    ...(target === undefined ? [] : [printIptablesTarget(target, { family, ...(jumps === undefined ? {} : { goto: true }) })]),
  ];
  return {
    protocol: name,
    inInterface,
    outInterface,
    sourceAddress,
    destinationAddress,
    target: target?.name,
    rule: words.join(' '),
  };
}

/** A condition as a save form spells it: `! -i eth0`. */
function asked(option: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  return value.startsWith('!') ? ['!', option, value.slice(1)] : [option, value];
}

/** Each counter as a number, and the highest figure where it was printed shortened. */
function countColumns(counters: object, prefix = ''): Record<string, Column> {
  const columns: Record<string, Column> = {};
  for (const [key, value] of Object.entries(counters)) {
    const count = value as Count;
    const name = prefix === '' ? key : `${prefix}${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
    columns[name] = countLow(count);
    if (typeof count !== 'number') columns[`${name}High`] = countHigh(count);
  }
  return columns;
}
