import { type Line, node, type Template } from '@netdrift/core';
import type { LogStatement } from '../ast/statements.ts';
import { isObject, numberOf, present, textOf, textsOf } from '../json/json-value.ts';
import * as token from '../tokens.ts';
import { number, quotedText, words } from '../values.ts';
import { statementKind } from './kind.ts';

type Option = Omit<LogStatement, 'kind'>;

const prefixOf = (line: Line, text: number): Option => ({ prefix: line.read(text, quotedText) });
const levelOf = (line: Line, level: number): Option => ({ level: line.name(level) });
const groupOf = (line: Line, value: number): Option => ({ group: line.read(value, number) });
const snaplenOf = (line: Line, value: number): Option => ({ snaplen: line.read(value, number) });
const thresholdOf = (line: Line, value: number): Option => ({ queueThreshold: line.read(value, number) });
/** `all`, `skuid`, `ether` */
const plainFlags = (line: Line, flags: number): Option => ({ flags: line.read(flags, words) });
/** `tcp sequence,options`: each with the protocol before it, as JSON has them. */
const protocolFlags = (line: Line, protocol: number, flags: number): Option => ({
  flags: line.read(flags, words).map((flag) => `${line.text(protocol)} ${flag}`),
});

const logOf = (_line: Line, options: Option[]): LogStatement => {
  const flags = options.flatMap((option) => option.flags ?? []);
  return Object.assign({ kind: 'Log' as const }, ...options, flags.length === 0 ? {} : { flags });
};

/** statement.c `log_stmt_print`: flags of TCP, of IP, and the others have the word each. */
function printFlags(flags: readonly string[]): string {
  const of = (protocol: string): string[] =>
    flags.filter((flag) => flag.startsWith(`${protocol} `)).map((flag) => flag.slice(protocol.length + 1));
  const tcp = of('tcp');
  const ip = of('ip');
  const others = flags.filter((flag) => !flag.includes(' '));
  return [
    tcp.length === 0 ? '' : ` flags tcp ${tcp.join(',')}`,
    ip.length === 0 ? '' : ` flags ip ${ip.join(',')}`,
    ...others.map((flag) => ` flags ${flag}`),
  ].join('');
}

/** `log prefix "drop: " level debug flags all` */
export const log = statementKind<LogStatement>({
  kind: 'Log',
  starts: ['log'],
  rules: {
    log: ($) => {
      $.take(token.log);
      return node(
        logOf,
        $.repeat(() => $.rule<Option>('logOption')),
      );
    },
    logOption: ($) =>
      $.choose<Template<Option>>([
        () => {
          $.take(token.prefix);
          return node(prefixOf, $.take(token.quoted));
        },
        () => {
          $.take(token.level);
          return node(levelOf, $.take(token.word, 0));
        },
        () => {
          $.take(token.group);
          return node(groupOf, $.take(token.word, 1));
        },
        () => {
          $.take(token.snaplen);
          return node(snaplenOf, $.take(token.word, 2));
        },
        () => {
          $.take(token.queueThreshold);
          return node(thresholdOf, $.take(token.word, 3));
        },
        () => {
          $.take(token.flags);
          return $.rule<Option>('logFlags');
        },
      ]),
    logFlags: ($) =>
      $.choose<Template<Option>>([
        () => node(protocolFlags, $.take(token.tcp), $.take(token.word, 0)),
        () => node(protocolFlags, $.take(token.ip), $.take(token.word, 1)),
        () => node(plainFlags, $.take(token.header)),
        () => node(plainFlags, $.take(token.metaKey)),
        () => node(plainFlags, $.take(token.plain)),
      ]),
  },
  print: ({ prefix, level, group, snaplen, queueThreshold, flags }) =>
    [
      'log',
      prefix === undefined ? '' : ` prefix "${prefix}"`,
      group === undefined ? '' : ` group ${group}`,
      snaplen === undefined ? '' : ` snaplen ${snaplen}`,
      queueThreshold === undefined ? '' : ` queue-threshold ${queueThreshold}`,
      level === undefined ? '' : ` level ${level}`,
      flags === undefined ? '' : printFlags(flags),
    ].join(''),
  json: {
    log: (content) => {
      const object = isObject(content) ? content : {};
      return {
        kind: 'Log',
        ...present('prefix', textOf(object, 'prefix')),
        ...present('level', textOf(object, 'level')),
        ...present('group', numberOf(object, 'group')),
        ...present('snaplen', numberOf(object, 'snaplen')),
        ...present('queueThreshold', numberOf(object, 'queue-threshold')),
        ...present('flags', textsOf(object, 'flags')),
      };
    },
  },
  samples: ['log prefix "hello: " level debug flags all', 'log flags tcp sequence,options flags ip options'],
});
