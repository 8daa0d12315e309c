import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../../packages/drift/src/state/build-model.ts';

const seeds = new URL('../../fixtures/drift/seeds/', import.meta.url).pathname;
const listings = readdirSync(seeds).filter((name) => name.endsWith('.nat.txt'));

const save = (lines: readonly string[], head = ':KUBE-SERVICES - [0:0]'): Snapshot =>
  readSnapshot([
    { name: 'iptables-save.txt', content: `*nat\n:PREROUTING ACCEPT [0:0]\n${head}\n:KUBE-SVC-A - [0:0]\n${lines.join('\n')}\nCOMMIT\n` },
  ]);

/** A model as text, without the offsets of what was parsed: where a thing was read, its origin tells. */
const told = (model: ReturnType<typeof buildModel>): string =>
  JSON.stringify(model, (key, value: unknown) => {
    if (key === 'span') return undefined;
    return value instanceof Map || value instanceof Set ? [...value] : typeof value === 'bigint' ? String(value) : value;
  });

const RULES = ['-A PREROUTING -j KUBE-SERVICES', '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-A'];

describe('the model of one side, made beside that of the other', () => {
  it.each([
    ['a rule changed', save(RULES), save([RULES[0] as string, (RULES[1] as string).replace('443', '80')])],
    ['a rule more', save(RULES), save([...RULES, '-A KUBE-SVC-A -j ACCEPT'])],
    ['a rule less', save(RULES), save(RULES.slice(0, 1))],
    ['lines moved', save(RULES), save(RULES, '# a line\n:KUBE-SERVICES - [0:0]')],
    ['another policy', save(RULES), readSnapshot([{ name: 'iptables-save.txt', content: '*nat\n:PREROUTING DROP [0:0]\nCOMMIT\n' }])],
    ['other counters', save(RULES), save(RULES.map((rule) => `[3:180] ${rule}`))],
    ['a comment changed', save(RULES), save([`${RULES[0] as string} -m comment --comment "portals"`, RULES[1] as string])],
  ])('is the one made alone: %s', (_, before, after) => {
    expect(told(buildModel(after, buildModel(before)))).toBe(told(buildModel(after)));
    expect(told(buildModel(before, buildModel(after)))).toBe(told(buildModel(before)));
  });

  it('is the one made alone for every two listings of the same table', () => {
    const read = listings.map((name) => readSnapshot([{ name: 'nat.txt', content: readFileSync(join(seeds, name)) }]));
    const alone = read.map((snapshot) => buildModel(snapshot));
    expect(read.length).toBeGreaterThan(3);
    for (const model of alone) expect(read.map((snapshot) => told(buildModel(snapshot, model)))).toEqual(alone.map(told));
  });
});
