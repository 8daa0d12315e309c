import { type Line, node } from '@netdrift/core';
import type { RejectStatement } from '../ast/statements.ts';
import { isObject, textOf } from '../json/json-value.ts';
import * as token from '../tokens.ts';
import { statementKind } from './kind.ts';

const TYPES = {
  expected: 'icmp, icmpv6, icmpx or tcp',
  decode: (text: string): 'icmp' | 'icmpv6' | 'icmpx' | 'tcp' | undefined =>
    (['icmp', 'icmpv6', 'icmpx', 'tcp'] as const).find((type) => type === text),
};

const withCode = (line: Line, type: number, codeWord: number, code: number): RejectStatement => {
  const name = line.read(type, TYPES);
  if (name === 'tcp') return { kind: 'Reject', type: 'tcp reset' };
  return { kind: 'Reject', type: name, code: line.name(code), ...(line.flag(codeWord) ? { codeWord: 'type' } : {}) };
};

/** `reject`, `reject with icmp port-unreachable`, `reject with tcp reset` */
export const reject = statementKind<RejectStatement>({
  kind: 'Reject',
  starts: ['reject'],
  rules: {
    reject: ($) => {
      $.take(token.reject);
      const found = $.maybe(() => $.rule<RejectStatement>('rejectWith'));
      return node(
        (_line, tail: RejectStatement | number): RejectStatement => (typeof tail === 'number' ? { kind: 'Reject' } : tail),
        found,
      );
    },
    rejectWith: ($) => {
      $.take(token.withWord);
      const type = $.take(token.word, 0);
      const codeWord = $.maybe(() => $.take(token.typeWord));
      return node(withCode, type, codeWord, $.take(token.word, 1));
    },
  },
  print: ({ type, code, codeWord }) =>
    type === undefined
      ? 'reject'
      : `reject with ${type}${codeWord === undefined ? '' : ` ${codeWord}`}${code === undefined ? '' : ` ${code}`}`,
  json: {
    reject: (content) => {
      const object = isObject(content) ? content : {};
      const type = textOf(object, 'type');
      const code = textOf(object, 'expr');
      if (type === 'tcp reset') return { kind: 'Reject', type };
      if (type !== 'icmp' && type !== 'icmpv6' && type !== 'icmpx') return { kind: 'Reject' };
      return { kind: 'Reject', type, ...(code === undefined ? {} : { code }) };
    },
  },
  samples: ['reject', 'reject with icmpx admin-prohibited', 'reject with tcp reset'],
});
