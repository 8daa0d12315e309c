import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CATALOGUE, renderText, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGolden, expectGoldenJson } from '../support/golden.ts';
import { diffPaths, outline } from './support.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** The folders below a folder of fixtures that hold a `before` and an `after`. */
function pairsIn(folder: string): string[] {
  return readdirSync(join(fixtures, folder))
    .filter((name) => statSync(join(fixtures, folder, name)).isDirectory() && existsSync(join(fixtures, folder, name, 'before')))
    .map((name) => `fixtures/${folder}/${name}`);
}

/** An endpoint that a move of the mode takes away is told by itself; one that it brings is told with its service. */
const TOLD_ONE_WAY = new Set(['kube.frontend.endpoint-lost']);

/** What changes are called whichever side is the earlier one: ids of both directions stand for one. */
function directionless({ changes }: Report): string[] {
  return changes
    .filter(({ id }) => !TOLD_ONE_WAY.has(id))
    .map(({ id }) => [id, CATALOGUE.get(id)?.mirror ?? id].sort().join(' / '))
    .sort();
}

/** Two rules changed places: the one direction says that the one moved, the other direction that the other did. */
const ONE_OF_TWO_MOVED = new Set(['fixtures/incidents/e5-flannel-before-kube-postrouting']);

const told = (report: Report): object => ({
  causes: report.causes.map(({ severity, id }) => `${severity} ${id}`),
  changes: outline(report),
});

describe('changes of one kind each', () => {
  it.each(pairsIn('drift/changes'))('%s reads as its golden in both directions', (pair) => {
    const forth = diffPaths(`${pair}/before`, `${pair}/after`);
    const back = diffPaths(`${pair}/after`, `${pair}/before`);
    expectGolden(`${pair}/report.txt`, renderText(forth));
    expectGolden(`${pair}/mirrored.txt`, renderText(back));
    expectGoldenJson(`${pair}/outline.json`, { forth: told(forth), back: told(back) });
  });

  it.each([...pairsIn('drift/changes'), ...pairsIn('incidents').filter((pair) => !ONE_OF_TWO_MOVED.has(pair))])(
    '%s has the mirrored ids in the other direction',
    (pair) => {
      expect(directionless(diffPaths(`${pair}/before`, `${pair}/after`))).toEqual(
        directionless(diffPaths(`${pair}/after`, `${pair}/before`)),
      );
    },
  );

  it('each fixture says where it is from', () => {
    const source = readFileSync(join(fixtures, 'drift/changes/SOURCE'), 'utf8');
    for (const pair of pairsIn('drift/changes')) expect(source).toContain(`\n${pair.slice(pair.lastIndexOf('/') + 1)} `);
  });
});
