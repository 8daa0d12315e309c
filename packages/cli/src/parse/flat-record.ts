import { type Count, countHigh, countLow } from '@netdrift/core';
import type { Rule } from '@netdrift/iptables';
import { printIptablesMatch, printIptablesTarget } from '@netdrift/iptables';
import type { NodeRecord } from './records.ts';

/**
 * One line of `--format jsonl --flat`: columns for SQL. A column has one type in every record, and is null or missing where it has no
 * value; counters are numbers, and where the tool printed one shortened (`1234K`) the column of that name is the lowest figure that it
 * stands for and the one that ends in `High` the highest.
 */
export type FlatRecord = Readonly<Columns>;

type Columns = Record<string, string | number | boolean | null>;

/** A record with everything that it holds in columns; `node` is the whole node as JSON text. */
export function flatRecord({ schemaVersion, type, tool, source, line, time, node, service, ...place }: NodeRecord): FlatRecord {
  // The first ones are in every record, so that a query may name them whatever was read; others are missing where they have no value.
  const columns: Columns = {
    family: place.family ?? null,
    table: place.table ?? null,
    chain: place.chain ?? null,
    set: place.set ?? null,
    host: place.host ?? null,
    service: service === undefined ? null : serviceText(service),
    destination: null,
    rule: null,
    packets: null,
    packetsHigh: null,
    bytes: null,
    bytesHigh: null,
    weight: null,
    schemaVersion,
    type,
    tool,
    source,
    line,
  };
  if (time !== undefined) columns['time'] = time;
  addNode(columns, node);
  return columns;
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

function addNode(columns: Columns, node: Node): void {
  for (const [key, value] of Object.entries(node)) if (COLUMNS.get(key) === typeof value) columns[key] = value as string | number;
  columns['node'] = JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : value));
  if (!('kind' in node)) return;
  switch (node.kind) {
    case 'Rule':
      // A rule of nftables is a list of statements, which `node` holds.
      if (!('protocol' in node)) return;
      addRule(columns, node);
      return addCounts(columns, node.counters);
    case 'Chain':
      return 'counters' in node ? addCounts(columns, node.counters) : undefined;
    case 'VirtualService':
      columns['service'] = serviceText(node);
      addCounts(columns, node.counters);
      return addCounts(columns, node.rate, 'rate');
    case 'Destination':
      columns['destination'] = placeText({ address: node.address ?? node.name, port: node.port ?? node.portName });
      addCounts(columns, node.counters);
      return addCounts(columns, node.rate, 'rate');
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

function addRule(columns: Columns, rule: Rule): void {
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
  columns['protocol'] = name;
  if (inInterface !== undefined) columns['inInterface'] = inInterface;
  if (outInterface !== undefined) columns['outInterface'] = outInterface;
  columns['sourceAddress'] = sourceAddress;
  columns['destinationAddress'] = destinationAddress;
  if (target !== undefined) columns['target'] = target.name;
  columns['rule'] = words.join(' ');
}

/** A condition as a save form spells it: `! -i eth0`. */
function asked(option: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  return value.startsWith('!') ? ['!', option, value.slice(1)] : [option, value];
}

/** Each counter as a number, and the highest figure where it was printed shortened. */
function addCounts(columns: Columns, counters: object = {}, prefix = ''): void {
  for (const [key, value] of Object.entries(counters)) {
    const count = value as Count;
    const name = prefix === '' ? key : `${prefix}${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
    columns[name] = countLow(count);
    if (typeof count !== 'number') columns[`${name}High`] = countHigh(count);
  }
}
