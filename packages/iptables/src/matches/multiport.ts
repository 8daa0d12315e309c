import type { PortRange } from '../port-condition.ts';

/** `-m multiport --sports | --dports | --ports LIST`. */
export interface MultiportMatch {
  readonly kind: 'MultiportMatch';
  readonly direction: 'source' | 'destination' | 'either';
  readonly not: boolean;
  readonly ports: readonly PortRange[];
}
