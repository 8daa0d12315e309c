import {
  addressBytes,
  addressText,
  canonicalAddress,
  compareAddresses,
  familyOf,
  isPrintedAddress,
  parseIpv4,
  parseIpv6,
  printIpv4,
  printIpv6,
} from '@netdrift/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const groups = fc.array(fc.oneof(fc.constantFrom(0, 0, 0xffff), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });

describe('IPv4 addresses', () => {
  it('read and print back', () => {
    expect(parseIpv4('255.255.255.255')).toBe(4_294_967_295);
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (address) => {
        expect(parseIpv4(printIpv4(address))).toBe(address);
      }),
    );
  });

  it('refuse what no tool prints', () => {
    for (const text of [
      '',
      '1.2.3',
      '1.2.3.',
      '.1.2.3',
      '1..2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '01.2.3.4',
      '1.2.3.00',
      '1.2.3.a',
      ' 1.2.3.4',
      '1.2.3.4 ',
      '0x1.2.3.4',
    ]) {
      expect([text, parseIpv4(text)]).toEqual([text, undefined]);
    }
  });
});

describe('IPv6 addresses', () => {
  it('print as inet_ntop of glibc does', () => {
    const printed = [
      ...['::', '::1', '::0.2.0.0', '::0.1.0.2', '::ffff:10.0.0.1', '::10.0.0.1', '::ffff:0:102:304', '64:ff9b::102:304'],
      ...['2001:db8:0:1::1', '1::2:0:0:3:4', '1:0:2:0:3:0:4:0', 'fe80::', '1:2:3:4:5:6:7:0', '0:2:3:4:5:6:7:8'],
      ...['::ffff:0.0.0.0', '::fffe:1:2', '::1:0:0', 'ffff:0:ffff::'],
    ];
    for (const text of printed) expect([text, canonicalAddress(text), isPrintedAddress(text)]).toEqual([text, text, true]);
  });

  it('read every spelling and give the one that tools print', () => {
    expect(canonicalAddress('2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1');
    expect(canonicalAddress('0:0:0:0:0:ffff:0a00:0001')).toBe('::ffff:10.0.0.1');
    expect(canonicalAddress('1:2:3:4:5:6:7::')).toBe('1:2:3:4:5:6:7:0');
    expect(canonicalAddress('::2:3:4:5:6:7:8')).toBe('0:2:3:4:5:6:7:8');
    expect(isPrintedAddress('2001:DB8::1')).toBe(false);
    expect(parseIpv6('fd00::10.0.0.1')).toEqual([0xfd00, 0, 0, 0, 0, 0, 0x0a00, 1]);
  });

  it('refuse what is not an address', () => {
    for (const text of [
      '',
      ':',
      ':::',
      '1:::2',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7:8::',
      '12345::',
      'g::',
      '::1.2.3',
      '1.2.3.4::',
      '::1.2.3.4:5',
      'fe80::1%eth0',
      '[::1]',
      '1.2.3.4',
      ':1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:',
    ]) {
      expect([text, parseIpv6(text)]).toEqual([text, undefined]);
    }
  });

  it('read back as what was printed', () => {
    fc.assert(
      fc.property(groups, (address) => {
        const text = printIpv6(address);
        expect(parseIpv6(text)).toEqual(address);
        expect(addressText(addressBytes(text) ?? [])).toBe(text);
        expect(familyOf(text)).toBe('ipv6');
      }),
    );
  });
});

describe('addresses of either family', () => {
  it('tell their family and bytes', () => {
    expect(familyOf('10.0.0.1')).toBe('ipv4');
    expect(familyOf('localhost')).toBeUndefined();
    expect(addressBytes('192.168.0.1')).toEqual([192, 168, 0, 1]);
    expect(addressBytes('web')).toBeUndefined();
    expect(addressText([192, 168, 0, 1])).toBe('192.168.0.1');
    expect(() => addressText([1, 2])).toThrow('an address has 4 or 16 bytes, not 2');
  });

  it('sort by value, IPv4 first, names last', () => {
    const sorted = ['9.9.9.9', '10.0.0.2', '192.168.1.1', '::1', 'fd00::2', 'fd00::10', 'host-a', 'host-b'];
    expect(sorted.toReversed().toSorted(compareAddresses)).toEqual(sorted);
    expect(compareAddresses('::1', '0:0::1')).toBe(0);
  });
});
