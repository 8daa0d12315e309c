import { decodeWhole, type Codec, type MaskedValue } from '../codec.ts';

/** Names of types of service; each stands for its value under the mask 0x3f. */
export const TOS_NAMES: readonly (readonly [name: string, value: number])[] = [
  ['Minimize-Delay', 0x10],
  ['Maximize-Throughput', 0x08],
  ['Maximize-Reliability', 0x04],
  ['Minimize-Cost', 0x02],
  ['Normal-Service', 0x00],
];

/** The name of a value, where it has one. */
export function tosName({ value, mask }: MaskedValue): string | undefined {
  return mask === 0x3f ? TOS_NAMES.find(([, named]) => named === value)?.[0] : undefined;
}

function printBits(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}

/** `0x10/0x3f`, `Minimize-Delay`; the mask is 0xff where it is left out. */
export const TOS: Codec<MaskedValue> & { printBits(value: number): string } = {
  expected: 'a type of service 0x00-0xff, perhaps with a mask, or its name',
  decode(text) {
    const named = TOS_NAMES.find(([name]) => name === text);
    if (named !== undefined) return { value: named[1], mask: 0x3f };
    const slash = text.indexOf('/');
    const value = decodeWhole(slash < 0 ? text : text.slice(0, slash), 0xff);
    const mask = slash < 0 ? 0xff : decodeWhole(text.slice(slash + 1), 0xff);
    return value === undefined || mask === undefined ? undefined : { value, mask };
  },
  print: ({ value, mask }) => `${printBits(value)}/${printBits(mask)}`,
  printBits,
};
