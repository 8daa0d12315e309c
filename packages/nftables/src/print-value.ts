import type { Duration, Expression, SetElement } from './ast/expressions.ts';
import { needsParentheses } from './expressions/binary.ts';
import type { Printer } from './printer.ts';
import { printVerdict } from './statements/verdicts.ts';

/** The text of an expression or value as nft prints it. */
export function expressionText(expression: Expression, printer: Printer): string {
  switch (expression.kind) {
    case 'Number':
      return expression.text ?? String(expression.value);
    case 'Symbol':
      return expression.quoted === true || !/^[A-Za-z0-9_.:/*+-]+$/.test(expression.name) ? `"${expression.name}"` : expression.name;
    case 'Address':
      return expression.address;
    case 'Prefix':
      return `${expression.address}/${expression.length}`;
    case 'Range':
      return `${printer.expression(expression.first)}-${printer.expression(expression.last)}`;
    case 'List':
      return expression.values.map(printer.expression).join(',');
    case 'Wildcard':
      return '*';
    case 'SetReference':
      return `@${expression.name}`;
    case 'AnonymousSet':
      return expression.elements.length === 0
        ? '{ }'
        : `{ ${expression.elements.map((element) => elementText(element, printer)).join(', ')} }`;
    case 'Concatenation':
      return expression.parts.map(printer.expression).join(' . ');
    case 'Binary': {
      const { operator, left, right } = expression;
      const side = (operand: Expression, isRight: boolean): string => {
        const text = printer.expression(operand);
        return needsParentheses(operand, operator, isRight) ? `(${text})` : text;
      };
      return `${side(left, false)} ${operator} ${side(right, true)}`;
    }
    case 'MapLookup':
      return `${printer.expression(expression.key)} map ${printer.expression(expression.map)}`;
    default:
      return selectorText(expression, printer);
  }
}

/** meta.c `meta_expr_print`: keys that stand alone. */
const UNQUALIFIED: ReadonlySet<string> = new Set(['iif', 'oif', 'iifname', 'oifname', 'iifgroup', 'oifgroup']);

type Selector = Exclude<
  Expression,
  {
    kind:
      | 'Number'
      | 'Symbol'
      | 'Address'
      | 'Prefix'
      | 'Range'
      | 'List'
      | 'Wildcard'
      | 'SetReference'
      | 'AnonymousSet'
      | 'Concatenation'
      | 'Binary'
      | 'MapLookup';
  }
>;

function selectorText(selector: Selector, printer: Printer): string {
  switch (selector.kind) {
    case 'Meta':
      return UNQUALIFIED.has(selector.key) ? selector.key : `meta ${selector.key}`;
    case 'Payload':
      return `${selector.protocol} ${selector.field}`;
    case 'RawPayload':
      return `@${selector.base},${selector.offset},${selector.length}`;
    case 'Ct':
      return `ct${spaced(selector.direction)}${spaced(selector.family)} ${selector.key}`;
    case 'Fib':
      return `fib ${selector.flags.join(' . ')} ${selector.result}`;
    case 'Numgen':
      return `numgen ${selector.mode} mod ${selector.modulus}${offset(selector.offset)}`;
    case 'Hash': {
      const key = selector.key === undefined ? '' : ` ${printer.expression(selector.key)}`;
      const seed = selector.seed === undefined ? '' : ` seed ${selector.seed.text ?? `0x${selector.seed.value.toString(16)}`}`;
      return `${selector.hash}${key} mod ${selector.modulus}${seed}${offset(selector.offset)}`;
    }
    case 'Option':
      return `${selector.protocol} option ${selector.name}${spaced(selector.field)}`;
    case 'ExtensionHeader':
      return selector.field === undefined ? `exthdr ${selector.name}` : `${selector.name} ${selector.field}`;
    case 'Route':
      return `rt${spaced(selector.family)} ${selector.key}`;
    case 'Socket':
      return `socket ${selector.key}${selector.level === undefined ? '' : ` level ${selector.level}`}`;
    case 'Osf':
      return `osf${selector.ttl === undefined ? '' : ` ttl ${selector.ttl}`} ${selector.key}`;
    case 'Ipsec': {
      const spnum = selector.spnum === undefined || selector.spnum === 0 ? '' : ` spnum ${selector.spnum}`;
      return `ipsec ${selector.direction}${spnum}${spaced(selector.family)} ${selector.key}`;
    }
    case 'UnknownExpression':
      return selector.text;
  }
}

const spaced = (word: string | undefined): string => (word === undefined ? '' : ` ${word}`);
const offset = (value: number | undefined): string => (value === undefined || value === 0 ? '' : ` offset ${value}`);

/** `10.0.0.1 timeout 10m comment "x" : drop` */
export function elementText(element: SetElement, printer: Printer): string {
  const { key, value, timeout, expires, comment, statements = [] } = element;
  return [
    printer.expression(key),
    ...statements.map((statement) => ` ${printer.statement(statement)}`),
    timeout === undefined ? '' : ` timeout ${printDuration(timeout)}`,
    expires === undefined ? '' : ` expires ${printDuration(expires)}`,
    comment === undefined ? '' : ` comment "${comment}"`,
    value === undefined ? '' : ` : ${value.kind === 'Verdict' ? printVerdict(value) : printer.expression(value)}`,
  ].join('');
}

export function printDuration({ seconds, text }: Duration): string {
  return text ?? `${seconds}s`;
}
