import { ABSENT, type Line, node, type Rule, type Template } from '@netdrift/core';
import type { Statement } from '../ast/statements.ts';
import * as token from '../tokens.ts';
import { number, quotedText, words } from '../values.ts';
import type { NftLineNode, WrittenPriority } from './line-nodes.ts';

const POLICIES = {
  expected: 'accept or drop',
  decode: (text: string): 'accept' | 'drop' | undefined => (text === 'accept' || text === 'drop' ? text : undefined),
};

/** `filter`, `-110` */
const priorityOf = (line: Line, first: number, plus: number, minus: number, offset: number): WrittenPriority => {
  const text = line.text(first);
  const base = /^-?[0-9]{1,10}$/.test(text) ? { value: Number(text) } : { name: line.name(first) };
  if (!line.flag(offset)) return base;
  const distance = line.read(offset, number);
  return { ...base, offset: line.flag(minus) ? -distance : line.flag(plus) ? distance : 0 };
};

const hookOf = (line: Line, type: number, hook: number, devices: readonly string[] | number, priority: WrittenPriority): NftLineNode => ({
  kind: 'HookLine',
  type: line.name(type),
  hook: line.name(hook),
  ...(typeof devices === 'number' ? {} : { devices }),
  priority,
});

const ruleOf = (line: Line, first: Statement, more: Statement[], comment: number, handle: number): NftLineNode => ({
  kind: 'RuleLine',
  statements: [first, ...more],
  ...(line.flag(comment) ? { comment: line.read(comment, quotedText) } : {}),
  ...(line.flag(handle) ? { handle: line.read(handle, number) } : {}),
});

/** `{ eth0, "eth1" }` */
const deviceNames = (line: Line, index: number): readonly string[] =>
  line
    .text(index)
    .replaceAll(/[{}"\s]/g, '')
    .split(',')
    .filter((name) => name !== '');

/** The lines of a chain: what it is hooked to, its policy, and its rules. */
export const chainRules: Readonly<Record<string, Rule>> = {
  chainLine: ($) =>
    $.choose<Template<NftLineNode>>([
      // type filter hook prerouting priority dstnat - 10
      () => {
        $.take(token.chainType);
        const type = $.take(token.word, 0);
        $.take(token.hook);
        const hook = $.take(token.word, 1);
        const devices = $.maybe(() => $.rule<readonly string[]>('hookDevices'), 0);
        return node(hookOf, type, hook, devices, $.rule<WrittenPriority>('priority'));
      },
      () => {
        $.take(token.policy);
        return node(
          (line, policy: number): NftLineNode => ({ kind: 'ChainSetting', policy: line.read(policy, POLICIES) }),
          $.take(token.word, 2),
        );
      },
      () => {
        $.take(token.chainFlags);
        return node(
          (line, flags: number): NftLineNode => ({ kind: 'ChainSetting', flags: line.read(flags, words) }),
          $.take(token.word, 3),
        );
      },
      () => {
        $.take(token.chainComment);
        return node(
          (line, comment: number): NftLineNode => ({ kind: 'ChainSetting', comment: line.read(comment, quotedText) }),
          $.take(token.quoted),
        );
      },
      () => $.rule<NftLineNode>('rule'),
    ]),
  hookDevices: ($) =>
    $.choose<Template<readonly string[]>>(
      [
        () => {
          $.take(token.device);
          return $.choose([
            () => node((line, name: number): readonly string[] => [line.read(name, quotedText)], $.take(token.quoted)),
            () => node((line, name: number): readonly string[] => [line.name(name)], $.take(token.word)),
          ]);
        },
        () => {
          $.take(token.devices);
          $.take(token.signs['=']);
          return node(deviceNames, $.take(token.braced));
        },
      ],
      { nth: 1 },
    ),
  priority: ($) => {
    $.take(token.priority);
    const first = $.take(token.word, 0);
    return $.choose<Template<WrittenPriority>>([
      () => {
        const plus = $.take(token.signs['+']);
        return node(priorityOf, first, plus, ABSENT, $.take(token.word, 1));
      },
      () => {
        const minus = $.take(token.signs['-']);
        return node(priorityOf, first, ABSENT, minus, $.take(token.word, 2));
      },
      () => node(priorityOf, first, ABSENT, ABSENT, ABSENT),
    ]);
  },
  // ip saddr 10.244.1.40 jump mark-for-masquerade comment "…" # handle 12
  rule: ($) => {
    const first = $.rule<Statement>('statement', 0);
    const more = $.repeat(() => $.rule<Statement>('statement', 1));
    const comment = $.maybe(() => {
      $.take(token.comment);
      return $.take(token.quoted);
    }, 0);
    return node(
      ruleOf,
      first,
      more,
      comment,
      $.maybe(() => $.take(token.handle), 1),
    );
  },
};
