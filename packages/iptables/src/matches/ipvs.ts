import { ADDRESS } from '../fields/address-fields.ts';
import { oneOf, wholeNumber, WORD } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';
import { PORTS } from '../fields/port-condition.ts';
import type { AddressCondition } from '../fields/address-condition.ts';
import type { PortCondition } from '../fields/port-condition.ts';

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

function condition(key: string, word: string, value: Field['value'], holds: Field['holds'] = 'spread'): Field {
  return { key, holds, ...(value === undefined ? {} : { value }), word, not: 'before', option: `--${word}` };
}

const fields: readonly Field[] = [
  condition('ipvs', 'ipvs', undefined, 'sign'),
  condition('protocol', 'vproto', wholeNumber(255), 'condition'),
  condition('virtualAddress', 'vaddr', ADDRESS),
  condition('virtualPort', 'vport', PORTS),
  condition('direction', 'vdir', oneOf('ORIGINAL', 'REPLY'), 'condition'),
  condition('method', 'vmethod', WORD, 'condition'),
  condition('controllingPort', 'vportctl', PORTS),
];

/** `-m ipvs`; libxt_ipvs.c prints the conditions in this order. */
export const ipvsMatch = fieldMatch<IpvsMatch>({
  name: 'ipvs',
  kind: 'IpvsMatch',
  fields,
  samples: ['vproto 6 vaddr 10.0.0.1 vport 80', '! ipvs', 'vdir ORIGINAL ! vmethod GATE'],
});
