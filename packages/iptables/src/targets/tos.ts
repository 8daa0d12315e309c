import { decodeWhole, type Codec, type MaskedValue } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { bare, listedRow, savedRow, type Row } from '../row.ts';
import { TOS, TOS_NAMES, tosName } from '../fields/tos-values.ts';

/** `-j TOS` in normal form: the new type of service is `(old & ~mask) ^ value`, both 0-255. */
export interface TosTarget {
  readonly kind: 'TosTarget';
  readonly name: 'TOS';
  readonly value: number;
  readonly mask: number;
}

const BITS: Pick<Codec<number>, 'expected' | 'decode'> = { expected: 'a number 0-255', decode: (text) => decodeWhole(text, 0xff) };

/** `set`, `and`, `or` and `xor` as one normal form. */
function build(row: Row, prefix: string, suffix: string): TosTarget {
  const named = TOS_NAMES.find(([name]) => row.has(`TOS set${name}`));
  const bits = (word: string): number | undefined => row.read(`${prefix}${word}${suffix}`, BITS);
  const and = bits('and');
  const or = bits('or');
  const xor = bits('xor');
  let found: MaskedValue = { value: 0, mask: 0 };
  if (named !== undefined) found = { value: named[1], mask: 0x3f };
  else if (and !== undefined) found = { value: 0, mask: ~and & 0xff };
  else if (or !== undefined) found = { value: or, mask: or };
  else if (xor !== undefined) found = { value: xor, mask: 0 };
  else found = row.read(`${prefix}set${suffix}`, TOS) ?? found;
  return { kind: 'TosTarget', name: 'TOS', ...found };
}

function printNamed(target: TosTarget): string {
  const { value, mask } = target;
  const name = tosName(target);
  // Two blanks stand before the text in this one case.
  if (name !== undefined) return ` TOS set${name}`;
  if (value === 0) return `TOS and ${TOS.printBits(~mask & 0xff)}`;
  if (value === mask) return `TOS or ${TOS.printBits(value)}`;
  if (mask === 0) return `TOS xor ${TOS.printBits(value)}`;
  return `TOS set ${TOS.print(target)}`;
}

/** `-j TOS`; without `-n` a listing names what it can. */
export const tosTarget: TargetExtension<TosTarget> = {
  type: 'target',
  name: 'TOS',
  kind: 'TosTarget',
  listing: listedRow(
    [
      ...['set', 'and', 'or', 'xor'].map((word) => ({ word: `TOS ${word}`, takes: 1 }) as const),
      ...TOS_NAMES.map(([name]) => bare(`TOS set${name}`)),
    ],
    [],
    (row) => build(row, 'TOS ', ''),
  ),
  print: (target, { names }) => (names ? printNamed(target) : `TOS set ${TOS.print(target)}`),
  save: savedRow(['--set-tos', '--and-tos', '--or-tos', '--xor-tos'], (row) => build(row, '--', '-tos')),
  printSave: (target) => ` --set-tos ${TOS.print(target)}`,
  samples: ['TOS set 0x10/0x3f', 'TOS and 0x12', ' TOS setMinimize-Delay'],
};
