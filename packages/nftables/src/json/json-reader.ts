import type { AnonymousSet, Expression, SetElement, SetReference } from '../ast/expressions.ts';
import type { Statement } from '../ast/statements.ts';
import { type JsonObject, type JsonValue, member } from './json-value.ts';

/** Reads what stands inside what is read: statements hold expressions, and elements of sets in them hold statements. */
export interface JsonReader {
  readonly expression: (value: JsonValue | undefined, depth?: number) => Expression;
  /** What `map` and `vmap` look in: a set in place, or the name of one. */
  readonly map: (value: JsonValue | undefined, depth?: number) => SetReference | AnonymousSet | undefined;
  readonly element: (value: JsonValue, depth?: number) => SetElement;
  readonly statement: (value: JsonValue) => Statement;
}

/** The expression of a member that may be missing. */
export function optionalExpression(reader: JsonReader, object: JsonObject, key: string): Expression | undefined {
  const value = member(object, key);
  return value === undefined ? undefined : reader.expression(value);
}
