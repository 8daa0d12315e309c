import {
  maskedMarkDecoder,
  parseMark,
  parseMaskedMark,
  parsePort,
  parsePortRange,
  parseProbability,
  parseProtocol,
  portDecoder,
  portOfName,
  printMark,
  printMaskedMark,
  printPortRange,
  printProbability,
  probabilityParts,
  protocolName,
  storedProbability,
} from '@netdrift/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('ports', () => {
  it('are 0 to 65535 in plain decimal', () => {
    expect(['0', '80', '65535'].map(parsePort)).toEqual([0, 80, 65_535]);
    expect(['', '65536', '99999', '100000', '080', '00', '8O', '-1', ' 80', '80 '].filter((text) => parsePort(text) !== undefined)).toEqual(
      [],
    );
  });

  it('come in ranges with a colon or a hyphen', () => {
    expect(parsePortRange('80')).toEqual({ from: 80, to: 80 });
    expect(parsePortRange('80:90')).toEqual({ from: 80, to: 90 });
    expect(parsePortRange('30000-32767', '-')).toEqual({ from: 30_000, to: 32_767 });
    expect(parsePortRange('90:80')).toEqual({ from: 90, to: 80 });
    for (const text of ['', ':', '80:', ':80', '80-90', '80:90:100']) expect(parsePortRange(text)).toBeUndefined();
    expect(printPortRange({ from: 80, to: 80 })).toBe('80');
    expect(printPortRange({ from: 80, to: 90 }, '-')).toBe('80-90');
  });
});

describe('names of ports', () => {
  it('are those of /etc/services', () => {
    expect(['tcpmux', 'domain', 'http', 'https', 'http-alt', 'fido'].map(portOfName)).toEqual([1, 53, 80, 443, 8080, 60_179]);
    expect(['', 'our-own', 'HTTP', '80', '__proto__'].filter((name) => portOfName(name) !== undefined)).toEqual([]);
  });
});

describe('marks', () => {
  it('are 32 bits in lower-case hexadecimal', () => {
    expect(parseMark('0x0')).toBe(0);
    expect(parseMark('0xffffffff')).toBe(0xffff_ffff);
    for (const text of ['', '0x', '4000', '0x4z00', '0X1', '0xABC', '0x01', '0x100000000']) expect(parseMark(text)).toBeUndefined();
    expect(printMark(-1)).toBe('0xffffffff');
  });

  it('have a mask of all bits unless one is printed', () => {
    expect(parseMaskedMark('0x4000/0x4000')).toEqual({ value: 0x4000, mask: 0x4000 });
    expect(parseMaskedMark('0x1')).toEqual({ value: 1, mask: 0xffff_ffff });
    for (const text of ['0x1/', '/0x1', '0x1/0x1/0x1', '0x1/255']) expect(parseMaskedMark(text)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), (value, mask) => {
        expect(parseMaskedMark(printMaskedMark({ value, mask }))).toEqual({ value, mask });
      }),
    );
  });
});

describe('protocols', () => {
  it('have one name whatever a version prints', () => {
    const same = [
      [['all', '0', 'any', 'ip'], { name: 'all', number: 0 }],
      [['tcp', '6'], { name: 'tcp', number: 6 }],
      [['icmpv6', 'ipv6-icmp', '58'], { name: 'ipv6-icmp', number: 58 }],
      [['ipv6-mh', 'mobility-header', 'mh', '135'], { name: 'mobility-header', number: 135 }],
      [['dccp', '33'], { name: 'dccp', number: 33 }],
      [['gre', '47'], { name: '47', number: 47 }],
    ] as const;
    for (const [texts, protocol] of same) for (const text of texts) expect(parseProtocol(text)).toEqual(protocol);
    for (const text of ['', '256', '06', 'TCP', 'tcpx', '-1', '__proto__']) expect(parseProtocol(text)).toBeUndefined();
  });

  it('are printed as each generation prints them', () => {
    expect([0, 1, 6, 33, 58, 108, 135, 200].map((number) => protocolName(number, 'names-1.4'))).toEqual([
      'all',
      'icmp',
      'tcp',
      '33',
      'icmpv6',
      '108',
      'ipv6-mh',
      '200',
    ]);
    expect([33, 58, 108, 135].map((number) => protocolName(number, 'names-1.8.8'))).toEqual(['33', 'ipv6-icmp', '108', 'mobility-header']);
    expect([0, 6, 58].map((number) => protocolName(number, 'numbers'))).toEqual(['0', '6', '58']);
    expect([33, 58, 108, 135].map((number) => protocolName(number))).toEqual(['dccp', 'ipv6-icmp', 'ipcomp', 'mobility-header']);
  });
});

describe('probabilities', () => {
  it('read and print with eleven decimals', () => {
    for (const text of ['0.33333333349', '0.50000000000', '0.00000000000', '1.00000000000']) {
      expect(printProbability(parseProbability(text) ?? -1)).toBe(text);
    }
    for (const text of ['', '.5', '0', '1', '1.5', '0.333333333333', '0,5', '1e-3']) expect(parseProbability(text)).toBeUndefined();
  });

  it('are equal where the kernel keeps the same 31 bits', () => {
    expect(probabilityParts(0.5)).toBe(2 ** 30);
    expect(storedProbability(0.3333333333)).toBe(0.33333333349);
    // 2^-12 is a tie in the twelfth decimal, which printf rounds to even.
    expect(printProbability(storedProbability(2 ** -12))).toBe('0.00024414062');
    fc.assert(
      fc.property(fc.nat(2 ** 31), (parts) => {
        expect(probabilityParts(storedProbability(parts / 2 ** 31))).toBe(parts);
      }),
    );
  });
});

describe('decoders', () => {
  it('say what they expect', () => {
    expect(portDecoder.expected).toBe('a port number 0-65535');
    expect(portDecoder.decode('80')).toBe(80);
    expect(maskedMarkDecoder.decode('0x1/0x3')).toEqual({ value: 1, mask: 3 });
  });
});
