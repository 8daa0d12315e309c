import { parseNetwork } from '@netdrift/core';
import type { Codec } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { listedRow, savedRow, type Row } from '../row.ts';
import { noteSpelling } from '../rule/rule-line.ts';

/** A network by prefix length, or by its mask where that is not contiguous. */
export type MappedNetwork =
  { readonly address: string; readonly prefixLength: number } | { readonly address: string; readonly mask: string };

/** `-j NETMAP`: puts a network in place of the packet's own, address by address. */
export interface NetmapTarget {
  readonly kind: 'NetmapTarget';
  readonly name: 'NETMAP';
  readonly to: MappedNetwork;
}

const NETWORK: Codec<MappedNetwork> = {
  expected: 'a network',
  decode: parseNetwork,
  print: (network) => `${network.address}/${'mask' in network ? network.mask : network.prefixLength}`,
};

/** The token 1.4.21's text gets: a network alone. No word of a listing is spelled like it. */
const ALONE = '(network)';
const ANY: MappedNetwork = { address: '0.0.0.0', prefixLength: 0 };

const build =
  (word: string) =>
  (row: Row): NetmapTarget => {
    if (row.has(ALONE)) noteSpelling(row.line, 'netmap-bare');
    return { kind: 'NetmapTarget', name: 'NETMAP', to: row.read(row.has(ALONE) ? ALONE : word, NETWORK) ?? ANY };
  };

/** Where the longest network at the end of the text begins, if one stands there without `to:`. */
function joinedText(source: string, start: number, end: number): number | undefined {
  const first = Math.max(source.lastIndexOf(' ', end - 1) + 1, start, end - 96);
  const word = source.slice(first, end);
  if (word.startsWith('to:')) return undefined;
  for (let at = 0; at < word.length; at += 1) {
    const byte = word.charCodeAt(at);
    const isHexDigit = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66) || byte === 0x3a;
    if (isHexDigit && word.includes('/', at) && parseNetwork(word.slice(at)) !== undefined) return first + at;
  }
  return undefined;
}

/** `-j NETMAP`; 1.4.21 prints the network without a word, directly behind what precedes it. */
export const netmapTarget: TargetExtension<NetmapTarget> = {
  type: 'target',
  name: 'NETMAP',
  kind: 'NetmapTarget',
  listing: listedRow([{ word: 'to:', glued: true }, { word: ALONE }], [], build('to:')),
  print: ({ to }, { spells }) => (spells('netmap-bare') ? NETWORK.print(to) : `to:${NETWORK.print(to)}`),
  joined: ({ spells }) => spells('netmap-bare'),
  joinedText,
  save: savedRow(['--to'], build('--to')),
  printSave: ({ to }) => ` --to ${NETWORK.print(to)}`,
  samples: ['to:10.2.0.0/16', 'to:fd00:1::/64'],
};
