import { type Line, node, type Template } from '@netdrift/core';
import type { SetElement } from '../ast/expressions.ts';
import type { SetUpdate, Statement } from '../ast/statements.ts';
import { elementsOf } from '../expressions/read-elements.ts';
import type { JsonReader } from '../json/json-reader.ts';
import { isList, isObject, type JsonValue, member, textOf } from '../json/json-value.ts';
import { printDuration } from '../print-value.ts';
import * as token from '../tokens.ts';
import { setName } from '../values.ts';
import { statementKind } from './kind.ts';

const OPERATORS = ['add', 'update', 'delete'] as const;

const updateOf =
  (operator: SetUpdate['operator']) =>
  (line: Line, set: number, braces: number): SetUpdate => {
    const [element, second] = elementsOf(line, braces, 'update', false);
    if (element === undefined || second !== undefined) line.refuse(braces, 'one element between braces');
    return fromElement(operator, line.read(set, setName), element);
  };

function fromElement(operator: SetUpdate['operator'], set: string, element: SetElement | undefined): SetUpdate {
  const { key = { kind: 'Symbol' as const, name: '' }, value, timeout, comment, statements } = element ?? {};
  return {
    kind: 'SetUpdate',
    operator,
    set,
    key,
    ...(value === undefined || value.kind === 'Verdict' ? {} : { value }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(comment === undefined ? {} : { comment }),
    ...(statements === undefined ? {} : { statements }),
  };
}

const builders = OPERATORS.map((operator) => ({ code: token.updates[operator], build: updateOf(operator) }));

function fromJson(content: JsonValue, setKey: 'set' | 'map', reader: JsonReader): Statement | undefined {
  if (!isObject(content)) return undefined;
  const op = textOf(content, 'op');
  const operator = OPERATORS.find((one) => one === op);
  const set = textOf(content, setKey);
  const elem = member(content, 'elem');
  if (operator === undefined || set === undefined || elem === undefined) return undefined;
  const data = member(content, 'data');
  const stmt = member(content, 'stmt');
  const statements = isList(stmt) ? stmt.map((one) => reader.statement(one)) : [];
  const element = reader.element(elem);
  return fromElement(operator, set.replace(/^@/, ''), {
    ...element,
    ...(data === undefined ? {} : { value: reader.expression(data) }),
    ...(statements.length === 0 ? {} : { statements }),
  });
}

/** `update @affinity { ip saddr timeout 1m limit rate 5/second }` */
export const setUpdate = statementKind<SetUpdate>({
  kind: 'SetUpdate',
  starts: ['setUpdate'],
  rules: {
    setUpdate: ($) =>
      $.choose<Template<Statement>>(
        builders.map(({ code, build }, nth) => () => {
          $.take(code);
          return node(build, $.take(token.reference, nth), $.take(token.braced, nth));
        }),
      ),
  },
  print: ({ operator, set, key, value, timeout, comment, statements = [] }, printer) =>
    [
      `${operator} @${set} { ${printer.expression(key)}`,
      timeout === undefined ? '' : ` timeout ${printDuration(timeout)}`,
      comment === undefined ? '' : ` comment "${comment}"`,
      ...statements.map((statement) => ` ${printer.statement(statement)}`),
      value === undefined ? '' : ` : ${printer.expression(value)}`,
      ' }',
    ].join(''),
  json: { set: (content, reader) => fromJson(content, 'set', reader), map: (content, reader) => fromJson(content, 'map', reader) },
  samples: ['update @dyn { ip saddr }', 'update @dyn { ip saddr timeout 1m limit rate 5/second }'],
});
