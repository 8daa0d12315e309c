import type { Codec } from '../codec.ts';
import { decodeAddress, EXPECTED_ADDRESS, printListedAddress, type AddressCondition } from './address-condition.ts';

/** An address of a match: printed without `/32` or `/128` in both forms. The sign belongs to the condition. */
export const ADDRESS: Codec<AddressCondition> = {
  expected: EXPECTED_ADDRESS,
  decode: (text) => decodeAddress(text, false),
  print: printListedAddress,
};
