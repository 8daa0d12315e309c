import type { AddressRange } from '../../state/condition.ts';
import type { DesiredPort } from '../desired-ports.ts';
import { rangesText } from '../ranges-text.ts';
import type { PodSource } from '../settings.ts';

/** `ip saddr != 10.244.0.0/16`, `iifname "cni0"` */
export function sourceText(source: PodSource, ip: string, operator: '' | '!= '): string {
  return source.kind === 'range' ? `${ip} saddr ${operator}${source.range}` : `iifname ${operator}"${source.name.replace('+', '*')}"`;
}

/** The word of nft for the family of a service port. */
export function ipOf({ family }: DesiredPort): string {
  return family === 'ipv4' ? 'ip' : 'ip6';
}

/** The rule that drops what comes from outside of some ranges: the kernel prints them merged, or not, by version. */
export function guardText(ip: string, sources: readonly AddressRange[]): string {
  return `${ip} saddr != { ${rangesText(sources)} } drop`;
}

/** Stands for the map that chooses one of several endpoints, the size of which is told and the order is not. */
export function balancerText(targets: readonly string[]): string {
  return `numgen random mod ${targets.length} vmap { ${[...targets].sort().join(', ')} }`;
}
