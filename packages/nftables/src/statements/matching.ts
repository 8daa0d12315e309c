import { ABSENT, type Line, node, type Template } from '@netdrift/core';
import type { AnonymousSet, Expression, SetReference } from '../ast/expressions.ts';
import type { Assignment, CtCountStatement, Match, MatchOperator, ObjectStatement, Statement, VerdictMap } from '../ast/statements.ts';
import { isObject, member, numberOf, textOf } from '../json/json-value.ts';
import type { Printer } from '../printer.ts';
import * as token from '../tokens.ts';
import { number } from '../values.ts';
import { statementKind } from './kind.ts';

const OPERATORS = ['==', '!=', '<', '>', '<=', '>=', '!'] as const;
const operators = OPERATORS.map((operator) => ({ code: token.signs[operator], build: (): (typeof OPERATORS)[number] => operator }));

/** What stands behind the expression that a statement begins with, and makes a statement of it. */
type Tail = (left: Expression) => Statement;

const vmapTail =
  (_line: Line, map: SetReference | AnonymousSet): Tail =>
  (key) => ({ kind: 'VerdictMap', key, map });

const setTail =
  (_line: Line, value: Expression): Tail =>
  (target) => {
    const object = target.kind === 'Ct' ? CT_OBJECTS.get(target.key) : undefined;
    if (object !== undefined && value.kind === 'Symbol') return { kind: 'ObjectStatement', object, name: value.name };
    return { kind: 'Assignment', target, value };
  };

const CT_OBJECTS: ReadonlyMap<string, ObjectStatement['object']> = new Map([
  ['helper', 'ct helper'],
  ['timeout', 'ct timeout'],
  ['expectation', 'ct expectation'],
]);

const matchTail =
  (_line: Line, operator: MatchOperator | number, right: Expression, mask: Expression | number): Tail =>
  (left) => {
    // `syn / fin,syn` is short for `& (fin | syn) == syn`, and JSON has the long form.
    if (typeof mask !== 'number') {
      return {
        kind: 'Match',
        left: { kind: 'Binary', operator: '&', left, right: mask },
        operator: typeof operator === 'number' ? '==' : operator,
        right,
      };
    }
    return { kind: 'Match', left, operator: typeof operator === 'number' ? impliedOperator(left, right) : operator, right };
  };

/** Flags that are compared with any of them; evaluate.c of nftables, `expr_evaluate_relational`. */
function isFlags(expression: Expression): boolean {
  if (expression.kind === 'Ct') return ['state', 'status', 'label', 'event'].includes(expression.key);
  return expression.kind === 'Payload' && expression.protocol === 'tcp' && expression.field === 'flags';
}

function impliedOperator(left: Expression, right: Expression): MatchOperator {
  return isFlags(left) && right.kind !== 'AnonymousSet' && right.kind !== 'SetReference' ? 'in' : '==';
}

const statementOf = (_line: Line, left: Expression, tail: Tail): Statement => tail(left);

/** A condition, a look-up of a verdict, or an assignment: all of them begin with an expression. */
export const matching = statementKind<Match>({
  kind: 'Match',
  starts: ['matching'],
  rules: {
    matching: ($) => node(statementOf, $.rule<Expression>('expression'), $.rule<Tail>('matchingTail')),
    matchingTail: ($) =>
      $.choose<Template<Tail>>([
        () => {
          $.take(token.vmap);
          return node(vmapTail, $.rule<SetReference | AnonymousSet>('mapSource'));
        },
        () => {
          $.take(token.set);
          return node(setTail, $.rule<Expression>('value', 0));
        },
        () => {
          const operator = $.rule<MatchOperator>('matchOperator');
          const right = $.rule<Expression>('value', 1);
          return node(
            matchTail,
            operator,
            right,
            $.maybe(() => $.rule<Expression>('mask', 0), 0),
          );
        },
        () => {
          const right = $.rule<Expression>('value', 2);
          return node(
            matchTail,
            ABSENT,
            right,
            $.maybe(() => $.rule<Expression>('mask', 1), 1),
          );
        },
      ]),
    matchOperator: ($) =>
      $.choose(
        operators.map(({ code, build }) => () => {
          $.take(code);
          return node(build);
        }),
      ),
    // / fin,syn,rst,ack
    mask: ($) => {
      $.take(token.signs['/']);
      return $.rule<Expression>('operand');
    },
  },
  print: printMatch,
  json: {
    match: (content, reader) => {
      if (!isObject(content)) return undefined;
      const operator = textOf(content, 'op');
      const known = ['in', ...OPERATORS].find((one): one is MatchOperator => one === operator);
      if (known === undefined) return undefined;
      return {
        kind: 'Match',
        left: reader.expression(member(content, 'left')),
        operator: known,
        right: reader.expression(member(content, 'right')),
      };
    },
  },
  samples: [
    'ip saddr 10.0.0.0/8',
    'ct state established,related',
    'meta l4proto tcp',
    'tcp flags syn / fin,syn,rst,ack',
    'meta mark & 0x00004000 == 0x00000000',
    'ip saddr != { 10.0.0.1, 10.0.1.0/24 }',
    'fib saddr . iif oif missing',
  ],
});

function printMatch({ left, operator, right }: Match, printer: Printer): string {
  if (left.kind === 'Binary' && left.operator === '&' && left.right.kind === 'List' && (operator === '==' || operator === '!=')) {
    const sign = operator === '!=' ? '!= ' : '';
    return `${printer.expression(left.left)} ${sign}${printer.expression(right)} / ${printer.expression(left.right)}`;
  }
  const isSet = right.kind === 'AnonymousSet' || right.kind === 'SetReference';
  const isImplied = operator === 'in' || (operator === '==' && (isSet || (left.kind !== 'Binary' && !isFlags(left))));
  return `${printer.expression(left)} ${isImplied ? '' : `${operator} `}${printer.expression(right)}`;
}

/** `ip daddr . meta l4proto . th dport vmap @service-ips`; read by the rule of {@link matching}. */
export const verdictMap = statementKind<VerdictMap>({
  kind: 'VerdictMap',
  starts: [],
  rules: {},
  print: ({ key, map }, printer) => `${printer.expression(key)} vmap ${printer.expression(map)}`,
  json: {
    vmap: (content, reader) => {
      const map = isObject(content) ? reader.map(member(content, 'data')) : undefined;
      return map === undefined || !isObject(content)
        ? undefined
        : { kind: 'VerdictMap', key: reader.expression(member(content, 'key')), map };
    },
  },
  samples: ['ip daddr . meta l4proto . th dport vmap @service-ips', 'numgen random mod 2 vmap { 0 : goto a, 1 : goto b }'],
});

/** `meta mark set meta mark | 0x4000`; read by the rule of {@link matching}. */
export const assignment = statementKind<Assignment>({
  kind: 'Assignment',
  starts: [],
  rules: {},
  print: ({ target, value }, printer) => `${printer.expression(target)} set ${printer.expression(value)}`,
  json: {
    mangle: (content, reader) => {
      if (!isObject(content)) return undefined;
      return { kind: 'Assignment', target: reader.expression(member(content, 'key')), value: reader.expression(member(content, 'value')) };
    },
  },
  samples: ['meta mark set meta mark | 0x00004000', 'tcp option maxseg size set 1400'],
});

const countOf = (line: Line, over: number, count: number): CtCountStatement => ({
  kind: 'CtCount',
  ...(line.flag(over) ? { over: true } : {}),
  count: line.read(count, number),
});

/** `ct count over 20` */
export const ctCount = statementKind<CtCountStatement>({
  kind: 'CtCount',
  starts: ['ctCount'],
  rules: {
    ctCount: ($) => {
      $.take(token.ctOfCount);
      $.take(token.ctCount);
      const over = $.maybe(() => $.take(token.over));
      return node(countOf, over, $.take(token.plain));
    },
  },
  print: ({ over, count }) => `ct count ${over === true ? 'over ' : ''}${count}`,
  json: {
    'ct count': (content) => {
      const count = isObject(content) ? numberOf(content, 'val') : undefined;
      if (count === undefined || !isObject(content)) return undefined;
      return { kind: 'CtCount', ...(member(content, 'inv') === true ? { over: true } : {}), count };
    },
  },
  samples: ['ct count over 20'],
});
