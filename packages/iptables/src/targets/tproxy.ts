import { canonicalAddress } from '@netdrift/core';
import { decodeWhole, hex, MARK, wholeNumber, type Codec } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { joinOptions, listedRow, savedRow, shown } from '../row.ts';

/** `-j TPROXY`: gives the packet to a local socket without changing it; `0.0.0.0` or `::` is the address it came to. */
export interface TproxyTarget {
  readonly kind: 'TproxyTarget';
  readonly name: 'TPROXY';
  readonly address?: string;
  readonly port: number;
  readonly value: number;
  readonly mask: number;
}

const PORT = wholeNumber(0xffff);
const ADDRESS = { expected: 'an address', decode: canonicalAddress };
const UNMARKED = { value: 0, mask: 0 };

/** `10.0.0.1:80`, `fd00::1:80`: the port stands behind the last colon. */
const PLACE: Pick<Codec<{ address: string; port: number }>, 'expected' | 'decode'> = {
  expected: 'an address and a port',
  decode(text) {
    const colon = text.lastIndexOf(':');
    const address = colon < 0 ? undefined : canonicalAddress(text.slice(0, colon));
    const port = decodeWhole(text.slice(colon + 1), 0xffff);
    return address === undefined || port === undefined ? undefined : { address, port };
  },
};

/** `-j TPROXY`. */
export const tproxyTarget: TargetExtension<TproxyTarget> = {
  type: 'target',
  name: 'TPROXY',
  kind: 'TproxyTarget',
  listing: listedRow([{ word: 'TPROXY redirect', takes: 1 }], [{ word: 'mark', takes: 1 }], (row) =>
    shown<TproxyTarget>({
      kind: 'TproxyTarget',
      name: 'TPROXY',
      port: 0,
      address: undefined,
      ...row.read('TPROXY redirect', PLACE),
      ...(row.read('mark', MARK) ?? UNMARKED),
    }),
  ),
  print: ({ address, port, value, mask }, { family }) =>
    `TPROXY redirect ${address ?? (family === 'ipv6' ? '::' : '0.0.0.0')}:${port} mark ${hex(value)}/${hex(mask)}`,
  save: savedRow(['--on-port', '--on-ip', '--tproxy-mark'], (row) =>
    shown<TproxyTarget>({
      kind: 'TproxyTarget',
      name: 'TPROXY',
      port: row.read('--on-port', PORT) ?? 0,
      address: row.read('--on-ip', ADDRESS),
      ...(row.read('--tproxy-mark', MARK) ?? UNMARKED),
    }),
  ),
  printSave: ({ address, port, value, mask }) =>
    joinOptions(`--on-port ${port}`, address && `--on-ip ${address}`, `--tproxy-mark ${hex(value)}/${hex(mask)}`),
  samples: ['TPROXY redirect 10.0.0.1:12345 mark 0x23/0xff', 'TPROXY redirect :::80 mark 0x0/0x0'],
};
