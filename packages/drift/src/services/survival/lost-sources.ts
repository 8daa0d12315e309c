import { OUTSIDE_ADDRESS } from '../../proxy/facts/pod-addresses.ts';
import { addressText, blockRange } from '../../state/address-range.ts';
import type { AddressRange } from '../../state/condition.ts';

type Ranges = readonly string[] | undefined;

/** An address that source ranges let in before and do not after; `undefined` where there is none. Without ranges every source is let in. */
export function lostSource(before: Ranges, after: Ranges, family: 'ipv4' | 'ipv6'): string | undefined {
  if (after === undefined) return undefined;
  const left = after.flatMap((range) => blockRange(range) ?? []).sort((one, other) => (one.low < other.low ? -1 : 1));
  for (const range of before ?? [OUTSIDE_ADDRESS[family], ...EVERYWHERE[family]]) {
    const block = blockRange(range);
    const found = block === undefined ? undefined : outsideOf(left, block);
    if (found !== undefined) return addressText(found);
  }
  return undefined;
}

const EVERYWHERE = { ipv4: ['1.0.0.0/8', '128.0.0.0/2'], ipv6: ['2000::/3'] } as const;

/** The first address of a block that no other one holds. */
function outsideOf(others: readonly AddressRange[], { low, high }: AddressRange): bigint | undefined {
  let next = low === high ? low : low + 1n;
  for (const other of others) if (other.low <= next && next <= other.high) next = other.high + 1n;
  return next <= high ? next : undefined;
}
