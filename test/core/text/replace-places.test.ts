import { replacePlaces } from '@netdrift/core';
import { describe, expect, it } from 'vitest';

const isLine = (held: unknown): held is number => typeof held === 'number';

/** The same data with lines counted from ten on. */
const later = <Tree>(tree: Tree): Tree => replacePlaces(tree, 'line', isLine, (line) => line + 10);

describe('a copy with other places', () => {
  it('has the keys of the original in their order, and other lines where they stand', () => {
    const copy = later({ b: [{ line: 1, a: null }, 'line'], line: 'no line', a: { line: 2 } });
    expect(JSON.stringify(copy)).toBe('{"b":[{"line":11,"a":null},"line"],"line":"no line","a":{"line":12}}');
  });

  it('has a key that is called as the prototype as its own', () => {
    const copy = later(JSON.parse('{"labels":{"__proto__":{"line":1}}}') as object);
    expect(JSON.stringify(copy)).toBe('{"labels":{"__proto__":{"line":11}}}');
  });

  it('is made of data of any depth', () => {
    let deep: object = { line: 1 };
    for (let depth = 0; depth < 100_000; depth += 1) deep = { deep };
    let at: unknown = later(deep);
    while (typeof at === 'object' && at !== null && 'deep' in at) at = at.deep;
    expect(at).toEqual({ line: 11 });
  });
});
