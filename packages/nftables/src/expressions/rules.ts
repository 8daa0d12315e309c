import { type Line, node, type Rule, type Rules, type Template } from '@netdrift/core';
import type { AnonymousSet, Expression, SetReference } from '../ast/expressions.ts';
import * as token from '../tokens.ts';
import { quotedText, value } from '../values.ts';
import { expressionRules, referenceOf } from './kinds.ts';
import { setOf } from './read-elements.ts';
import { type BinaryPart, foldBinary } from './binary.ts';

const valueOf = (line: Line, index: number): Expression => line.read(index, value);
const quotedOf = (line: Line, index: number): Expression => ({ kind: 'Symbol', name: line.read(index, quotedText), quoted: true });
const wildcard = (): Expression => ({ kind: 'Wildcard' });

const OPERATORS = ['&', '|', '^', '<<', '>>'] as const;
const operatorNodes = OPERATORS.map((operator) => ({ code: token.signs[operator], build: (): (typeof OPERATORS)[number] => operator }));

const joined = (_line: Line, first: Expression, more: Expression[]): Expression =>
  more.length === 0 ? first : { kind: 'Concatenation', parts: [first, ...more] };

const binary = (_line: Line, first: Expression, more: BinaryPart[]): Expression => foldBinary(first, more);
const binaryPart = (_line: Line, operator: BinaryPart['operator'], operand: Expression): BinaryPart => ({ operator, operand });

/** What stands behind a value and makes another of it. */
type Tail = ((value: Expression) => Expression) | number;

const mapTail =
  (_line: Line, map: SetReference | AnonymousSet): Tail =>
  (key) => ({ kind: 'MapLookup', key, map });
const rangeTail =
  (_line: Line, last: Expression): Tail =>
  (first) => ({ kind: 'Range', first, last });
const withTail = (_line: Line, first: Expression, tail: Tail): Expression => (typeof tail === 'number' ? first : tail(first));

const kindRules = Object.keys(expressionRules);

const operands = ($: Rules, first: Template<Expression>): Template<Expression> =>
  node(
    binary,
    first,
    $.repeat(() => $.rule<BinaryPart>('binaryPart'), 1),
  );

const concatenated = ($: Rules, first: Template<Expression>): Template<Expression> =>
  node(
    joined,
    first,
    $.repeat(() => {
      $.take(token.signs['.']);
      return $.rule<Expression>('operand', 1);
    }),
  );

/** Expressions and values; what begins with a free word is a value and never starts a statement. */
export const valueRules: Readonly<Record<string, Rule>> = {
  ...expressionRules,
  // ip daddr . meta l4proto . th dport
  expression: ($) => concatenated($, $.rule<Expression>('leadingOperand')),
  leadingOperand: ($) => operands($, $.rule<Expression>('leading')),
  leading: ($) => $.choose<Template<Expression>>(kindRules.map((name) => () => $.rule<Expression>(name))),
  concatenation: ($) => concatenated($, $.rule<Expression>('operand')),
  operand: ($) => operands($, $.rule<Expression>('primary')),
  // & 0x4000
  binaryPart: ($) => {
    const operator = $.choose(
      operatorNodes.map(({ code, build }) => () => {
        $.take(code);
        return node(build);
      }),
    );
    return node(binaryPart, operator, $.rule<Expression>('primary'));
  },
  primary: ($) =>
    $.choose<Template<Expression>>([
      () => node(valueOf, $.take(token.valueWord)),
      () => node(quotedOf, $.take(token.quoted)),
      () => node(referenceOf, $.take(token.reference)),
      () => node(setOf, $.take(token.braced)),
      () => {
        $.take(token.signs['*']);
        return node(wildcard);
      },
      () => {
        $.take(token.signs['(']);
        const inner = $.rule<Expression>('operand', 1);
        $.take(token.signs[')']);
        return inner;
      },
      () => $.rule<Expression>('leading'),
    ]),
  // ip saddr map @m; "10:00"-"12:00"
  value: ($) => {
    const first = $.rule<Expression>('concatenation');
    return node(
      withTail,
      first,
      $.maybe(() =>
        $.choose<Template<Tail>>([
          () => {
            $.take(token.map);
            return node(mapTail, $.rule<SetReference | AnonymousSet>('mapSource'));
          },
          () => {
            $.take(token.signs['-']);
            return node(rangeTail, $.rule<Expression>('operand'));
          },
        ]),
      ),
    );
  },
  // @service-ips; { 0 : goto a, 1 : goto b }
  mapSource: ($) =>
    $.choose<Template<SetReference | AnonymousSet>>([
      () => node(referenceOf, $.take(token.reference)),
      () => node(setOf, $.take(token.braced)),
    ]),
};
