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
  const waiting: { readonly from: object; readonly to: object }[] = [];
  const copyOf = (name: string, held: unknown): unknown => {
    if (name === key && isPlace(held)) return replace(held);
    if (typeof held !== 'object' || held === null) return held;
    const to = Array.isArray(held) ? [] : {};
    waiting.push({ from: held, to });
    return to;
  };
  const copy = copyOf('', tree);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [name, held] of Object.entries(next.from)) put(next.to, name, copyOf(name, held));
  }
  // Only places changed, so the copy has the type of the data.
  return copy as Tree;
}

/** Sets a key of a copy; one called `__proto__` is a key like any other. */
function put(to: object, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(to, key, { value, enumerable: true, writable: true, configurable: true });
  else (to as Record<string, unknown>)[key] = value;
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
