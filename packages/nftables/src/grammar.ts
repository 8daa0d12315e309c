import { type Line, lineGrammar, node, type Rule, type Template } from '@netdrift/core';
import type { SetElement } from './ast/expressions.ts';
import type { Statement } from './ast/statements.ts';
import { valueRules } from './expressions/rules.ts';
import { blockRules } from './lines/blocks.ts';
import { chainRules } from './lines/chain-lines.ts';
import { elementRules } from './lines/elements.ts';
import type { NftLineNode } from './lines/line-nodes.ts';
import { objectRules } from './lines/object-lines.ts';
import { setRules } from './lines/set-lines.ts';
import { statementRules, statementStarts } from './statements/table.ts';
import * as token from './tokens.ts';

const elementLine = (_line: Line, element: SetElement): NftLineNode => ({ kind: 'ElementLine', element });

const startRules: Readonly<Record<string, Rule>> = {
  // The token before the first word says where the line stands.
  line: ($) =>
    $.choose<Template<NftLineNode>>([
      () => $.rule<NftLineNode>('head'),
      () => $.rule<NftLineNode>('tableLine'),
      () => {
        $.take(token.inChain);
        return $.rule<NftLineNode>('chainLine');
      },
      () => {
        $.take(token.inSet);
        return $.rule<NftLineNode>('setLine');
      },
      () => {
        $.take(token.inObject);
        return $.rule<NftLineNode>('objectLine');
      },
      () => {
        $.take(token.inElement);
        return node(elementLine, $.rule<SetElement>('element'));
      },
      () => {
        $.take(token.inUpdate);
        return node(elementLine, $.rule<SetElement>('updatedElement'));
      },
    ]),
  statement: ($) => $.choose<Template<Statement>>(statementStarts.map((name) => () => $.rule<Statement>(name))),
};

/** Every line of nft's language that this package reads: the only place that says what is valid. */
export const grammar = lineGrammar<NftLineNode>({
  tokens: token.tokens,
  start: 'line',
  rules: { ...startRules, ...valueRules, ...statementRules, ...blockRules, ...chainRules, ...setRules, ...elementRules, ...objectRules },
});
