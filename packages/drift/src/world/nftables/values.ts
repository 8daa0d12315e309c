import { parseProtocol, portOfName } from '@netdrift/core';
import type { Expression } from '@netdrift/nftables';
import { type Field, STATES, type Value } from '../field.ts';
import type { KeyField } from '../lookup.ts';
import { prefixBounds, toAddress } from '../values.ts';

type Pairs = readonly (readonly [low: Value, high: Value])[];

/** Bits of `ct state`, as `nft -n` shows them: linux/netfilter/nf_conntrack_common.h, NF_CT_STATE_BIT. */
const STATE_BITS: readonly (readonly [bit: number, state: (typeof STATES)[number]])[] = [
  [1, 'INVALID'],
  [2, 'ESTABLISHED'],
  [4, 'RELATED'],
  [8, 'NEW'],
  [0x40, 'UNTRACKED'],
];

/** The values that an expression stands for, as first and last value each; nothing where it is not told. */
export function pairsOf(value: Expression, field: KeyField): Pairs | undefined {
  switch (value.kind) {
    case 'List':
      return union(value.values, field);
    case 'AnonymousSet':
      return union(
        value.elements.map(({ key }) => key),
        field,
      );
    case 'Range': {
      const [first] = pairsOf(value.first, field) ?? [];
      const [last] = pairsOf(value.last, field) ?? [];
      return first === undefined || last === undefined ? undefined : [[first[0], last[1]]];
    }
    case 'Prefix': {
      const address = isAddress(field) ? toAddress(value.address) : undefined;
      return address === undefined ? undefined : [prefixBounds(address, value.length)];
    }
    case 'Address': {
      const address = isAddress(field) ? toAddress(value.address) : undefined;
      return address === undefined ? undefined : [[address, address]];
    }
    case 'Number':
      return field === 'state' ? statesOfBits(value.value) : isAddress(field) ? undefined : [[value.value, value.value]];
    case 'Symbol':
      return ofName(value.name, field);
    default:
      return undefined;
  }
}

function union(values: readonly Expression[], field: KeyField): Pairs | undefined {
  const parts = values.map((value) => pairsOf(value, field));
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

const isAddress = (field: KeyField): boolean => field === 'source' || field === 'destination';

function statesOfBits(bits: number): Pairs | undefined {
  const known = STATE_BITS.filter(([bit]) => (bits & bit) !== 0);
  return known.reduce((sum, [bit]) => sum + bit, 0) === bits ? known.map(([, state]) => pairOf(STATES.indexOf(state))) : undefined;
}

function ofName(name: string, field: KeyField): Pairs | undefined {
  const number = numberOf(name, field);
  return number === undefined || number < 0 ? undefined : [pairOf(number)];
}

function numberOf(name: string, field: Field | 'mark'): number | undefined {
  switch (field) {
    case 'protocol':
      return parseProtocol(name === 'ipv6-icmp' ? 'ipv6-icmp' : name)?.number;
    case 'sourcePort':
    case 'destinationPort':
      return portOfName(name);
    case 'state':
      return STATES.findIndex((state) => state === name.toUpperCase());
    default:
      return undefined;
  }
}

const pairOf = (value: number): readonly [number, number] => [value, value];
