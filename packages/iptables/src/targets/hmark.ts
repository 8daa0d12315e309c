import { ABSENT } from '@netdrift/core';
import { wholeNumber } from '../codec.ts';
import type { PrintStyle, TargetExtension } from '../extension.ts';
import { bare, joinOptions, joinShown, listedRow, savedRow, shown, type Row, type RowWord } from '../row.ts';

/** `-j HMARK`: marks the packet by a hash of where it comes from and goes to. */
export interface HmarkTarget {
  readonly kind: 'HmarkTarget';
  readonly name: 'HMARK';
  readonly modulus?: number;
  readonly offset?: number;
  /** Uses the addresses and ports of the connection. */
  readonly tuple?: 'ct';
  readonly sourcePrefixLength?: number;
  readonly destinationPrefixLength?: number;
  readonly sourcePortMask?: number;
  readonly destinationPortMask?: number;
  readonly spiMask?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly spi?: number;
  readonly protocolMask?: number;
  readonly seed?: number;
}

const NUMBER = wholeNumber(0xffffffff);

/** Key, word, and how many hexadecimal digits the option has. */
const HEX_WORDS = [
  ['sourcePortMask', 'sport-mask', 4],
  ['destinationPortMask', 'dport-mask', 4],
  ['spiMask', 'spi-mask', 8],
  ['sourcePort', 'sport', 4],
  ['destinationPort', 'dport', 4],
  ['spi', 'spi', 8],
  ['protocolMask', 'proto-mask', 2],
  ['seed', 'rnd', 8],
] as const;

const WORDS: readonly RowWord[] = [
  { word: 'mod', takes: 1 },
  { word: '+', takes: 1 },
  { word: 'ct,' },
  { word: 'src-prefix', takes: 1, optional: true },
  { word: 'dst-prefix', takes: 1, optional: true },
  ...HEX_WORDS.map(([, word]): RowWord => ({ word, takes: 1 })),
];

/** A whole IPv6 address is listed as nothing. */
function readPrefix(row: Row, word: string): number | undefined {
  return row.item(word)?.value === ABSENT ? 128 : row.read(word, NUMBER);
}

function build(row: Row, option: string, modulus: string, offset: string, tuple: string): HmarkTarget {
  const number = (word: string): number | undefined => row.read(`${option}${word}`, NUMBER);
  return shown<HmarkTarget>({
    kind: 'HmarkTarget',
    name: 'HMARK',
    modulus: row.read(modulus, NUMBER),
    offset: row.read(offset, NUMBER),
    tuple: row.has(tuple) ? 'ct' : undefined,
    sourcePrefixLength: readPrefix(row, `${option}src-prefix`),
    destinationPrefixLength: readPrefix(row, `${option}dst-prefix`),
    sourcePortMask: number('sport-mask'),
    destinationPortMask: number('dport-mask'),
    spiMask: number('spi-mask'),
    sourcePort: number('sport'),
    destinationPort: number('dport'),
    spi: number('spi'),
    protocolMask: number('proto-mask'),
    seed: number('rnd'),
  });
}

function printPrefix(word: string, length: number | undefined, { family }: PrintStyle): string | undefined {
  if (length === undefined) return undefined;
  return `${word} ${family === 'ipv6' && length === 128 ? '' : length}`;
}

/** `-j HMARK`; a blank follows each of its words. */
export const hmarkTarget: TargetExtension<HmarkTarget> = {
  type: 'target',
  name: 'HMARK',
  kind: 'HmarkTarget',
  listing: listedRow([bare('HMARK')], WORDS, (row) => build(row, '', 'mod', '+', 'ct,')),
  print: (target, style) =>
    `${joinShown(
      'HMARK',
      target.modulus !== undefined && `mod ${target.modulus}`,
      target.offset !== undefined && `+ 0x${target.offset.toString(16)}`,
      target.tuple && 'ct,',
      printPrefix('src-prefix', target.sourcePrefixLength, style),
      printPrefix('dst-prefix', target.destinationPrefixLength, style),
      ...HEX_WORDS.map(([key, word]) => target[key] !== undefined && `${word} 0x${target[key].toString(16)}`),
    )} `,
  save: savedRow(
    [
      '--hmark-src-prefix',
      '--hmark-dst-prefix',
      ...HEX_WORDS.map(([, word]) => `--hmark-${word}`),
      '--hmark-mod',
      '--hmark-offset',
      '--hmark-tuple',
    ],
    (row) => build(row, '--hmark-', '--hmark-mod', '--hmark-offset', '--hmark-tuple'),
  ),
  printSave: (target) =>
    joinOptions(
      target.sourcePrefixLength !== undefined && `--hmark-src-prefix ${target.sourcePrefixLength}`,
      target.destinationPrefixLength !== undefined && `--hmark-dst-prefix ${target.destinationPrefixLength}`,
      ...HEX_WORDS.map(([key, word, digits]) => {
        const value = target[key];
        return value !== undefined && `--hmark-${word} 0x${value.toString(16).padStart(digits, '0')}`;
      }),
      target.modulus !== undefined && `--hmark-mod ${target.modulus}`,
      target.offset !== undefined && `--hmark-offset ${target.offset}`,
      target.tuple && '--hmark-tuple ct',
    ),
  samples: ['HMARK mod 42 + 0x1 ct, src-prefix 32 dst-prefix 24 sport-mask 0xffff proto-mask 0xff rnd 0x4 '],
};
