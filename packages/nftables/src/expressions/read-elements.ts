import type { Line } from '@netdrift/core';
import type { AnonymousSet, SetElement } from '../ast/expressions.ts';
import { NftLine } from '../nft-line.ts';
import { eachElement } from '../scan/braces.ts';
import { CLOSE } from '../scan/characters.ts';

/**
 * The set that a token in braces is. Each element is a line of its own with a shape of its own, so a map of a thousand endpoints costs no
 * more shapes than one of two.
 */
export function setOf(line: Line, index: number): AnonymousSet {
  return { kind: 'AnonymousSet', elements: elementsOf(line, index, 'element', false) };
}

/**
 * The elements between the braces of a token. One that cannot be read is kept as an unknown expression; braces that nothing closes hold
 * what stands before the end.
 */
export function elementsOf(line: Line, index: number, place: 'element' | 'update', withSpans: boolean): SetElement[] {
  const { start, end } = line.span(index);
  const elements: SetElement[] = [];
  if (!(line instanceof NftLine)) {
    line.refuse(index, 'elements between braces');
    return elements;
  }
  const isClosed = line.bytes[end - 1] === CLOSE && end - start > 1;
  eachElement(line.bytes, start + 1, isClosed ? end - 1 : end, (from, until) => {
    const element = line.readElement(line, from, until, place) ?? unknownElement(line.source.slice(from, until));
    elements.push(withSpans ? { ...element, span: { start: from, end: until } } : element);
  });
  return elements;
}

function unknownElement(text: string): SetElement {
  return { kind: 'SetElement', key: { kind: 'UnknownExpression', text } };
}
