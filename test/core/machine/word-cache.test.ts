import { sourceBytes, WordCache } from '@netdrift/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('a word cache', () => {
  it('gives what is kept of a word, and never what is kept of another', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '0', '.', 'é', 'è'), maxLength: 70 });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.nat(2)), { maxLength: 400 }), (words) => {
        const cache = new WordCache<{ readonly word: string; readonly kind: number }>();
        for (const [text, kind] of words) {
          const bytes = sourceBytes(` ${text} `);
          const found = cache.find(bytes, 1, 1 + text.length, kind) ?? cache.keep({ word: text, kind }, bytes, 1, 1 + text.length, kind);
          expect(found).toEqual({ word: text, kind });
        }
      }),
    );
  });

  it('remembers a word when the text it was read from is gone, and freezes what it shares', () => {
    const cache = new WordCache<{ readonly list: readonly number[] }>();
    const value = { list: [1] };
    const buffer = new Uint8Array(8);
    for (let time = 0; time < 2; time += 1) {
      expect(cache.find(sourceBytes('one', buffer), 0, 3)).toBeUndefined();
      cache.keep(value, buffer, 0, 3);
    }
    expect(Object.isFrozen(value)).toBe(false);
    sourceBytes('two', buffer);
    expect(cache.find(buffer, 0, 3)).toBeUndefined();
    expect(cache.find(sourceBytes('one'), 0, 3)).toBe(value);
    expect([Object.isFrozen(value), Object.isFrozen(value.list)]).toEqual([true, true]);
  });

  it('remembers most of a hundred words', () => {
    const cache = new WordCache<string>();
    const words = Array.from({ length: 100 }, (_, index) => `10.0.0.${index}`);
    for (const word of [...words, ...words]) {
      const bytes = sourceBytes(word);
      if (cache.find(bytes, 0, bytes.length) === undefined) cache.keep(word, bytes, 0, bytes.length);
    }
    const found = words.filter((word) => cache.find(sourceBytes(word), 0, word.length) === word);
    expect(found.length).toBeGreaterThan(70);
  });
});
