import type { AddressCondition } from '../address-condition.ts';
import type { PortCondition } from '../port-condition.ts';

/** `-m ipvs`: the IPVS connection a packet belongs to. */
export interface IpvsMatch {
  readonly kind: 'IpvsMatch';
  readonly ipvs?: { readonly not: boolean };
  readonly protocol?: { readonly not: boolean; readonly value: number | string };
  readonly virtualAddress?: AddressCondition;
  readonly virtualPort?: PortCondition;
  readonly direction?: { readonly not: boolean; readonly value: 'ORIGINAL' | 'REPLY' };
  readonly method?: { readonly not: boolean; readonly value: string };
  readonly controllingPort?: PortCondition;
}
