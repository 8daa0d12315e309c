import { lineIndex, offsetAt, positionAt } from '@netdrift/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('positions', () => {
  it('count lines and columns from 1', () => {
    expect(positionAt('a\nbc\n', 0)).toEqual({ line: 1, column: 1 });
    expect(positionAt('a\nbc\n', 3)).toEqual({ line: 2, column: 2 });
    expect(positionAt('a\nbc\n', 5)).toEqual({ line: 3, column: 1 });
    expect(positionAt('', 0)).toEqual({ line: 1, column: 1 });
  });

  it('take an offset outside the text as its nearest end', () => {
    expect(positionAt('a\nbc', 99)).toEqual({ line: 2, column: 3 });
    expect(positionAt('a\nbc', -1)).toEqual({ line: 1, column: 1 });
  });

  it('count a carriage return as part of the line end', () => {
    expect(positionAt('a\r\nb', 3)).toEqual({ line: 2, column: 1 });
  });

  it('lead back to the offset', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '한'), { maxLength: 40 }), fc.nat(60), (parts, at) => {
        const text = parts.join('');
        const lines = lineIndex(text);
        const offset = Math.min(at, text.length);
        expect(offsetAt(lines, positionAt(lines, offset))).toBe(offset);
        expect(positionAt(lines, offset).line).toBe(text.slice(0, offset).split('\n').length);
      }),
    );
  });

  it('lead to the nearest end from places outside the text', () => {
    expect(offsetAt('a\nbc', { line: 0, column: 5 })).toBe(0);
    expect(offsetAt('a\nbc', { line: 1, column: 9 })).toBe(1);
    expect(offsetAt('a\nbc', { line: 9, column: 1 })).toBe(4);
  });
});
