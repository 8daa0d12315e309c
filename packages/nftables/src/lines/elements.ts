import { type Line, node, type Rule, type Template } from '@netdrift/core';
import type { Expression, SetElement } from '../ast/expressions.ts';
import type { Statement, Verdict } from '../ast/statements.ts';
import * as token from '../tokens.ts';
import { duration, quotedText } from '../values.ts';

type Option = Pick<SetElement, 'timeout' | 'expires' | 'comment' | 'statements'>;

const elementOf = (_line: Line, key: Expression, options: Option[], value: Expression | Verdict | number): SetElement => {
  const statements = options.flatMap((option) => option.statements ?? []);
  return {
    kind: 'SetElement',
    key,
    ...(typeof value === 'number' ? {} : { value }),
    ...(options.length === 0 ? {} : Object.assign({}, ...options)),
    ...(statements.length === 0 ? {} : { statements }),
  };
};

const ownStatement = (_line: Line, statement: Statement): Option => ({ statements: [statement] });

/** Elements of sets and maps, and what a rule puts into one. */
export const elementRules: Readonly<Record<string, Rule>> = {
  // 10.101.7.82 . tcp . 9000 comment "prod/no-backend" : goto reject-chain
  element: ($) => {
    const key = $.rule<Expression>('value');
    const options = $.repeat(() => $.rule<Option>('elementOption'));
    return node(
      elementOf,
      key,
      options,
      $.maybe(() => {
        $.take(token.signs[':']);
        return $.rule<Expression | Verdict>('elementData');
      }),
    );
  },
  // ip saddr timeout 1m limit rate 5/second
  updatedElement: ($) => {
    const key = $.rule<Expression>('value', 0);
    const options = $.repeat(() => $.rule<Option>('elementOption', 0), 0);
    const value = $.maybe(() => {
      $.take(token.signs[':']);
      return $.rule<Expression>('value', 1);
    });
    return node(elementOf, key, options, value);
  },
  elementData: ($) => $.choose<Template<Expression | Verdict>>([() => $.rule<Verdict>('verdict'), () => $.rule<Expression>('value')]),
  elementOption: ($) =>
    $.choose<Template<Option>>([
      () => {
        $.take(token.timeout);
        return node((line, time: number): Option => ({ timeout: line.read(time, duration) }), $.take(token.plain, 0));
      },
      () => {
        $.take(token.expires);
        return node((line, time: number): Option => ({ expires: line.read(time, duration) }), $.take(token.plain, 1));
      },
      () => {
        $.take(token.comment);
        return node((line, text: number): Option => ({ comment: line.read(text, quotedText) }), $.take(token.quoted));
      },
      () => node(ownStatement, $.rule<Statement>('ownStatement')),
    ]),
  // What a set may give each of its elements.
  ownStatement: ($) =>
    $.choose<Template<Statement>>(['counter', 'limit', 'quota', 'last', 'ctCount'].map((name) => () => $.rule<Statement>(name))),
};
