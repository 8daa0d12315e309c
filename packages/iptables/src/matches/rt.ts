import { canonicalAddress } from '@netdrift/core';
import { rangeField, type NumberCondition } from '../fields/condition-fields.ts';
import { wholeNumber, type Codec } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** `-m rt`: the routing header of IPv6; with no key beyond `kind` any. */
export interface RtMatch {
  readonly kind: 'RtMatch';
  readonly type?: { readonly not: boolean; readonly value: number };
  readonly segmentsLeft?: NumberCondition;
  readonly length?: { readonly not: boolean; readonly value: number };
  readonly reserved?: true;
  readonly addresses?: readonly string[];
  readonly notStrict?: true;
}

const NUMBER = wholeNumber(0xffffffff);

const ADDRESSES: Codec<readonly string[]> = {
  expected: 'IPv6 addresses, joined by ","',
  decode(text) {
    const addresses = text.split(',').map((one) => canonicalAddress(one));
    return addresses.every((address) => address !== undefined) ? addresses : undefined;
  },
  print: (value) => value.join(','),
};

const fields: readonly Field[] = [
  { key: 'type', holds: 'condition', value: NUMBER, word: 'type:', not: 'joined', option: '--rt-type' },
  rangeField('segmentsLeft', 'segsleft', 'segslefts', '--rt-segsleft', 0xffffffff),
  { key: 'length', holds: 'condition', value: NUMBER, word: 'length:', not: 'joined', option: '--rt-len' },
  { key: 'reserved', holds: 'flag', word: 'reserved', option: '--rt-0-res' },
  { key: 'addresses', holds: 'value', value: ADDRESSES, word: '0-addrs', option: '--rt-0-addrs' },
  { key: 'notStrict', holds: 'flag', word: '0-not-strict', option: '--rt-0-not-strict' },
];

/** `-m rt`. */
export const rtMatch = fieldMatch<RtMatch>({
  name: 'rt',
  kind: 'RtMatch',
  header: 'rt',
  fields,
  samples: ['rt type:0 segslefts:!1:23 length:42 reserved', 'rt type:0 0-addrs fd00::1,fd00::2 0-not-strict'],
});
