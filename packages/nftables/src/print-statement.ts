import type { Expression } from './ast/expressions.ts';
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

/**
 * The text of one statement as nft prints it in a rule.
 *
 * @example
 * printNftStatement({ kind: 'Verdict', verdict: 'goto', chain: 'services' }) // => 'goto services'
 */
export function printNftStatement(statement: Statement): string {
  return printer.statement(statement);
}

/**
 * The text of one expression or value as nft prints it in a rule.
 *
 * @example
 * printNftExpression({ kind: 'Payload', protocol: 'tcp', field: 'dport' }) // => 'tcp dport'
 */
export function printNftExpression(expression: Expression): string {
  return printer.expression(expression);
}
