import type { PortCondition } from '../port-condition.ts';

/** One chunk type of `--chunk-types`: its number, or its name where the listing shows names, and the flags asked of it. */
export interface SctpChunk {
  readonly type: number | string;
  readonly flags?: string;
}

/** `-m sctp`; with no key beyond `kind` the match is loaded without conditions. */
export interface SctpMatch {
  readonly kind: 'SctpMatch';
  readonly sourcePorts?: PortCondition;
  readonly destinationPorts?: PortCondition;
  readonly chunks?: { readonly not: boolean; readonly scope: 'any' | 'all' | 'only'; readonly types: readonly SctpChunk[] };
}
