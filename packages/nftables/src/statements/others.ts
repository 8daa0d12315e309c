import { type Line, node, type Template } from '@netdrift/core';
import type { Expression } from '../ast/expressions.ts';
import type {
  FlowStatement,
  HiddenStatement,
  NotrackStatement,
  QueueStatement,
  Statement,
  SynproxyStatement,
  UnknownStatement,
  XtStatement,
} from '../ast/statements.ts';
import { optionalExpression } from '../json/json-reader.ts';
import { isObject, numberOf, present, textOf, textsOf } from '../json/json-value.ts';
import * as token from '../tokens.ts';
import { number, quotedText, setName, words } from '../values.ts';
import { objectName } from './accounting.ts';
import { statementKind } from './kind.ts';

const queueOf = (line: Line, value: Expression | number, flags: number, isTo: boolean): QueueStatement => ({
  kind: 'Queue',
  ...(typeof value === 'number' ? {} : { number: value }),
  ...(line.flag(flags) ? { flags: line.read(flags, words) } : {}),
  ...(isTo ? { form: 'to' as const } : {}),
});

/** `queue num 1-3 bypass,fanout`; since nft 1.0 `queue flags bypass to 3` */
export const queue = statementKind<QueueStatement>({
  kind: 'Queue',
  starts: ['queue'],
  rules: {
    queue: ($) => {
      $.take(token.queue);
      const tail = $.maybe(() => $.rule<QueueStatement>('queueTail'));
      return node((_line, found: QueueStatement | number): QueueStatement => (typeof found === 'number' ? { kind: 'Queue' } : found), tail);
    },
    queueTail: ($) =>
      $.choose<Template<QueueStatement>>([
        () => {
          $.take(token.num);
          const value = $.rule<Expression>('value', 0);
          return node(
            (line, one: Expression, flags: number) => queueOf(line, one, flags, false),
            value,
            $.maybe(() => $.take(token.plain, 0)),
          );
        },
        () => {
          $.take(token.flags);
          const flags = $.take(token.plain, 1);
          $.take(token.to, 0);
          return node((line, index: number, one: Expression) => queueOf(line, one, index, true), flags, $.rule<Expression>('value', 1));
        },
        () => {
          $.take(token.to, 1);
          return node((line, one: Expression) => queueOf(line, one, -1, true), $.rule<Expression>('value', 2));
        },
      ]),
  },
  print: ({ number: value, flags, form }, printer) => {
    const written = flags === undefined ? '' : flags.join(',');
    if (value === undefined) return 'queue';
    if (form === 'to') return `queue${written === '' ? '' : ` flags ${written}`} to ${printer.expression(value)}`;
    return `queue num ${printer.expression(value)}${written === '' ? '' : ` ${written}`}`;
  },
  json: {
    queue: (content, reader) => {
      const object = isObject(content) ? content : {};
      return {
        kind: 'Queue',
        ...present('number', optionalExpression(reader, object, 'num')),
        ...present('flags', textsOf(object, 'flags')),
      };
    },
  },
  samples: ['queue num 1-3 bypass,fanout', 'queue flags bypass to 3'],
});

const flowOf = (line: Line, reference: number): FlowStatement => ({ kind: 'Flow', flowtable: line.read(reference, setName) });

/** `flow add @f` */
export const flow = statementKind<FlowStatement>({
  kind: 'Flow',
  starts: ['flow'],
  rules: {
    flow: ($) => {
      $.take(token.flow);
      $.choose([() => $.take(token.updates.add), () => $.take(token.plain)]);
      return node(flowOf, $.take(token.reference));
    },
  },
  print: ({ flowtable }) => `flow add @${flowtable}`,
  json: {
    flow: (content) => {
      const name = isObject(content) ? textOf(content, 'flowtable') : undefined;
      return name === undefined ? undefined : { kind: 'Flow', flowtable: name.replace(/^@/, '') };
    },
  },
  samples: ['flow add @f'],
});

type SynproxyOption = Omit<SynproxyStatement, 'kind'>;

const synproxyOf = (_line: Line, options: SynproxyOption[]): SynproxyStatement => {
  const flags = options.flatMap((option) => option.flags ?? []);
  return Object.assign({ kind: 'Synproxy' as const }, ...options, flags.length === 0 ? {} : { flags });
};

/** `synproxy mss 1460 wscale 7 timestamp sack-perm` */
export const synproxy = statementKind<SynproxyStatement>({
  kind: 'Synproxy',
  starts: ['synproxy'],
  rules: {
    synproxy: ($) => {
      $.take(token.synproxy);
      return $.choose<Template<Statement>>([
        () => objectName($, 'synproxy'),
        () =>
          node(
            synproxyOf,
            $.repeat(() => $.rule<SynproxyOption>('synproxyOption')),
          ),
      ]);
    },
    synproxyOption: ($) =>
      $.choose<Template<SynproxyOption>>([
        () => {
          $.take(token.mss);
          return node((line, value: number): SynproxyOption => ({ mss: line.read(value, number) }), $.take(token.plain, 0));
        },
        () => {
          $.take(token.wscale);
          return node((line, value: number): SynproxyOption => ({ wscale: line.read(value, number) }), $.take(token.plain, 1));
        },
        () => node((line, flag: number): SynproxyOption => ({ flags: [line.name(flag)] }), $.take(token.synproxyFlag)),
      ]),
  },
  print: ({ mss, wscale, flags = [] }) =>
    ['synproxy', ...(mss === undefined ? [] : [`mss ${mss}`]), ...(wscale === undefined ? [] : [`wscale ${wscale}`]), ...flags].join(' '),
  json: {
    synproxy: (content) => {
      if (typeof content === 'string') return { kind: 'ObjectStatement', object: 'synproxy', name: content };
      const object = isObject(content) ? content : {};
      return {
        kind: 'Synproxy',
        ...present('mss', numberOf(object, 'mss')),
        ...present('wscale', numberOf(object, 'wscale')),
        ...present('flags', textsOf(object, 'flags')),
      };
    },
  },
  samples: ['synproxy mss 1460 wscale 7 timestamp sack-perm'],
});

/** `notrack` */
export const notrack = statementKind<NotrackStatement>({
  kind: 'Notrack',
  starts: ['notrack'],
  rules: {
    notrack: ($) => {
      $.take(token.notrack);
      return node((): NotrackStatement => ({ kind: 'Notrack' }));
    },
  },
  print: () => 'notrack',
  json: { notrack: () => ({ kind: 'Notrack' }) },
  samples: ['notrack'],
});

const XT_TYPES = {
  expected: 'match, target or watcher',
  decode: (text: string): XtStatement['type'] | undefined => (['match', 'target', 'watcher'] as const).find((type) => type === text),
};

/** `xt match set`, `xt target "DNAT"` */
export const xt = statementKind<XtStatement>({
  kind: 'Xt',
  starts: ['xt'],
  rules: {
    xt: ($) => {
      $.take(token.xt);
      const type = $.take(token.word, 0);
      return $.choose<Template<Statement>>([
        () =>
          node(
            (line, one: number, text: number): XtStatement => ({
              kind: 'Xt',
              type: line.read(one, XT_TYPES),
              name: line.read(text, quotedText),
              quoted: true,
            }),
            type,
            $.take(token.quoted),
          ),
        () =>
          node(
            (line, one: number, text: number): XtStatement => ({ kind: 'Xt', type: line.read(one, XT_TYPES), name: line.name(text) }),
            type,
            $.take(token.word, 1),
          ),
      ]);
    },
  },
  print: ({ type, name, quoted }) => `xt ${type} ${quoted === true ? `"${name}"` : name}`,
  json: {
    xt: (content) => {
      const object = isObject(content) ? content : {};
      const type = XT_TYPES.decode(textOf(object, 'type') ?? '');
      const name = textOf(object, 'name');
      return type === undefined || name === undefined ? undefined : { kind: 'Xt', type, name };
    },
  },
  samples: ['xt match set', 'xt target "DNAT"'],
});

/** Nothing, between two blanks. */
export const hidden = statementKind<HiddenStatement>({
  kind: 'Hidden',
  starts: ['hidden'],
  rules: {
    hidden: ($) => {
      $.take(token.hidden);
      return node((): HiddenStatement => ({ kind: 'Hidden' }));
    },
  },
  print: () => '',
  json: {},
  samples: [],
});

/** A run of words that start nothing. */
export const unknown = statementKind<UnknownStatement>({
  kind: 'UnknownStatement',
  starts: ['unknown'],
  rules: {
    unknown: ($) => {
      const first = $.take(token.stray, 0);
      const more = $.repeat(() => $.take(token.stray, 1));
      return node(
        (line, start: number, others: number[]): UnknownStatement => ({
          kind: 'UnknownStatement',
          text: line.text(start, others.at(-1) ?? start),
        }),
        first,
        more,
      );
    },
  },
  print: ({ text }) => text,
  json: {},
  samples: [],
});
