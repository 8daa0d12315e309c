/**
 * Negative, 0 or positive as one version is older than, equal to or newer than another; what stands behind its numbers counts for nothing.
 *
 * @example
 * compareVersions('v1.9.11', 'v1.30.4+k3s1') < 0 // => true
 */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((text) =>
    text
      .replace(/^v/, '')
      .split('.')
      .map((part) => Number.parseInt(part, 10) || 0),
  );
  const places = Math.max(left?.length ?? 0, right?.length ?? 0);
  for (let place = 0; place < places; place++) {
    const difference = (left?.[place] ?? 0) - (right?.[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
