import { type Line, node, type Rule, type Template } from '@netdrift/core';
import type { Expression } from '../ast/expressions.ts';
import type { SetFlags } from '../ast/ruleset.ts';
import type { Statement } from '../ast/statements.ts';
import { elementsOf } from '../expressions/read-elements.ts';
import * as token from '../tokens.ts';
import { duration, number, quotedText, words } from '../values.ts';
import type { NftLineNode, SetLine } from './line-nodes.ts';

const FLAGS: readonly string[] = ['constant', 'dynamic', 'interval', 'timeout'];

/** `constant,interval` */
const flagsDecoder = {
  expected: 'flags of a set: constant, dynamic, interval, timeout',
  decode: (text: string): SetFlags | undefined => setFlags(words.decode(text) ?? []),
};

/** The flags of a set by their names; nothing where one is not known. */
export function setFlags(names: readonly string[]): SetFlags | undefined {
  if (!names.every((name) => FLAGS.includes(name))) return undefined;
  return Object.fromEntries(FLAGS.filter((name) => names.includes(name)).map((name) => [name, true]));
}

interface DataType {
  readonly dataType: readonly string[];
  readonly dataInterval?: true;
}

const typeOf = (line: Line, first: number, more: number[], data: DataType | number): SetLine => ({
  kind: 'SetLine',
  type: [first, ...more].map((index) => line.name(index)),
  ...(typeof data === 'number' ? {} : data),
});

const dataTypeOf = (line: Line, first: number, second: number, more: number[]): DataType => ({
  dataType: [line.flag(second) ? second : first, ...more].map((index) => line.name(index)),
  ...(line.flag(second) ? { dataInterval: true as const } : {}),
});

const typeofOf = (_line: Line, key: Expression, data: Expression | number): SetLine => ({
  kind: 'SetLine',
  typeof: key,
  ...(typeof data === 'number' ? {} : { dataTypeof: data }),
});

const sizeOf = (line: Line, size: number, count: number): SetLine => ({
  kind: 'SetLine',
  size: line.read(size, number),
  ...(line.flag(count) ? { count: line.read(count, number) } : {}),
});

const elementsLine = (line: Line, braces: number): SetLine => ({ kind: 'SetLine', elements: elementsOf(line, braces, 'element', true) });

/** The lines of a set or map. */
export const setRules: Readonly<Record<string, Rule>> = {
  setLine: ($) =>
    $.choose<Template<NftLineNode>>([
      // type ipv4_addr . inet_proto . inet_service : verdict
      () => {
        $.take(token.setType);
        const first = $.take(token.word, 0);
        const more = $.repeat(() => {
          $.take(token.signs['.']);
          return $.take(token.word, 1);
        });
        return node(
          typeOf,
          first,
          more,
          $.maybe(() => {
            $.take(token.signs[':'], 0);
            return $.rule<DataType>('dataType');
          }, 0),
        );
      },
      () => {
        $.take(token.setTypeof);
        const key = $.rule<Expression>('concatenation', 0);
        return node(
          typeofOf,
          key,
          $.maybe(() => {
            $.take(token.signs[':'], 1);
            return $.rule<Expression>('typeofData');
          }, 1),
        );
      },
      () => {
        $.take(token.policy);
        return node((line, policy: number): SetLine => ({ kind: 'SetLine', policy: line.name(policy) }), $.take(token.word, 2));
      },
      // size 65535 # count 2
      () => {
        $.take(token.size);
        return node(
          sizeOf,
          $.take(token.word, 3),
          $.maybe(() => $.take(token.countNote), 2),
        );
      },
      () => {
        $.take(token.chainFlags);
        return node((line, flags: number): SetLine => ({ kind: 'SetLine', flags: line.read(flags, flagsDecoder) }), $.take(token.word, 4));
      },
      () => {
        $.take(token.timeoutLine);
        return node((line, time: number): SetLine => ({ kind: 'SetLine', timeout: line.read(time, duration) }), $.take(token.word, 5));
      },
      () => {
        $.take(token.gcInterval);
        return node((line, time: number): SetLine => ({ kind: 'SetLine', gcInterval: line.read(time, duration) }), $.take(token.word, 6));
      },
      () => {
        $.take(token.autoMerge);
        return node((): SetLine => ({ kind: 'SetLine', autoMerge: true }));
      },
      () => {
        $.take(token.chainComment);
        return node(
          (line, comment: number): SetLine => ({ kind: 'SetLine', comment: line.read(comment, quotedText) }),
          $.take(token.quoted),
        );
      },
      () => {
        $.take(token.elements);
        $.take(token.signs['=']);
        return node(elementsLine, $.take(token.braced, 0));
      },
      // Behind the names of `add element ip t s { 10.0.0.1 }`
      () => node(elementsLine, $.take(token.braced, 1)),
      () => $.rule<NftLineNode>('setStatements'),
    ]),
  // : interval ipv4_addr . inet_service
  dataType: ($) => {
    const first = $.take(token.word, 0);
    const second = $.maybe(() => $.take(token.word, 1), 0);
    return node(
      dataTypeOf,
      first,
      second,
      $.repeat(() => {
        $.take(token.signs['.']);
        return $.take(token.word, 2);
      }),
    );
  },
  typeofData: ($) => $.rule<Expression>('concatenation'),
  // counter
  setStatements: ($) => {
    const first = $.rule<Statement>('ownStatement', 0);
    const more = $.repeat(() => $.rule<Statement>('ownStatement', 1));
    return node((_line, one: Statement, others: Statement[]): SetLine => ({ kind: 'SetLine', statements: [one, ...others] }), first, more);
  },
};
