/** A packet mark and the bits of it that count, both unsigned 32-bit. */
export interface MaskedMark {
  readonly value: number;
  readonly mask: number;
}

/** All bits of a mark. */
export const FULL_MARK_MASK = 0xffff_ffff;

/**
 * A mark as the tools print it: `0x` and one to eight lower-case hexadecimal digits without leading zeros.
 *
 * @example
 * parseMark('0x4000') // => 16384
 * parseMark('0x4z00') // => undefined
 */
export function parseMark(text: string): number | undefined {
  return /^0x(?:0|[1-9a-f][0-9a-f]{0,7})$/.test(text) ? Number(text) : undefined;
}

/**
 * A mark with or without a mask; without one, all bits count.
 *
 * @example
 * parseMaskedMark('0x4000/0xff00') // => { value: 16384, mask: 65280 }
 */
export function parseMaskedMark(text: string): MaskedMark | undefined {
  const slash = text.indexOf('/');
  const value = parseMark(slash < 0 ? text : text.slice(0, slash));
  const mask = slash < 0 ? FULL_MARK_MASK : parseMark(text.slice(slash + 1));
  return value === undefined || mask === undefined ? undefined : { value, mask };
}

/**
 * The text of a mark.
 *
 * @example
 * printMark(16384) // => '0x4000'
 */
export function printMark(mark: number): string {
  return `0x${(mark >>> 0).toString(16)}`;
}

/**
 * The text of a mark and its mask; a mask of all bits is left out, as iptables does.
 *
 * @example
 * printMaskedMark({ value: 1, mask: 0xffffffff }) // => '0x1'
 */
export function printMaskedMark({ value, mask }: MaskedMark): string {
  return mask === FULL_MARK_MASK ? printMark(value) : `${printMark(value)}/${printMark(mask)}`;
}
