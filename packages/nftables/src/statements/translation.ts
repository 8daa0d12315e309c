import { type Line, node, type Rules, type Template } from '@netdrift/core';
import type { Expression } from '../ast/expressions.ts';
import type { ForwardStatement, NatStatement, Statement, TproxyStatement } from '../ast/statements.ts';
import { familyOf, familyPart } from '../expressions/kinds.ts';
import { type JsonReader, optionalExpression } from '../json/json-reader.ts';
import { isObject, type JsonObject, present, textOf, textsOf } from '../json/json-value.ts';
import type { Printer } from '../printer.ts';
import * as token from '../tokens.ts';
import { natTarget, words } from '../values.ts';
import { statementKind } from './kind.ts';

/** Address and port of a target: in one word, or of a map. */
function targetOf(line: Line, target: Expression | number): { readonly address?: Expression; readonly port?: Expression } {
  if (typeof target === 'number') return {};
  if (target.kind !== 'Symbol' || target.quoted === true) return { address: target };
  const parts = natTarget.decode(target.name);
  if (parts === undefined) line.refuse(0, natTarget.expected);
  return parts ?? {};
}

const natOf =
  (type: NatStatement['type']) =>
  (line: Line, family: number, form: string | number, target: Expression | number, flags: number): NatStatement => ({
    kind: 'Nat',
    type,
    ...(line.flag(family) ? { family: familyOf(line, family) } : {}),
    ...(typeof form === 'number' ? {} : { form }),
    ...targetOf(line, target),
    ...(line.flag(flags) ? { flags: line.read(flags, words) } : {}),
  });

const TYPES = ['dnat', 'snat', 'masquerade', 'redirect'] as const;
const natBuilders = TYPES.map((type) => ({ type, code: token.natTypes[type], build: natOf(type) }));

const toValue = ($: Rules, nth = 0): Template<Expression> => {
  $.take(token.to, nth);
  return $.rule<Expression>('value', nth);
};

/** `10.0.0.1:80`, `[fd00::1]:80`, `:8080`; ranges of IPv6 addresses have brackets each. */
function printTarget(address: Expression | undefined, port: Expression | undefined, printer: Printer): string {
  if (address === undefined) return port === undefined ? '' : `:${printer.expression(port)}`;
  const text = printer.expression(address);
  if (port === undefined) return text;
  const isIpv6 = address.kind === 'Address' || address.kind === 'Range' ? text.includes(':') : false;
  const written = !isIpv6
    ? text
    : address.kind === 'Range'
      ? `[${printer.expression(address.first)}]-[${printer.expression(address.last)}]`
      : `[${text}]`;
  return `${written}:${printer.expression(port)}`;
}

function familyFromJson(object: JsonObject): { readonly family?: 'ip' | 'ip6' } {
  const family = textOf(object, 'family');
  return family === 'ip' || family === 'ip6' ? { family } : {};
}

const natFromJson = (type: NatStatement['type'], content: JsonObject, reader: JsonReader): NatStatement => ({
  kind: 'Nat',
  type,
  ...familyFromJson(content),
  ...present('address', optionalExpression(reader, content, 'addr')),
  ...present('port', optionalExpression(reader, content, 'port')),
  ...present(
    'flags',
    textsOf(content, 'flags')?.filter((flag) => flag !== 'netmap'),
  ),
});

/** `dnat to 10.0.0.1:80`, `masquerade fully-random`, `dnat ip to numgen random mod 2 map { … }` */
export const nat = statementKind<NatStatement>({
  kind: 'Nat',
  starts: TYPES.slice(),
  rules: {
    ...Object.fromEntries(
      natBuilders.map(({ type, code, build }) => [
        type,
        ($: Rules) => {
          $.take(code);
          const family = familyPart($, 1);
          const form = $.maybe(() => $.rule<string>('natForm'), 2);
          const target = $.maybe(() => toValue($), 3);
          return node(
            build,
            family,
            form,
            target,
            $.maybe(() => $.take(token.natFlag), 4),
          );
        },
      ]),
    ),
    // addr . port
    natForm: ($) =>
      $.choose<Template<string>>([
        () => {
          $.take(token.prefix);
          return node(() => 'prefix');
        },
        () => {
          $.take(token.addr);
          const port = $.maybe(() => {
            $.take(token.signs['.']);
            return $.take(token.port);
          });
          return node((line, index: number): string => (line.flag(index) ? 'addr . port' : 'addr'), port);
        },
      ]),
  },
  print: ({ type, family, form, address, port, flags }, printer) => {
    const target = printTarget(address, port, printer);
    return [
      type,
      family === undefined ? '' : ` ${family}`,
      form === undefined ? '' : ` ${form}`,
      target === '' ? '' : ` to ${target}`,
      flags === undefined || flags.length === 0 ? '' : ` ${flags.join(',')}`,
    ].join('');
  },
  json: Object.fromEntries(TYPES.map((type) => [type, (content, reader) => natFromJson(type, isObject(content) ? content : {}, reader)])),
  samples: [
    'dnat to 10.244.1.40:5140',
    'dnat to [fd00::1]:80',
    'masquerade fully-random',
    'dnat ip to numgen random mod 2 map { 0 : 10.180.0.2 . 80, 1 : 10.180.0.3 . 80 }',
  ],
});

const tproxyOf = (line: Line, family: number, target: Expression): TproxyStatement => ({
  kind: 'Tproxy',
  ...(line.flag(family) ? { family: familyOf(line, family) } : {}),
  ...targetOf(line, target),
});

/** `tproxy ip to 127.0.0.1:50080` */
export const tproxy = statementKind<TproxyStatement>({
  kind: 'Tproxy',
  starts: ['tproxy'],
  rules: {
    tproxy: ($) => {
      $.take(token.tproxy);
      const family = familyPart($, 1);
      return node(tproxyOf, family, toValue($));
    },
  },
  print: ({ family, address, port }, printer) =>
    `tproxy${family === undefined ? '' : ` ${family}`} to ${printTarget(address, port, printer)}`,
  json: {
    tproxy: (content, reader) => {
      const object = isObject(content) ? content : {};
      return {
        kind: 'Tproxy',
        ...familyFromJson(object),
        ...present('address', optionalExpression(reader, object, 'addr')),
        ...present('port', optionalExpression(reader, object, 'port')),
      };
    },
  },
  samples: ['tproxy ip to 127.0.0.1:50080'],
});

const forwardOf =
  (type: 'dup' | 'fwd') =>
  (line: Line, family: number, to: Expression, device: Expression | number): ForwardStatement => ({
    kind: 'Forward',
    type,
    ...(line.flag(family) ? { family: familyOf(line, family) } : {}),
    to,
    ...(typeof device === 'number' ? {} : { device }),
  });

const forwardRule = (code: number, type: 'dup' | 'fwd') => {
  const build = forwardOf(type);
  return ($: Rules): Template<Statement> => {
    $.take(code);
    const family = familyPart($, 1);
    const to = toValue($, 0);
    const device = $.maybe(() => {
      $.take(token.device);
      return $.rule<Expression>('value', 1);
    }, 2);
    return node(build, family, to, device);
  };
};

const forwardFromJson = (type: 'dup' | 'fwd', content: JsonObject, reader: JsonReader): ForwardStatement | undefined => {
  const device = optionalExpression(reader, content, 'dev');
  const address = optionalExpression(reader, content, 'addr');
  const to = address ?? device;
  if (to === undefined) return undefined;
  return { kind: 'Forward', type, ...familyFromJson(content), to, ...(address === undefined || device === undefined ? {} : { device }) };
};

/** `dup to 10.0.0.1 device "eth0"`, `fwd to "eth0"` */
export const forward = statementKind<ForwardStatement>({
  kind: 'Forward',
  starts: ['dup', 'fwd'],
  rules: { dup: forwardRule(token.dup, 'dup'), fwd: forwardRule(token.fwd, 'fwd') },
  print: ({ type, family, to, device }, printer) =>
    `${type}${family === undefined ? '' : ` ${family}`} to ${printer.expression(to)}${device === undefined ? '' : ` device ${printer.expression(device)}`}`,
  json: {
    dup: (content, reader) => (isObject(content) ? forwardFromJson('dup', content, reader) : undefined),
    fwd: (content, reader) => (isObject(content) ? forwardFromJson('fwd', content, reader) : undefined),
  },
  samples: ['fwd to "lo"'],
});
