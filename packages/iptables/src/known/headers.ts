import type { KnownShapes } from '@netdrift/core';

/** Shapes of the headers of listings of real tools. Kept by `UPDATE_GOLDENS=1 npx vitest run test/laws/known-shapes.test.ts`. */
export const HEADER_SHAPES: KnownShapes = {
  tokens: [
    '(policy',
    'Chain',
    'Name',
    'Word',
    'bytes',
    'bytes)',
    'destination',
    'in',
    'num',
    'opt',
    'out',
    'packets,',
    'pkts',
    'prot',
    'references)',
    'source',
    'target',
  ],
  shapes: `ABACAAAD AAA
ABACAAADADALADAF AAB
ABACADAO AB
AIAMAEAQANAJAHAKAPAG BBBB
AIAQANAJAPAG BBAA
AMAEAQANAJAHAKAPAG BABB
AQANAJAPAG BAAA`,
};
