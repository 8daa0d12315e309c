import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Cases of one kind in a row of the table, and texts of that kind that we made ourselves. */
export interface CaseGroup {
  /** Files or folders of `fixtures/cases/FOLDER`, or of `fixtures/meaning`. */
  readonly cases: readonly string[];
  /** Which of them are two sides of a comparison. */
  readonly pairs?: readonly (readonly [before: string, after: string])[];
  /** Texts of `fixtures/reading`, and folders of `fixtures/meaning`. */
  readonly variants: readonly string[];
}

/** One row of the table of cases. */
export interface CaseRow {
  readonly folder: 'meaning' | 'ipvsadm' | 'iptables';
  /** The first cell of the row. */
  readonly row: string;
  readonly groups: readonly CaseGroup[];
}

const path = fileURLToPath(new URL('../../../fixtures/cases/rows.json', import.meta.url));

/** Every row that is about reading, with its cases and our variants. */
export const caseRows: readonly CaseRow[] = JSON.parse(readFileSync(path, 'utf8')).rows;

/** Rows of the folder `meaning` that are not about what is unread, partial or not shown. */
export const otherRows: readonly string[] = JSON.parse(readFileSync(path, 'utf8')).elsewhere;
