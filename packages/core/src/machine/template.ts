import type { Line } from './line.ts';

/** Type-only mark that carries the node type of a template. */
declare const builds: unique symbol;

/**
 * How the node of a line shape is made: a build function and, for each of its arguments, the token it reads, the
 * template that makes it, or a list of those. It holds no text, so it serves every line of the shape.
 */
export interface Template<N> {
  readonly build: (line: Line, ...values: never[]) => N;
  readonly parts: readonly Part[];
  readonly [builds]?: N;
}

/** One argument of a build function: a token index ({@link ABSENT} where missing), a template, or a list of parts. */
export type Part = number | Template<unknown> | readonly Part[];

/** What a part becomes when a template is applied to a line: an index stays, a template gives its node. */
export type Resolved<P> = P extends number
  ? number
  : P extends Template<infer N>
    ? N
    : P extends readonly (infer E)[]
      ? Resolved<E>[]
      : never;

/**
 * A template: `build` will be called with the line and the resolved parts.
 *
 * @example
 * const mark = (line: Line, not: number, value: number) => ({ kind: 'MarkMatch', not: line.flag(not), value: line.text(value) });
 * node(mark, ABSENT, 4) // the mark's text is token 4
 */
export function node<N, P extends readonly Part[]>(
  build: (line: Line, ...values: { [K in keyof P]: Resolved<P[K]> }) => N,
  ...parts: P
): Template<N> {
  // What the parts become is checked here, once; a template only remembers that they fit.
  return { build: build as (line: Line, ...values: never[]) => N, parts };
}

/**
 * Makes the node of a line from the template of its shape.
 *
 * Whether a value was impossible is told by {@link Line.refusal} afterwards. Depth is that of the grammar, never of the input.
 */
export function instantiate<N>(template: Template<N>, line: Line): N {
  const { parts } = template;
  // The parts of a template were checked against its build function by the types of node().
  const build = template.build as (line: Line, ...values: unknown[]) => N;
  switch (parts.length) {
    case 0:
      return build(line);
    case 1:
      return build(line, resolve(parts[0], line));
    case 2:
      return build(line, resolve(parts[0], line), resolve(parts[1], line));
    case 3:
      return build(line, resolve(parts[0], line), resolve(parts[1], line), resolve(parts[2], line));
    case 4:
      return build(line, resolve(parts[0], line), resolve(parts[1], line), resolve(parts[2], line), resolve(parts[3], line));
    case 5:
      return build(
        line,
        resolve(parts[0], line),
        resolve(parts[1], line),
        resolve(parts[2], line),
        resolve(parts[3], line),
        resolve(parts[4], line),
      );
    case 6:
      return build(
        line,
        resolve(parts[0], line),
        resolve(parts[1], line),
        resolve(parts[2], line),
        resolve(parts[3], line),
        resolve(parts[4], line),
        resolve(parts[5], line),
      );
    default:
      return build(line, ...parts.map((part) => resolve(part, line)));
  }
}

function resolve(part: Part | undefined, line: Line): unknown {
  if (typeof part === 'number') return part;
  if (part === undefined) return undefined;
  if (isList(part)) return resolveList(part, line);
  return instantiate(part, line);
}

/** Lists are made at their exact size: a list grown by push keeps room for 17 elements. */
function resolveList(parts: readonly Part[], line: Line): unknown[] {
  switch (parts.length) {
    case 0:
      return [];
    case 1:
      return [resolve(parts[0], line)];
    case 2:
      return [resolve(parts[0], line), resolve(parts[1], line)];
    case 3:
      return [resolve(parts[0], line), resolve(parts[1], line), resolve(parts[2], line)];
    default:
      return parts.map((part) => resolve(part, line));
  }
}

function isList(part: Part): part is readonly Part[] {
  return Array.isArray(part);
}
