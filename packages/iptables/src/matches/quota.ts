import { LARGE } from '../fields/condition-fields.ts';
import type { MatchExtension } from '../extension.ts';
import { listedRow, savedRow, shown, sign } from '../row.ts';

/** `-m quota`: until so many bytes have passed. A listing does not show the sign, so that `not` is missing there. */
export interface QuotaMatch {
  readonly kind: 'QuotaMatch';
  readonly not?: boolean;
  /** Digits where it is too large for a number. */
  readonly bytes: number | string;
}

/** `-m quota`. */
export const quotaMatch: MatchExtension<QuotaMatch> = {
  type: 'match',
  name: 'quota',
  kind: 'QuotaMatch',
  listing: listedRow([{ word: 'quota:', takes: 1 }], [{ word: 'bytes' }], (row) =>
    shown<QuotaMatch>({ kind: 'QuotaMatch', not: undefined, bytes: row.read('quota:', LARGE) ?? 0 }),
  ),
  print: ({ bytes }) => `quota: ${bytes} bytes`,
  save: savedRow(['--quota'], (row) =>
    shown<QuotaMatch>({ kind: 'QuotaMatch', not: row.not('--quota'), bytes: row.read('--quota', LARGE) ?? 0 }),
  ),
  printSave: (match) => ` ${sign(match)}--quota ${match.bytes}`,
  samples: ['quota: 1000000 bytes'],
};
