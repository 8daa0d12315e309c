import type { PortRange } from '../port-condition.ts';

/** `-j REDIRECT`: destination NAT to this host itself. */
export interface RedirectTarget {
  readonly kind: 'RedirectTarget';
  readonly name: 'REDIRECT';
  readonly ports?: PortRange;
  readonly random?: true;
}
