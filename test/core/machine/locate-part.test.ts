import { instantiate, isMismatch, locatePart, type PartPath } from '@netdrift/core';
import { describe, expect, it } from 'vitest';
import '../../support/object-group-by.ts';
import { grammar, scan } from './mark-grammar.ts';

function learnt(line: ReturnType<typeof scan>): unknown {
  const template = grammar.learn(line);
  return isMismatch(template) ? undefined : instantiate(template, line);
}

function located(text: string, ...path: PartPath): string | undefined {
  const span = locatePart(scan(text), learnt, path);
  return span === undefined ? undefined : text.slice(span.start, span.end);
}

describe('a part of a line', () => {
  it('is where its word stands', () => {
    const text = 'web ! mark 0x4000 save flag flag';
    expect(located(text, 'name')).toBe('web');
    expect(located(text, 'value')).toBe('0x4000');
    expect(located(text, 'action', 'word')).toBe('save');
    expect(located(text, 'action')).toBe('save');
  });

  it('is where its word stands though the same word stands elsewhere', () => {
    expect(locatePart(scan('mark mark mark'), learnt, ['name'])).toEqual({ start: 0, end: 4 });
  });

  it('that a word says by being there is that word', () => {
    expect(located('web ! mark 0x4000', 'not')).toBe('!');
    expect(located('web mark 0x1 flag', 'flags')).toBe('flag');
  });

  it('that no word says is nowhere, and so is one that the node lacks', () => {
    expect(located('web mark 0x1', 'kind')).toBeUndefined();
    expect(located('web mark 0x1', 'not')).toBeUndefined();
    expect(located('web mark 0x1', 'action')).toBeUndefined();
    expect(located('web mark 0x1', 'name', 'length')).toBeUndefined();
    expect(located('web mark 0x1', '__proto__')).toBeUndefined();
  });

  it('that is the node itself is the line from its first to its last word that says something', () => {
    expect(located('web mark 0x1 set')).toBe('web mark 0x1 set');
  });
});
