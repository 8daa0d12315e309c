import type { KnownShapes } from '@netdrift/core';

/** Shapes of the lines of lists of modules of real tools. Kept by `UPDATE_GOLDENS=1 npx vitest run test/laws/known-shapes.test.ts`. */
export const LINE_SHAPES: KnownShapes = {
  tokens: [
    'Address',
    'BuiltinLine',
    'Dash',
    'Digits',
    'LsmodLine',
    'Name',
    'NamesLine',
    'Path',
    'ProcLine',
    'State',
    'Users',
  ],
  shapes: `ABAH B
AEAFADAD CAAA
AEAFADADAK CAABA
AGAF AA
AIAFADADACAJAA DABA
AIAFADADAKAJAA DAAA`,
};
