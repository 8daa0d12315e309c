import { type Line, node, type Rule } from '@netdrift/core';
import * as token from '../tokens.ts';
import type { NftLineNode } from './line-nodes.ts';

const lineOf = (line: Line, name: number, rest: number): NftLineNode => ({
  kind: 'ObjectLine',
  setting: { name: line.name(name), ...(line.flag(rest) ? { value: line.text(rest) } : {}) },
});

/** The lines of counters, helpers, flowtables and other objects: a name and what it is set to. */
export const objectRules: Readonly<Record<string, Rule>> = {
  objectLine: ($) => {
    const name = $.take(token.name);
    return node(
      lineOf,
      name,
      $.maybe(() => $.take(token.rest)),
    );
  },
};
