import type { Expression } from './ast/expressions.ts';
import type { Statement } from './ast/statements.ts';

/** Prints what stands inside what is printed: statements hold expressions, and elements of sets in them hold statements. */
export interface Printer {
  readonly expression: (expression: Expression) => string;
  readonly statement: (statement: Statement) => string;
}
