import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  checkSnapshot,
  compareNodes,
  explainSnapshot,
  readSnapshot,
  renderCheckText,
  renderExplanationText,
  renderNodesText,
  renderText,
} from '@netdrift/drift';
import { describe, it } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { diffPaths, snapshotFiles } from './support.ts';

const folder = fileURLToPath(new URL('../../fixtures/meaning/', import.meta.url));
const cases = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
const sides = (name: string): [string, string] => [`fixtures/meaning/${name}/before`, `fixtures/meaning/${name}/after`];
/** Pairs of two nodes, not of two moments. */
const NODES = cases.filter((name) => name.startsWith('nodes-'));
const CHECKED = [
  'fwm-port-zero',
  'mark-set-elsewhere',
  'node-port-without-masquerade',
  'only-service-has-no-endpoint',
  'shadowed-behind-a-chain',
  'fallback-wrr',
  'connections-listing',
];
const EXPLAINED = ['notrack-before-nat', 'only-service-has-no-endpoint'];

describe('small changes mean what they do to traffic', () => {
  it.each(cases.filter((name) => !NODES.includes(name)))('%s, and the same undone', (name) => {
    const [before, after] = sides(name);
    expectGolden(`fixtures/meaning/${name}/diff.txt`, renderText(diffPaths(before, after)));
    expectGolden(`fixtures/meaning/${name}/undone.txt`, renderText(diffPaths(after, before)));
  });

  it.each(CHECKED)('%s, checked', (name) => {
    expectGolden(`fixtures/meaning/${name}/check.txt`, renderCheckText(checkSnapshot(readSnapshot(snapshotFiles(sides(name)[1])))));
  });

  it.each(EXPLAINED)('%s, explained', (name) => {
    expectGolden(
      `fixtures/meaning/${name}/explain.txt`,
      renderExplanationText(explainSnapshot(readSnapshot(snapshotFiles(sides(name)[1])))),
    );
  });

  it.each(NODES)('%s: two nodes differ', (name) => {
    const report = compareNodes(
      sides(name).map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), snapshot: readSnapshot(snapshotFiles(path)) })),
    );
    expectGolden(`fixtures/meaning/${name}/nodes.txt`, renderNodesText(report));
  });
});
