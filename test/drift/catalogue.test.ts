import { CATALOGUE } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const judges = fileURLToPath(new URL('../../packages/drift/src/judge/', import.meta.url));

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

  it('knows every id that a judge gives', () => {
    const given = new Set<string>();
    for (const name of readdirSync(judges, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name === 'catalogue.ts') continue;
      for (const [, id] of readFileSync(judges + name, 'utf8').matchAll(
        /'((?:ipvs|ipset|iptables|nat|kube|modules|interface)\.[a-z.-]+[a-z])'/g,
      ))
        if (id !== undefined) given.add(id);
    }
    // Kinds of subjects look like ids and are none.
    const kinds = ['ipset.set', 'ipset.member', 'ipvs.service', 'ipvs.destination', 'interface.address', 'iptables.chain', 'iptables.rule'];
    expect([...given].filter((id) => !CATALOGUE.has(id) && !kinds.includes(id))).toEqual([]);
    expect(given.size).toBeGreaterThan(40);
  });
});
