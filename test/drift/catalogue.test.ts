import { readdirSync } from 'node:fs';
import { CATALOGUE, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { comparisonOf } from '../../packages/drift/src/judge/judge.ts';
import { CHANGE_RULES } from '../../packages/drift/src/judge/rules.ts';
import { nodeKnowledge } from '../../packages/drift/src/read/kinds/node-knowledge.ts';
import { buildModel } from '../../packages/drift/src/state/build-model.ts';
import { compare } from '../../packages/drift/src/differences/compare.ts';
import { snapshotFiles } from './support.ts';

describe('the catalogue of changes', () => {
  it('has a mirror for every id, and the mirror of the mirror is the id', () => {
    for (const { id, mirror } of CATALOGUE.values()) expect([id, CATALOGUE.get(mirror)?.mirror]).toEqual([id, id]);
  });

  it('has a removed for every added, and the other way round', () => {
    const opposite = [
      ['.added', '.removed'],
      ['.loaded', '.unloaded'],
      ['.appeared', '.wiped'],
      ['.missing', '.restored'],
      ['.orphaned', '.attached'],
    ] as const;
    const alone = [...CATALOGUE.keys()].filter((id) =>
      opposite.some(
        ([one, other]) =>
          (id.endsWith(one) && !CATALOGUE.has(id.slice(0, -one.length) + other)) ||
          (id.endsWith(other) && !CATALOGUE.has(id.slice(0, -other.length) + one)),
      ),
    );
    expect(alone).toEqual([]);
  });

  it('has every change with the rule that finds it', () => {
    const wrong = new Set<string>();
    const root = 'fixtures/drift/changes';
    const pairs = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of pairs) {
      const [before, after] = ['before', 'after'].map((side) => readSnapshot(snapshotFiles(`${root}/${name}/${side}`)));
      if (before === undefined || after === undefined) throw new Error('there are two sides');
      const [one, other] = [buildModel(before), buildModel(after)];
      const besides = { before: nodeKnowledge(before), after: nodeKnowledge(after) };
      const comparison = comparisonOf(one, other, compare(one, other), besides, {
        survival: () => ({ places: [], tables: { before: { servicePorts: [] }, after: { servicePorts: [] } } }),
        cluster: () => undefined,
      });
      for (const { kinds, find } of CHANGE_RULES) {
        const known = new Set(kinds.map(({ id }) => id));
        for (const { change, parts = [] } of find(comparison, new Set()))
          for (const { id } of [change, ...parts]) if (!known.has(id)) wrong.add(id);
      }
    }
    expect([...wrong]).toEqual([]);
  });
});
