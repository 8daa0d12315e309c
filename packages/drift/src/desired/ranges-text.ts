import { addressText } from '../state/address-range.ts';
import type { AddressRange } from '../state/condition.ts';

/**
 * Ranges as one text that is the same whatever their order and however they are cut: those that overlap or touch are one.
 *
 * @example
 * rangesText(['10.0.1.0/24', '10.0.0.0/24', '192.0.2.1'].flatMap((block) => blockRange(block) ?? [])) // => '10.0.0.0-10.0.1.255,
 * 192.0.2.1'
 */
export function rangesText(ranges: readonly AddressRange[]): string {
  const sorted = [...ranges].sort((one, other) => (one.low < other.low ? -1 : one.low > other.low ? 1 : 0));
  const merged: { low: bigint; high: bigint }[] = [];
  for (const { low, high } of sorted) {
    const last = merged.at(-1);
    if (last === undefined || low > last.high + 1n) merged.push({ low, high });
    else if (high > last.high) last.high = high;
  }
  return merged.map(({ low, high }) => (low === high ? addressText(low) : `${addressText(low)}-${addressText(high)}`)).join(', ');
}
