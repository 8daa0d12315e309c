import type { Statement } from './ast/statements.ts';
import { expressionText } from './print-value.ts';
import type { Printer } from './printer.ts';
import { statementKinds } from './statements/table.ts';

/** Prints every expression and statement. */
export const printer: Printer = {
  expression: (expression) => expressionText(expression, printer),
  statement: (statement) => {
    // The table has for each kind the entry of that kind; the compiler cannot follow the pair through the union.
    const print = statementKinds[statement.kind].print as (one: Statement, inner: Printer) => string;
    return print(statement, printer);
  },
};
