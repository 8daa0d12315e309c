import type { Span } from './span.ts';

/**
 * A copy of plain data in which the places that stand under one key are replaced, as spans and numbers of lines. However deep the data is,
 * it costs no stack.
 *
 * @example
 * replacePlaces({ rules: [{ line: 1 }] }, 'line', (held) => typeof held === 'number', (line) => line + 4) // => { rules: [{ line: 5 }] }
 */
export function replacePlaces<Tree, Place>(
  tree: Tree,
  key: string,
  isPlace: (held: unknown) => held is Place,
  replace: (place: Place) => Place,
): Tree {
  const root: { copy?: unknown } = {};
  const waiting: { readonly from: unknown; readonly to: object; readonly key: string }[] = [{ from: tree, to: root, key: 'copy' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { from, to } = next;
    const isReplaced = next.key === key && isPlace(from);
    const isTree = !isReplaced && typeof from === 'object' && from !== null;
    const copy = isReplaced ? replace(from) : isTree ? (Array.isArray(from) ? [] : {}) : from;
    // A key may be called `__proto__`.
    Object.defineProperty(to, next.key, { value: copy, enumerable: true, writable: true, configurable: true });
    // Last in, first out: the keys of the copy stand in the order of the original.
    if (isTree) for (const [name, held] of Object.entries(from).toReversed()) waiting.push({ from: held, to: copy as object, key: name });
  }
  // Only places changed, so the copy has the type of the data.
  return root.copy as Tree;
}

/**
 * A copy of plain data with other spans.
 *
 * @example
 * moveSpans({ kind: 'Chain', span: { start: 0, end: 4 } }, ({ start, end }) => ({ start: start + 10, end: end + 10 }))
 * // => { kind: 'Chain', span: { start: 10, end: 14 } }
 */
export function moveSpans<Tree>(tree: Tree, move: (span: Span) => Span): Tree {
  return replacePlaces(tree, 'span', isSpan, move);
}

function isSpan(held: unknown): held is Span {
  return typeof held === 'object' && held !== null && 'start' in held && 'end' in held;
}
