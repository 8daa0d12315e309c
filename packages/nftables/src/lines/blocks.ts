import { type Line, node, type Rule, type Rules, type Template } from '@netdrift/core';
import * as token from '../tokens.ts';
import { number, quotedText, words } from '../values.ts';
import type { HeadLine, NftLineNode } from './line-nodes.ts';

const SUBJECTS = [
  ['table', token.table],
  ['chain', token.chain],
  ['rule', token.rule],
  ['set', token.setWord],
  ['map', token.mapWord],
  ['element', token.element],
  ['ruleset', token.ruleset],
  ['flowtable', token.flowtable],
  ['object', token.objectType],
] as const;

const headOf =
  (subject: HeadLine['subject']) =>
  (line: Line, verb: number, word: number, family: number, names: number[], rest: number, handle: number, owner: number): HeadLine => ({
    kind: 'Head',
    ...(line.flag(verb) ? { verb: line.text(verb) } : {}),
    subject,
    word: line.text(word).split(/\s+/).join(' '),
    ...(line.flag(family) ? { family: line.text(family) } : {}),
    names: names.map((name) => line.name(name)),
    ...(line.flag(handle) ? { handle: line.read(handle, number) } : {}),
    ...(line.flag(owner) ? { owner: line.name(owner) } : {}),
    ...(line.flag(rest) ? { rest: line.text(rest) } : {}),
  });

const subjects = SUBJECTS.map(([subject, code]) => ({ code, build: headOf(subject) }));

const headTail = ($: Rules): Template<NftLineNode> => {
  const verb = $.maybe(() => $.take(token.verb), 0);
  return $.choose<Template<NftLineNode>>(
    subjects.map(({ code, build }, nth) => () => {
      const word = $.take(code);
      const family = $.maybe(() => $.take(token.family, nth), nth + 1);
      const names = $.repeat(() => $.take(token.name, nth), nth);
      return node(
        (line, one: number, two: number, three: number, others: number[], tail: Tail) =>
          build(line, one, two, three, others, tail.rest, tail.handle, tail.owner),
        verb,
        word,
        family,
        names,
        $.rule<Tail>('headTail', nth),
      );
    }),
  );
};

interface Tail {
  readonly rest: number;
  readonly handle: number;
  readonly owner: number;
}

const flagsOf = (line: Line, flags: number): NftLineNode => ({ kind: 'TableSetting', flags: line.read(flags, words) });
const commentOf = (line: Line, comment: number): NftLineNode => ({ kind: 'TableSetting', comment: line.read(comment, quotedText) });

/** Heads of blocks, and the lines of a table's own. */
export const blockRules: Readonly<Record<string, Rule>> = {
  // table ip kube-proxy { # handle 1
  head: ($) => {
    $.take(token.inHead);
    return $.rule<NftLineNode>('headOfAny');
  },
  headOfAny: headTail,
  headTail: ($) => {
    const rest = $.maybe(() => $.take(token.rest), 0);
    const handle = $.maybe(() => $.take(token.handle), 1);
    const owner = $.maybe(() => $.take(token.owner), 2);
    return node((_line, one: number, two: number, three: number): Tail => ({ rest: one, handle: two, owner: three }), rest, handle, owner);
  },
  // comment "rules for kube-proxy"; flags dormant; chain services { # handle 12
  tableLine: ($) => {
    $.take(token.inTable);
    return $.choose<Template<NftLineNode>>([
      () => {
        $.take(token.chainFlags);
        return node(flagsOf, $.take(token.plain));
      },
      () => {
        $.take(token.chainComment);
        return node(commentOf, $.take(token.quoted));
      },
      () => $.rule<NftLineNode>('headOfAny'),
    ]);
  },
};
