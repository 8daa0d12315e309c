import { decodeWhole, hex, wholeNumber, type Codec } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { fieldTarget, type Field } from '../fields/fields.ts';
import { markFields } from '../fields/mark-forms.ts';

/** `-j CONNMARK`: sets the connection's mark in the normal form of `MARK`, or copies between packet and connection. */
export type ConnmarkTarget =
  | {
      readonly kind: 'ConnmarkTarget';
      readonly name: 'CONNMARK';
      readonly action: 'set';
      readonly value: number;
      readonly mask: number;
      readonly shift?: { readonly direction: 'left' | 'right'; readonly bits: number };
    }
  | {
      readonly kind: 'ConnmarkTarget';
      readonly name: 'CONNMARK';
      readonly action: 'save' | 'restore';
      readonly packetMask: number;
      readonly connectionMask: number;
      readonly shift?: { readonly direction: 'left' | 'right'; readonly bits: number };
    };

const ALL = 0xffffffff;

interface Masks {
  readonly action: ConnmarkTarget['action'];
  readonly packetMask?: number;
  readonly connectionMask?: number;
}

/** `0xff`; a listing shows the mask that is cleared with `~` before it. */
function maskCodec(read: (mask: number) => object, print: (held: Masks) => number | undefined): Codec<Masks> {
  return {
    expected: 'a mask 0x0-0xffffffff',
    decode(text) {
      const mask = decodeWhole(text.startsWith('~') ? text.slice(1) : text, ALL);
      // Only the keys of this mask are given; they are merged into the node.
      return mask === undefined ? undefined : (read(mask) as Masks);
    },
    print: (held) => hex(print(held) ?? ALL),
  };
}

const NFMASK = maskCodec(
  (packetMask) => ({ packetMask }),
  ({ packetMask }) => packetMask,
);
const CTMASK = maskCodec(
  (connectionMask) => ({ connectionMask }),
  ({ connectionMask }) => connectionMask,
);
const BOTH = maskCodec(
  (mask) => ({ packetMask: mask, connectionMask: mask }),
  ({ packetMask }) => packetMask,
);

type Shift = NonNullable<ConnmarkTarget['shift']>;

function copy(action: 'save' | 'restore'): Field {
  const merges = { action, packetMask: ALL, connectionMask: ALL };
  const when = (held: Masks): boolean => held.action === action;
  return { key: 'action', holds: 'merge', merges, word: `CONNMARK ${action}`, option: `--${action}-mark`, when };
}

function shift(direction: Shift['direction']): Field {
  const bits = wholeNumber(32);
  const value: Codec<Shift> = {
    expected: bits.expected,
    decode(text) {
      const read = bits.decode(text);
      return read === undefined ? undefined : { direction, bits: read };
    },
    print: (held) => bits.print(held.bits),
  };
  const word = `${direction}-shift-mark`;
  return { key: 'shift', holds: 'value', value, word, option: `--${word}`, when: (held: Shift) => held.direction === direction };
}

const fields: readonly Field[] = [
  ...markFields('CONNMARK', { action: 'set' }),
  copy('save'),
  copy('restore'),
  { key: 'packetMask', holds: 'merge', value: BOTH, word: 'mask', option: '--mask', when: () => false },
  { key: 'packetMask', holds: 'merge', value: NFMASK, word: 'nfmask', option: '--nfmask' },
  { key: 'connectionMask', holds: 'merge', value: CTMASK, word: 'ctmask', option: '--ctmask' },
  shift('left'),
  shift('right'),
];

const base = fieldTarget<ConnmarkTarget>({
  name: 'CONNMARK',
  kind: 'ConnmarkTarget',
  fields,
  samples: [
    'CONNMARK set 0x5',
    'CONNMARK save',
    'CONNMARK restore mask 0xff',
    'CONNMARK save nfmask 0xf ctmask ~0xff',
    'CONNMARK restore ctmask 0xf nfmask ~0xf0',
    'CONNMARK or 0x10 left-shift-mark 3',
  ],
});

/** `save`, `save mask 0xff`, `save nfmask 0xf ctmask ~0xff`, `restore ctmask 0xf nfmask ~0xf0`. */
function printCopy({ action, packetMask, connectionMask }: ConnmarkTarget & { readonly action: 'save' | 'restore' }): string {
  if (packetMask === connectionMask) return packetMask === ALL ? action : `${action} mask ${hex(packetMask)}`;
  if (action === 'save') return `save nfmask ${hex(packetMask)} ctmask ~${hex(connectionMask)}`;
  return `restore ctmask ${hex(connectionMask)} nfmask ~${hex(packetMask)}`;
}

/** `-j CONNMARK`. */
export const connmarkTarget: TargetExtension<ConnmarkTarget> = {
  ...base,
  print(target, style) {
    if (target.action === 'set') return base.print(target, style);
    const shifted = target.shift === undefined ? '' : ` ${target.shift.direction}-shift-mark ${target.shift.bits}`;
    return `CONNMARK ${printCopy(target)}${shifted}`;
  },
};
