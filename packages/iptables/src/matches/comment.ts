import { node, type Line } from '@netdrift/core';
import type { MatchExtension } from '../extension.ts';
import { printQuoted, readQuoted } from '../rule/quoted.ts';

/** `-m comment --comment TEXT`; the text is raw, as the listing prints it between the comment signs. */
export interface CommentMatch {
  readonly kind: 'CommentMatch';
  readonly text: string;
}

const listed = (line: Line, text: number): CommentMatch => ({ kind: 'CommentMatch', text: line.text(text) });
const saved = (line: Line, text: number): CommentMatch => ({ kind: 'CommentMatch', text: readQuoted(line, text) });

/** `-m comment`: the text is printed raw, so it may hold what looks like other matches. */
export const commentMatch: MatchExtension<CommentMatch> = {
  type: 'match',
  name: 'comment',
  kind: 'CommentMatch',
  listing: { starts: ['/*'], grammar: (g) => node(listed, g.comment()) },
  print: ({ text }) => `/* ${text} */`,
  save: {
    starts: ['--comment'],
    values: ['--comment'],
    grammar(g) {
      g.word('--comment');
      return node(saved, g.value());
    },
  },
  printSave: ({ text }) => ` --comment ${printQuoted(text)}`,
  samples: ['/* kubernetes service portals */'],
};
