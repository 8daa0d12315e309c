import { diffSnapshots, explainSnapshot, readSnapshot } from '@netdrift/drift';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const WHOLE = readFileSync('fixtures/incidents/i2-firewall-reload-flushes-all/before/iptables-nat-nL.txt', 'utf8');
const LINES = WHOLE.replace(/\n$/, '').split('\n');
/** The title of the last chain: that of kube-dns, which leads to two endpoints. */
const LAST = LINES.findLastIndex((line) => line.startsWith('Chain '));

const snapshot = (content: string): ReturnType<typeof readSnapshot> => readSnapshot([{ name: 'iptables-nat-nL.txt', content }]);
const upTo = (lines: number): string => `${LINES.slice(0, lines).join('\n')}\n`;

/** Changes above `none` that are told as decided, in both directions. */
function decided(cut: string): string[] {
  const [whole, part] = [snapshot(WHOLE), snapshot(cut)];
  return [diffSnapshots(whole, part), diffSnapshots(part, whole)].flatMap(({ changes }) =>
    changes.filter(({ severity, effect }) => severity !== 'none' && effect !== 'undecided').map(({ id }) => id),
  );
}

describe('a listing that is cut in its last chain, as references that do not add up tell', () => {
  it.each([
    ['behind its title', upTo(LAST + 1)],
    ['in the titles of its columns', upTo(LAST + 2).slice(0, -6)],
    ['behind the titles of its columns', upTo(LAST + 2)],
    ['behind its first rule', upTo(LAST + 3)],
    ['between its endpoints', upTo(LAST + 4)],
  ])('%s is not told as a service without endpoints', (_where, cut) => {
    expect(decided(cut)).toEqual([]);
    const dns = explainSnapshot(snapshot(cut)).servicePorts.find(({ name }) => name === 'kube-system/kube-dns:dns');
    expect(dns?.frontends.flatMap(({ paths }) => paths.map(({ verdict }) => verdict)).filter((verdict) => verdict === 'passed')).toEqual(
      [],
    );
  });

  it('has lost what stands before a rule that it shows', () => {
    const rules = LINES.filter((line) => !line.includes('kube-dns:dns -> 10.244.0.2:53 */ statistic'));
    const { changes } = diffSnapshots(snapshot(WHOLE), snapshot(`${rules.join('\n')}\n`));
    expect(changes.filter(({ severity }) => severity !== 'none').map(({ subject }) => subject.name)).toEqual(['kube-system/kube-dns:dns']);
  });
});
