import type { Manifest } from './loaded-snapshot.ts';

/**
 * What is odd about two captures that are compared as one node before and after, one sentence each.
 *
 * @example
 * oddSides({ host: 'a', started: '2026-01-02T00:00:00Z', commands: [] }, { host: 'b', started: '2026-01-01T00:00:00Z', commands: [] })
 * // => ['the captures are of two hosts, a and b: diff --nodes compares nodes']
 */
export function oddSides(before: Manifest | undefined, after: Manifest | undefined): string[] {
  if (before === undefined || after === undefined) return [];
  const odd: string[] = [];
  if (before.host !== after.host) odd.push(`the captures are of two hosts, ${before.host} and ${after.host}: diff --nodes compares nodes`);
  // Both are written by one script in one form, in which later is greater.
  else if (before.started > after.started)
    odd.push(`<before> was captured at ${before.started}, later than <after> at ${after.started}: are they swapped?`);
  return odd;
}
