import type { Decoder } from '../machine/line.ts';
import type { Count } from './count.ts';
import type { MaskedMark } from './mark.ts';
import type { PortRange } from './port.ts';
import type { Network } from './prefix.ts';
import { canonicalAddress } from './address.ts';
import { parseCount, parseIptablesCount, parseIpvsadmCount } from './count.ts';
import { parseMark, parseMaskedMark } from './mark.ts';
import { parsePort, parsePortRange } from './port.ts';
import { parseNetwork } from './prefix.ts';
import { parseProbability } from './probability.ts';

/** The values of this folder as decoders for `line.read(index, decoder)`. */
export const portDecoder: Decoder<number> = { expected: 'a port number 0-65535', decode: parsePort };
export const portRangeDecoder: Decoder<PortRange> = {
  expected: 'a port 0-65535 or a range of ports',
  decode: parsePortRange,
};
export const addressDecoder: Decoder<string> = { expected: 'an IPv4 or IPv6 address', decode: canonicalAddress };
export const networkDecoder: Decoder<Network> = {
  expected: 'an IPv4 or IPv6 address with or without a prefix',
  decode: parseNetwork,
};
export const markDecoder: Decoder<number> = { expected: '0x and digits 0-9, a-f', decode: parseMark };
export const maskedMarkDecoder: Decoder<MaskedMark> = {
  expected: '0x and digits 0-9, a-f, with or without a mask',
  decode: parseMaskedMark,
};
export const countDecoder: Decoder<Count> = { expected: 'a whole number', decode: parseCount };
export const iptablesCountDecoder: Decoder<Count> = {
  expected: 'a whole number or a short form such as 1234K',
  decode: parseIptablesCount,
};
export const ipvsadmCountDecoder: Decoder<Count> = {
  expected: 'a whole number or a short form such as 123456K',
  decode: parseIpvsadmCount,
};
export const probabilityDecoder: Decoder<number> = { expected: 'a probability 0-1', decode: parseProbability };
