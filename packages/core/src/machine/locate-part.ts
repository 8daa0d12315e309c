import type { Span } from '../text/span.ts';
import type { Decoder, Line } from './line.ts';
import { NOT_ASCII } from './source-bytes.ts';

/** The keys that lead from a node to a part of it: `['persistence', 'timeout']`, `['elements', 0]`. */
export type PartPath = readonly (string | number)[];

/**
 * Where in a line a part of its node was read from, or `undefined` where no word of the line says it.
 *
 * `build` makes the node of a scanned line and must do nothing else. It is run once for each token, every time with another
 * token changed: the tokens that change the part are those it was read from. Where none does, because a word stands
 * for something by being there (`nomatch`, `-m`), it is run with one and with two tokens left out. So nothing is to be
 * written for it in a grammar, and the cost is that of one line.
 *
 * The span is that of whole tokens: the port of `10.0.0.1:443` has the span of both.
 *
 * @example
 * locatePart(line, (changed) => read(changed), ['weight']) // => { start: 41, end: 42 }
 */
export function locatePart<L extends Line>(line: L, build: (line: L) => unknown, path: PartPath): Span | undefined {
  const whole = shown(build(line), path);
  if (whole === undefined) return undefined;
  const tokens = Array.from({ length: line.count }, (_, token) => token);
  const sources = tokens.filter((token) => shown(build(withChanged(line, token)), path) !== whole);
  const [first] = sources;
  if (first !== undefined) return line.span(first, sources.at(-1));
  return leftOut(line, build, path, whole);
}

/** The words without which the line is read and lacks the part; else those without which it cannot be read for the lack of it. */
function leftOut<L extends Line>(line: L, build: (line: L) => unknown, path: PartPath, whole: string): Span | undefined {
  let refused: Span | undefined;
  for (const length of [1, 2]) {
    for (let first = 0; first + length <= line.count; first += 1) {
      const shorter = without(line, first, length);
      const node = build(shorter);
      if (node === undefined || shown(node, path) === whole) continue;
      const span = line.span(first, first + length - 1);
      if (shorter.refusal === undefined) return span;
      refused ??= span;
    }
  }
  return refused;
}

/** The part as text that can be compared. */
function shown(node: unknown, path: PartPath): string | undefined {
  let part = node;
  for (const key of path) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined;
    part = Reflect.get(part, key);
  }
  return JSON.stringify(part);
}

const CHANGED = '\u0001';

/** The line as it would be with another value in one token. What reads it is the line's own class. */
function withChanged<L extends Line>(line: L, token: number): L {
  const { start, end } = boundsOf(line, token);
  const changes = {
    source: line.source.slice(0, start) + CHANGED.repeat(end - start) + line.source.slice(end),
    bytes: line.bytes.slice().fill(NOT_ASCII, start, end),
    flag: (index: number): boolean => index !== token && line.flag(index),
    text(first: number, last: number = first): string {
      const text = line.text(first, last);
      return first <= token && token <= last ? text + CHANGED : text;
    },
    name: (index: number): string => changes.text(index),
    read<T>(index: number, decoder: Decoder<T>): T {
      const value = decoder.decode(line.text(index));
      // A value that its decoder refuses belongs to a node that is thrown away.
      return (index === token ? changed(value) : value) as T;
    },
  };
  return derived(line, changes);
}

/** The line without some of its tokens. */
function without<L extends Line>(line: L, first: number, length: number): L {
  const kept = Array.from({ length: line.count }, (_, token) => token).filter((token) => token < first || token >= first + length);
  return derived(line, {
    count: kept.length,
    types: Uint16Array.from(kept, (token) => line.type(token)),
    starts: Int32Array.from(kept, (token) => boundsOf(line, token).start),
    ends: Int32Array.from(kept, (token) => boundsOf(line, token).end),
  });
}

/** The line seen through changes; what they do not name, methods of a class of its own among it, is the line's. */
function derived<L extends Line>(line: L, changes: object): L {
  const fields = Object.entries({ refusal: undefined, ...changes }).map(([key, value]) => [key, { value, writable: true }] as const);
  return Object.create(line, Object.fromEntries(fields)) as L;
}

function boundsOf({ starts, ends }: Line, token: number): Span {
  return { start: starts[token] ?? 0, end: ends[token] ?? 0 };
}

/** Another value of the same kind, leaf by leaf. */
function changed(value: unknown): unknown {
  if (typeof value === 'number') return -value - 1;
  if (typeof value === 'string') return value + CHANGED;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return value.length === 0 ? [CHANGED] : value.map(changed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, changed(part)]));
}
