import { phrase } from '@netdrift/core';
import { describe, expect, it } from 'vitest';

describe('a phrase', () => {
  it('reads what its places hold and prints it again', () => {
    const notFound = phrase('Module {name} not found in directory {place}');
    const text = 'Module ip_vs_foo not found in directory /lib/modules/6.1.0';
    expect(notFound.read(text)).toEqual({ name: 'ip_vs_foo', place: '/lib/modules/6.1.0' });
    expect(notFound.print({ name: 'ip_vs_foo', place: '/lib/modules/6.1.0' })).toBe(text);
  });

  it('ends its last words at the end of the text, whatever a place repeats of them', () => {
    expect(phrase('{name}: not found').read('sh: not found: not found')).toEqual({ name: 'sh: not found' });
  });

  it('is no other sentence, no part of one, and none with an empty place', () => {
    const inUse = phrase('Module {name} is in use.');
    for (const text of ['', 'Module  is in use.', 'Module a is in use', 'Module a is in use. b', 'The Module a is in use.']) {
      expect(inUse.read(text), text).toBeUndefined();
    }
  });

  it('refuses two places without words between', () => {
    expect(() => phrase('{tool}{name}')).toThrow('two places touch in "{tool}{name}"');
  });
});
