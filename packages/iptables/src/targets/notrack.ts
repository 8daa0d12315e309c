import { node } from '@netdrift/core';
import type { TargetExtension } from '../extension.ts';

/** `-j NOTRACK`; the listing shows `CT` in the target column and `NOTRACK` as its text. */
export interface NotrackTarget {
  readonly kind: 'NotrackTarget';
  readonly name: 'NOTRACK';
}

const NOTRACK: NotrackTarget = { kind: 'NotrackTarget', name: 'NOTRACK' };

/** `-j NOTRACK`. */
export const notrackTarget: TargetExtension<NotrackTarget> = {
  type: 'target',
  name: 'NOTRACK',
  kind: 'NotrackTarget',
  column: 'CT',
  listing: {
    starts: ['NOTRACK'],
    grammar(g) {
      g.word('NOTRACK');
      return node(() => NOTRACK);
    },
  },
  print: () => 'NOTRACK',
  save: { starts: [], grammar: () => node(() => NOTRACK) },
  printSave: () => '',
  samples: ['NOTRACK'],
};
