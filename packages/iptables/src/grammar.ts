import type { Part, Rules, TokenCode } from '@netdrift/core';
import type { Grammar } from './extension.ts';
import type { Vocabulary } from './rule/vocabulary.ts';

/** The grammar an extension is written with, over the rules of the machine and the words of one form. */
export function grammarOver($: Rules, vocabulary: Vocabulary, typed: (code: TokenCode) => TokenCode = (code) => code): Grammar {
  return {
    word: (spelling, nth) => $.take(typed(vocabulary.code(spelling)), nth),
    value: (nth) => $.take(vocabulary.word, nth),
    bare: (nth) => $.take(vocabulary.plain, nth),
    // Places from 100 on keep the sign's own `maybe` apart from those a fragment numbers itself.
    sign: (nth = 0) => $.maybe(() => $.take(vocabulary.bang, nth), 100 + nth),
    quoted: (nth) => $.take(vocabulary.quoted, nth),
    comment: (nth) => $.take(vocabulary.comment, nth),
    maybe: (part, nth) => $.maybe(part, nth),
    repeat: (part, nth) => $.repeat(part, nth),
    choose: <P extends Part>(parts: readonly (() => P)[], nth = 0) => $.choose(parts, { nth }),
  };
}
