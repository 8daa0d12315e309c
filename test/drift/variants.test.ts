import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { toldOf } from './variant.ts';
import { ELSEWHERE, FOLDERS, VARIANTS } from './variants.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const foldersIn = (path: string): string[] =>
  readdirSync(join(root, path)).filter((name) => statSync(join(root, path, name)).isDirectory());
const REFEREE = foldersIn('fixtures/referee');
const MEANING = foldersIn('fixtures/meaning');
const LIST = join(root, '../shared/cases/README.md');

/** Rows of the list of cases about meaning; undefined where it is not beside the repository. */
function listedRows(): string[] | undefined {
  if (!existsSync(LIST)) return undefined;
  const [, table = ''] = readFileSync(LIST, 'utf8').split('## meaning/');
  const [rows = ''] = table.split('\n## ');
  return [...rows.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
    cell.split(', ').flatMap((name) => /^[a-z][a-z0-9-]+/.exec(name.replace(/[`(].*/, '').trim())?.[0] ?? []),
  );
}

const ROWS = [...new Set([...VARIANTS.map(({ row }) => row), ...Object.keys(FOLDERS)])].sort();
const folderOf = (row: string): string => `fixtures/${REFEREE.includes(row) ? 'referee' : 'meaning'}/${row}`;

describe('pairs of the kind of each case', () => {
  it.each(ROWS)('%s', (row) => {
    const told = VARIANTS.filter((variant) => variant.row === row).flatMap((variant) => [
      `${variant.what}${variant.ask === undefined ? '' : ` (${variant.ask})`}`,
      ...toldOf(variant, folderOf(row)).map((text) => `    ${text}`),
    ]);
    if (told.length > 0) expectGolden(`${folderOf(row)}/variants.txt`, `${told.join('\n')}\n`);
  });

  it.each(ROWS)('%s: there are three', (row) => {
    const folders = FOLDERS[row] ?? [];
    for (const name of folders) expect(MEANING).toContain(name);
    expect(VARIANTS.filter((variant) => variant.row === row).length + folders.length).toBeGreaterThanOrEqual(3);
  });

  it('every case that the kernel refuted has three', () => {
    expect(REFEREE.filter((name) => !ROWS.includes(name))).toEqual([]);
  });

  const rows = listedRows();
  it(
    rows === undefined ? 'the list of cases is not there: rows are not compared with it' : 'every row of the list of cases has three',
    () => {
      expect((rows ?? []).filter((row) => row !== 'case' && !ROWS.includes(row) && !ELSEWHERE.includes(row))).toEqual([]);
    },
  );
});
