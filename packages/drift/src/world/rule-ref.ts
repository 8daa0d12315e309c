import type { Origin } from '../state/origin.ts';

/** `ip kube-proxy`: a table of nft has its family in its name, one of iptables has not. */
export function isTableOfNft(name: string): boolean {
  return name.includes(' ');
}

/** Which rule: what a hop of a trace prints, and where it was read. */
export interface RuleRef {
  readonly table: string;
  readonly chain: string;
  /** From 1; 0 stands for the chain's policy. */
  readonly number: number;
  readonly origin?: Origin;
  /** What the rule says of itself. */
  readonly comment?: string;
}
