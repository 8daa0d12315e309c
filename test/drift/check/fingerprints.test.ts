import { checkSnapshot, compareNodes, diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from '../support.ts';

const drifted = snapshotFiles('fixtures/demo/drifted');
/** The demo with a rule before all others of KUBE-SERVICES, and its lines further down. */
const moved = drifted.map(({ name, content }) => ({
  name,
  content:
    name === 'iptables-save.txt'
      ? `# saved again\n${new TextDecoder().decode(content as Uint8Array).replace('-A KUBE-SERVICES ', '-A KUBE-SERVICES -s 203.0.113.77/32 -j RETURN\n-A KUBE-SERVICES ')}`
      : content,
}));
const printsOf = (snapshot: Snapshot): Map<string, string> =>
  new Map(checkSnapshot(snapshot).findings.map(({ id, fingerprint, subject }) => [fingerprint, `${id} ${subject.name}`]));

describe('the fingerprint of a finding', () => {
  it('is its own in a report, twelve hexadecimal digits', () => {
    const { findings } = checkSnapshot(readSnapshot(drifted));
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(findings.length);
    for (const { fingerprint } of findings) expect(fingerprint).toMatch(/^[0-9a-f]{12}$/);
  });

  it('stays where rules and lines before it are added, and what is new has another', () => {
    const [was, is] = [printsOf(readSnapshot(drifted)), printsOf(readSnapshot(moved))];
    expect([...was].filter(([print]) => !is.has(print))).toEqual([]);
    expect([...is].filter(([print]) => !was.has(print)).map(([, what]) => what)).toEqual([
      'x.rule-not-expected nat KUBE-SERVICES',
      'snapshot.views-disagree nat of iptables-save.txt',
    ]);
  });

  it('tells two rules of one chain apart by what they say, not by their numbers', () => {
    const chain = (...rules: string[]): string[] =>
      checkSnapshot(
        readSnapshot([
          {
            name: 'iptables-save.txt',
            content: `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules.map((rule) => `-A INPUT ${rule}\n`).join('')}COMMIT\n`,
          },
        ]),
      ).findings.flatMap(({ id, fingerprint }) => (id === 'lint.iptables.duplicate-rule' ? [fingerprint] : []));
    const [one, other] = ['-s 198.51.100.1/32 -j DROP', '-s 198.51.100.2/32 -j DROP'] as const;
    const both = chain(one, one, other, other);
    expect(new Set(both).size).toBe(2);
    expect(chain('-s 198.51.100.3/32 -j DROP', other, other)).toEqual(both.slice(1));
  });

  it('is that of the difference however many nodes are compared, and of a finding of diff for each side', () => {
    const [before, after] = [readSnapshot(snapshotFiles('fixtures/demo/before')), readSnapshot(drifted)];
    const two = compareNodes([
      { name: 'a', snapshot: before },
      { name: 'b', snapshot: after },
    ]);
    const three = compareNodes([
      { name: 'c', snapshot: before },
      { name: 'd', snapshot: before },
      { name: 'e', snapshot: after },
    ]);
    expect(three.differences.map(({ id, fingerprint }) => `${id} ${fingerprint}`).sort()).toEqual(
      two.differences.map(({ fingerprint }) => `node.outlier ${fingerprint}`).sort(),
    );
    const view = snapshotFiles('fixtures/drift/kube-proxy/ipvs-v1.30-traffic-drain/during-first-sync');
    const { findings } = diffSnapshots(readSnapshot(view), readSnapshot(view));
    expect(findings.length).toBeGreaterThan(0);
    for (const { fingerprint } of findings) expect(fingerprint).toMatch(/^[0-9a-f]{12}$/);
  });
});
