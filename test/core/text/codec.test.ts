import { decode, detectEncoding, encode } from '@netdrift/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const bytes = (...values: number[]) => Uint8Array.of(...values);

describe('decode', () => {
  it('gives a string back as it is', () => {
    expect(decode('Chain \ud800 INPUT')).toBe('Chain \ud800 INPUT');
  });

  it('reads UTF-8, with a byte order mark as the first character', () => {
    expect(decode(bytes(0xef, 0xbb, 0xbf, 0x61, 0xc3, 0xa9, 0xed, 0x95, 0x9c, 0xf0, 0x9f, 0x9a, 0x80))).toBe('\ufeffaé한🚀');
  });

  it('turns each byte that is not UTF-8 into a lone surrogate', () => {
    expect(decode(bytes(0x61, 0xe9, 0x62))).toBe('a\udce9b');
    expect(decode(bytes(0xc0, 0xaf))).toBe('\udcc0\udcaf');
    expect(decode(bytes(0xed, 0xa0, 0x80))).toBe('\udced\udca0\udc80');
    expect(decode(bytes(0xf4, 0x90, 0x80, 0x80))).toBe('\udcf4\udc90\udc80\udc80');
    expect(decode(bytes(0xf0, 0x9f, 0x9a, 0x80, 0xf0, 0x9f, 0x9a))).toBe('🚀\udcf0\udc9f\udc9a');
  });

  it('reads UTF-16 where a byte order mark says so', () => {
    expect(decode(bytes(0xff, 0xfe, 0x43, 0x00, 0x5c, 0xd5))).toBe('\ufeffC한');
    expect(decode(bytes(0xfe, 0xff, 0x00, 0x43, 0xd5, 0x5c))).toBe('\ufeffC한');
    expect(decode(bytes(0xff, 0xfe, 0x43))).toBe('\ufeff\ufffd');
  });

  it('reads part of a larger buffer', () => {
    expect(decode(bytes(0x61, 0xff, 0xfe, 0x43, 0x00, 0x62).subarray(1, 5))).toBe('\ufeffC');
  });

  it('keeps a long text with one bad byte whole', () => {
    const long = new Uint8Array(100_000).fill(0x61);
    long[50_000] = 0xff;
    expect(decode(long)).toBe(`${'a'.repeat(50_000)}\udcff${'a'.repeat(49_999)}`);
  });
});

describe('encode', () => {
  it('restores every input that is not UTF-16 byte for byte', () => {
    const anyBytes = fc.uint8Array({ maxLength: 200 }).filter((input) => detectEncoding(input) === 'utf-8');
    fc.assert(
      fc.property(anyBytes, (input) => {
        expect(encode(decode(input))).toEqual(input);
      }),
    );
  });

  it('restores bytes that almost are UTF-8', () => {
    const lead = fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5);
    fc.assert(
      fc.property(fc.array(lead, { maxLength: 30 }), (input) => {
        expect(encode(decode(Uint8Array.from(input)))).toEqual(Uint8Array.from(input));
      }),
    );
  });

  it('restores UTF-16 of even length', () => {
    const anyText = fc.uint8Array({ maxLength: 80 }).filter((input) => input.length % 2 === 0);
    fc.assert(
      fc.property(anyText, fc.constantFrom([0xff, 0xfe], [0xfe, 0xff]), (input, mark) => {
        const marked = Uint8Array.from([...mark, ...input]);
        expect(encode(decode(marked), detectEncoding(marked))).toEqual(marked);
      }),
    );
  });

  it('writes well-formed text as the runtime does, and other lone surrogates as U+FFFD', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        expect(encode(text)).toEqual(Uint8Array.from(Buffer.from(text)));
        expect(encode(`${text}\udc80`)).toEqual(Uint8Array.from([...Buffer.from(text), 0x80]));
      }),
    );
    expect(encode('\ud800a\udc80')).toEqual(bytes(0xef, 0xbf, 0xbd, 0x61, 0x80));
  });
});
