import { lengthOfMask, maskBytes, networkContains, networksOverlap, parseNetwork, printNetwork } from '@netdrift/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function network(text: string) {
  const found = parseNetwork(text);
  if (found === undefined) throw new Error(`${text} is not a network`);
  return found;
}

describe('networks', () => {
  it('are read in every form that tools print', () => {
    expect(parseNetwork('10.0.0.1')).toEqual({ address: '10.0.0.1', prefixLength: 32 });
    expect(parseNetwork('0.0.0.0/0')).toEqual({ address: '0.0.0.0', prefixLength: 0 });
    expect(parseNetwork('10.0.0.0/255.0.255.0')).toEqual({ address: '10.0.0.0', mask: '255.0.255.0' });
    expect(parseNetwork('10.0.0.0/255.255.0.0')).toEqual({ address: '10.0.0.0', prefixLength: 16 });
    expect(parseNetwork('fd00::/64')).toEqual({ address: 'fd00::', prefixLength: 64 });
    expect(parseNetwork('fd00::/ffff:0:ffff::')).toEqual({ address: 'fd00::', mask: 'ffff:0:ffff::' });
    expect(parseNetwork('::/0.0.0.0')).toBeUndefined();
  });

  it('are refused with an impossible prefix or address', () => {
    for (const text of ['10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/', '/8', 'host/8', '::/129', '10.0.0.0/8/8', '10.0.0.0/-1']) {
      expect([text, parseNetwork(text)]).toEqual([text, undefined]);
    }
  });

  it('print as iptables prints them', () => {
    for (const text of ['10.0.0.1', '0.0.0.0/0', '10.0.0.0/255.0.255.0', '10.1.0.0/16', 'fd00::1', '::/0', 'fd00::/ffff:0:ffff::']) {
      expect(printNetwork(network(text))).toBe(text);
    }
  });

  it('contain themselves and what is narrower, of their own family', () => {
    const contains = (outer: string, inner: string) => networkContains(network(outer), network(inner));
    expect(contains('10.0.0.0/8', '10.1.2.3')).toBe(true);
    expect(contains('10.0.0.0/8', '10.0.0.0/8')).toBe(true);
    expect(contains('10.0.0.0/8', '0.0.0.0/0')).toBe(false);
    expect(contains('10.0.0.0/8', '11.0.0.0/9')).toBe(false);
    expect(contains('0.0.0.0/0', '::/0')).toBe(false);
    expect(contains('10.0.5.0/255.0.255.0', '10.9.5.7')).toBe(true);
    expect(contains('10.0.5.0/255.0.255.0', '10.0.0.0/8')).toBe(false);
    expect(contains('fd00::/8', 'fd12:3456::/32')).toBe(true);
  });

  it('overlap where they have an address in common', () => {
    const overlap = (one: string, other: string) => networksOverlap(network(one), network(other));
    expect(overlap('10.0.0.0/8', '10.0.5.0/255.255.255.0')).toBe(true);
    expect(overlap('0.0.5.0/0.0.255.0', '10.0.0.0/8')).toBe(true);
    expect(overlap('10.0.0.0/9', '10.128.0.0/9')).toBe(false);
    expect(overlap('0.0.0.0/0', '::/0')).toBe(false);
  });

  it('have masks that lead back to their length', () => {
    fc.assert(
      fc.property(fc.nat(128), (prefixLength) => {
        expect(lengthOfMask(maskBytes({ address: '::', prefixLength }))).toBe(prefixLength);
      }),
    );
    expect(maskBytes({ address: '10.0.0.0', prefixLength: 12 })).toEqual([255, 240, 0, 0]);
    expect(lengthOfMask([255, 0, 255, 0])).toBeUndefined();
    expect(lengthOfMask([0, 0, 0, 1])).toBeUndefined();
  });
});
