import type { BinaryExpression, Expression } from '../ast/expressions.ts';

/** An operator and what stands behind it. */
export interface BinaryPart {
  readonly operator: BinaryExpression['operator'];
  readonly operand: Expression;
}

/** How tightly an operator binds, as in C: parser_bison.y of nftables 1.0.6, `shift_expr` to `inclusive_or_expr`. */
const BINDING: Readonly<Record<BinaryExpression['operator'], number>> = { '<<': 4, '>>': 4, '&': 3, '^': 2, '|': 1 };

/** `a & b | c` as a tree; operators that bind alike are read from the left. Long runs take no recursion. */
export function foldBinary(first: Expression, parts: readonly BinaryPart[]): Expression {
  const operands: Expression[] = [first];
  const operators: BinaryExpression['operator'][] = [];
  const reduce = (binding: number): void => {
    for (let top = operators.at(-1); top !== undefined && BINDING[top] >= binding; top = operators.at(-1)) {
      operators.pop();
      const right = operands.pop();
      const left = operands.pop();
      if (left !== undefined && right !== undefined) operands.push({ kind: 'Binary', operator: top, left, right });
    }
  };
  for (const { operator, operand } of parts) {
    reduce(BINDING[operator]);
    operators.push(operator);
    operands.push(operand);
  }
  reduce(0);
  return operands[0] ?? first;
}

/** Whether an operand needs parentheses under an operator. */
export function needsParentheses(operand: Expression, operator: BinaryExpression['operator'], isRight: boolean): boolean {
  if (operand.kind !== 'Binary') return false;
  return isRight ? BINDING[operand.operator] <= BINDING[operator] : BINDING[operand.operator] < BINDING[operator];
}
