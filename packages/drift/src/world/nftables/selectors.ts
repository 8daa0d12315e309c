import { parseProtocol } from '@netdrift/core';
import type { Expression } from '@netdrift/nftables';
import type { Field } from '../field.ts';
import type { KeyField } from '../lookup.ts';
import type { NftContext } from './context.ts';

/** What a selector of a rule asks of a packet. */
export interface Selected {
  readonly field: KeyField;
  /** Only packets of this protocol have it: `tcp dport`. */
  readonly protocol?: number;
  /** Bits that are looked at; of marks. */
  readonly mask?: number;
  /** The mark is that of the connection. */
  readonly register?: 'packet' | 'connection';
  /** As the packet was when its connection began. */
  readonly original?: true;
}

/** Headers that have ports. */
const PORTED: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite']);
const PORT_FIELDS: Readonly<Record<string, Field>> = { sport: 'sourcePort', dport: 'destinationPort' };
const ADDRESS_FIELDS: Readonly<Record<string, Field>> = { saddr: 'source', daddr: 'destination' };

/**
 * The field that an expression asks for; `never` where packets of the family have none, nothing where it is no field that rules are
 * followed by.
 */
export function selectedBy(expression: Expression, context: NftContext): Selected | 'never' | undefined {
  switch (expression.kind) {
    case 'Payload':
      return payload(expression.protocol, expression.field, context);
    case 'Meta':
      if (expression.key === 'l4proto') return { field: 'protocol' };
      return expression.key === 'mark' ? { field: 'mark', register: 'packet' } : undefined;
    case 'Ct':
      return connection(expression);
    case 'Binary': {
      const inner = expression.operator === '&' && expression.right.kind === 'Number' ? selectedBy(expression.left, context) : undefined;
      const mask = expression.right.kind === 'Number' ? expression.right.value : 0;
      return typeof inner === 'object' && inner.field === 'mark' ? { ...inner, mask } : undefined;
    }
    default:
      return undefined;
  }
}

function payload(protocol: string, name: string, { family }: NftContext): Selected | 'never' | undefined {
  if (protocol === 'ip' || protocol === 'ip6') {
    if ((protocol === 'ip') !== (family === 'ipv4')) return 'never';
    const address = ADDRESS_FIELDS[name];
    if (address !== undefined) return { field: address };
    return name === 'protocol' || name === 'nexthdr' ? { field: 'protocol' } : undefined;
  }
  const port = PORT_FIELDS[name];
  if (protocol === 'th') return port === undefined ? undefined : { field: port };
  const number = parseProtocol(protocol)?.number;
  if (port === undefined || number === undefined || !PORTED.has(protocol)) return undefined;
  return { field: port, protocol: number };
}

const ORIGINAL: Readonly<Record<string, Field>> = {
  saddr: 'source',
  daddr: 'destination',
  'proto-src': 'sourcePort',
  'proto-dst': 'destinationPort',
  protocol: 'protocol',
};

function connection({ key, direction }: Extract<Expression, { kind: 'Ct' }>): Selected | undefined {
  if (key === 'state') return { field: 'state' };
  if (key === 'mark') return { field: 'mark', register: 'connection' };
  const field = direction === 'original' ? ORIGINAL[key] : undefined;
  return field === undefined ? undefined : { field, original: true };
}
