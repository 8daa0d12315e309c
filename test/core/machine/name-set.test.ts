import { NameSet } from '@netdrift/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLinear } from '../../support/growth.ts';

/** Adds names as they stand in a text; for each whether it was new. */
function added(set: NameSet, names: readonly string[]): boolean[] {
  return names.map((name) => set.add(` ${name} `, 1, 1 + name.length));
}

/** The same by the runtime's own set. */
function expected(names: readonly string[]): boolean[] {
  const seen = new Set<string>();
  return names.map((name) => seen.size < seen.add(name).size);
}

describe('a set of names', () => {
  it('tells the names that came before, whatever characters they have', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'Aa', 'BB', '0', '.', 'é', '\0'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 600 }), (names) => {
        expect(added(new NameSet(), names)).toEqual(expected(names));
      }),
    );
  });

  it('takes linear time of names that are made to hash alike', () => {
    // "Aa" and "BB" are one number to a hash that multiplies by 31: 4,096 names of one hash, each twice.
    let names = [''];
    for (let half = 0; half < 12; half += 1) names = names.flatMap((start) => [`${start}Aa`, `${start}BB`]);
    const twice = [...names, ...names];
    expect(added(new NameSet(), twice)).toEqual(expected(twice));
  });

  it('forgets all names when it is cleared', () => {
    const set = new NameSet();
    expect(added(set, ['web', 'é'])).toEqual([true, true]);
    set.clear();
    expect(added(set, ['web', 'é', 'é'])).toEqual([true, true, false]);
  });

  it('is cleared in the same time however many names it had before', () => {
    expectLinear((count) => {
      const set = new NameSet();
      for (let name = 0; name < count; name += 1) set.add(String(name), 0, String(name).length);
      for (let time = 0; time < count; time += 1) {
        set.clear();
        set.add('web', 0, 3);
      }
    }, 12_000);
  });
});
