import { parseIpv4, printIpv4 } from './ipv4.ts';

const GROUP = /^[0-9a-fA-F]{1,4}$/;

/**
 * The eight 16-bit groups of an IPv6 address, or `undefined` where a text is not one. Reads every spelling of RFC 4291,
 * with `::` and a dotted IPv4 tail; no zone, no brackets.
 *
 * @example
 * parseIpv6('fd00::10.0.0.1') // => [0xfd00, 0, 0, 0, 0, 0, 0x0a00, 1]
 */
export function parseIpv6(text: string): readonly number[] | undefined {
  if (text.length < 2 || text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** The groups between colons; the last one may be a dotted IPv4 address, which is two groups. */
function groupsOf(text: string, mayEndDotted: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const dotted = mayEndDotted && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (dotted !== undefined) groups.push(dotted >>> 16, dotted & 0xffff);
    else if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/**
 * The text of an IPv6 address as `inet_ntop` of glibc prints it, and so as all the tools do: lower case, the longest run
 * of two or more zero groups (the first of equals) as `::`, and a dotted tail for `::ffff:1.2.3.4` and `::1.2.3.4`.
 *
 * @example
 * printIpv6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]) // => '2001:db8::1'
 */
export function printIpv6(groups: readonly number[]): string {
  const run = longestZeroRun(groups);
  const dotted = run.start === 0 && (run.length === 6 || (run.length === 5 && groups[5] === 0xffff));
  const end = dotted ? 6 : 8;
  const parts = groups.map((group) => group.toString(16));
  const tail = dotted ? [printIpv4((groups[6] ?? 0) * 0x1_0000 + (groups[7] ?? 0))] : [];
  if (run.length < 2) return [...parts.slice(0, end), ...tail].join(':');
  const before = parts.slice(0, run.start).join(':');
  const after = [...parts.slice(run.start + run.length, end), ...tail].join(':');
  return `${before}::${after}`;
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: -1, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > longest.length) longest = { start: index - length + 1, length };
  }
  return longest;
}
