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

/** A port for `line.read(index, decoder)`: `443`. */
export const portDecoder: Decoder<number> = { expected: 'a port number 0-65535', decode: parsePort };
/** A range of ports: `80-90`. */
export const portRangeDecoder: Decoder<PortRange> = {
  expected: 'a port 0-65535 or a range of ports',
  decode: parsePortRange,
};
/** An address in canonical form: `10.0.0.1`, `fd00::1`. */
export const addressDecoder: Decoder<string> = { expected: 'an IPv4 or IPv6 address', decode: canonicalAddress };
/** A network: `10.0.0.0/8`. */
export const networkDecoder: Decoder<Network> = {
  expected: 'an IPv4 or IPv6 address with or without a prefix',
  decode: parseNetwork,
};
/** A packet mark: `0x4000`. */
export const markDecoder: Decoder<number> = { expected: '0x and digits 0-9, a-f', decode: parseMark };
/** A packet mark with its mask: `0x4000/0x4000`. */
export const maskedMarkDecoder: Decoder<MaskedMark> = {
  expected: '0x and digits 0-9, a-f, with or without a mask',
  decode: parseMaskedMark,
};
/** A whole number of packets or bytes. */
export const countDecoder: Decoder<Count> = { expected: 'a whole number', decode: parseCount };
/** A count as iptables prints it, perhaps rounded: `12M`. */
export const iptablesCountDecoder: Decoder<Count> = {
  expected: 'a whole number or a short form such as 1234K',
  decode: parseIptablesCount,
};
/** A count as ipvsadm prints it, perhaps rounded: `100000K`. */
export const ipvsadmCountDecoder: Decoder<Count> = {
  expected: 'a whole number or a short form such as 123456K',
  decode: parseIpvsadmCount,
};
/** A probability: `0.33333333349`. */
export const probabilityDecoder: Decoder<number> = { expected: 'a probability 0-1', decode: parseProbability };
