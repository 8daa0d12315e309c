import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diffSnapshots, readSnapshot, renderText } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGolden } from '../../support/golden.ts';
import { readingAnswer } from '../../support/reading-answer.ts';
import { caseRows, otherRows } from './case-rows.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));
const shared = fileURLToPath(new URL('../../../../shared/cases/', import.meta.url));
const text = (path: string): string => readFileSync(join(fixtures, 'cases', path), 'utf8');
const inputs = (folder: string): string[] =>
  readdirSync(join(fixtures, 'cases', folder)).filter((name) => !/\.(?:answer|diff)$/.test(name));

const pairs = caseRows.flatMap(({ folder, groups }) =>
  groups.flatMap(({ pairs: listed = [] }) => listed.map(([before, after]) => [folder, before, after] as const)),
);

describe('cases that netdrift once got wrong', () => {
  it.each(['ipvsadm', 'iptables'])('of %s are read for what they say', (folder) => {
    for (const file of inputs(folder))
      expectGolden(`fixtures/cases/${folder}/${file}.answer`, readingAnswer(file, text(`${folder}/${file}`)));
  });

  it.each(pairs)('of %s are compared: %s and %s', (folder, before, after) => {
    const snapshot = (name: string): ReturnType<typeof readSnapshot> => readSnapshot([{ name, content: text(`${folder}/${name}`) }]);
    expectGolden(`fixtures/cases/${folder}/${before}--${after}.diff`, renderText(diffSnapshots(snapshot(before), snapshot(after))));
  });
});

/** Where a text or a folder of two sides lies, and the answer that its own test compares. */
function answerOf(path: string): string {
  return path.startsWith('meaning/') || !path.includes('/')
    ? join(`meaning/${path.replace('meaning/', '')}`, 'diff.txt')
    : `${path}.answer`;
}

const groups = caseRows.flatMap(({ folder, row, groups: all }) =>
  all.map((group) => ({ folder, name: `${folder}: ${row}: ${group.cases[0] ?? ''}`, group })),
);

describe('each row of the table of cases', () => {
  it.each(groups)('$name has its cases, and three of its kind made by ourselves', ({ folder, group: { cases, variants } }) => {
    const answers = cases.map((name) => (folder === 'meaning' ? answerOf(name) : `cases/${folder}/${name}.answer`));
    expect([...answers, ...variants.map(answerOf)].filter((path) => !existsSync(join(fixtures, path)))).toEqual([]);
    expect(new Set(variants).size).toBeGreaterThanOrEqual(3);
    const own = variants.filter((path) => !path.startsWith('meaning/')).map((path) => readFileSync(join(fixtures, path), 'utf8'));
    const given = folder === 'meaning' ? [] : cases.map((name) => text(`${folder}/${name}`));
    expect(own.filter((content, index) => given.includes(content) || own.indexOf(content) !== index)).toEqual([]);
  });

  it('is in the list once, with every text that lies beside it', () => {
    for (const folder of ['ipvsadm', 'iptables'] as const) {
      const listed = caseRows.filter((row) => row.folder === folder).flatMap(({ groups: all }) => all.flatMap(({ cases }) => cases));
      expect(listed.toSorted()).toEqual(inputs(folder).toSorted());
    }
  });
});

describe.skipIf(!existsSync(shared))('the table of cases that stands beside the project', () => {
  const rows = existsSync(shared) ? tableRows(readFileSync(join(shared, 'README.md'), 'utf8')) : new Map<string, readonly string[]>();

  it.each(['ipvsadm', 'iptables'] as const)('has the rows of %s that are listed, and the same texts', (folder) => {
    expect(caseRows.filter((row) => row.folder === folder).map(({ row }) => row)).toEqual(rows.get(folder));
    for (const file of inputs(folder))
      expect([file, text(`${folder}/${file}`)]).toEqual([file, readFileSync(join(shared, folder, file), 'utf8')]);
  });

  it('has the rows of meaning, of which those about what is not shown are listed', () => {
    const listed = caseRows.filter(({ folder }) => folder === 'meaning').map(({ row }) => row);
    expect([...listed, ...otherRows].toSorted()).toEqual(rows.get('meaning')?.toSorted());
  });
});

describe.skipIf(existsSync(shared))('the table of cases', () => {
  it('is not compared: ../shared/cases is not here', (context) => {
    context.skip('the cases are not here');
  });
});

/** The first cells of the tables, by folder. */
function tableRows(page: string): Map<string, readonly string[]> {
  const rows = new Map<string, string[]>();
  let own: string[] = [];
  for (const line of page.split('\n')) {
    const title = /^## (\w+)\//.exec(line)?.[1];
    if (title !== undefined) rows.set(title, (own = []));
    const [cell] = /^\| (.*)$/.exec(line)?.[1]?.split(' | ') ?? [];
    if (cell !== undefined && cell !== 'case') own.push(cell.trim());
  }
  return rows;
}
