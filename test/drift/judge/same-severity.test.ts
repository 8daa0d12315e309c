import { diffSnapshots, readSnapshot, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { diffPaths, snapshotFiles } from '../support.ts';

const NODE_PORT = 'fixtures/meaning/no-local-endpoint/before';

/** What changes in rules of iptables mode that serve one node port. */
function edited(edit: (rules: string) => string): Report {
  const files = snapshotFiles(NODE_PORT);
  const after = files.map((file) => ({ ...file, content: edit(String(file.content)) }));
  return diffSnapshots(readSnapshot(files), readSnapshot(after));
}

const severities = ({ changes }: Report): string[] => changes.map(({ id, severity }) => `${severity} ${id}`);

describe('one event has one severity', () => {
  it('a node port that moved, in either mode', () => {
    const moved = 'fixtures/meaning/node-port-moved-ipvs-only';
    expect(severities(diffPaths(`${moved}/before`, `${moved}/after`))).toContain('critical ipvs.service.readdressed');
    expect(severities(edited((rules) => rules.replaceAll('32080', '32090')))).toEqual(['critical kube.service.node-port-changed']);
  });

  it('marked connections that are not masqueraded any more, whichever link is missing', () => {
    expect(severities(edited((rules) => rules.replace(/^-A KUBE-MARK-MASQ .*\n/m, '')))).toEqual(['critical nat.snat.removed']);
    expect(severities(edited((rules) => rules.replace(/^-A KUBE-POSTROUTING .*MASQUERADE.*\n/m, '')))).toEqual([
      'critical nat.snat.removed',
    ]);
    expect(severities(edited((rules) => rules.replace(/^-A POSTROUTING .*KUBE-POSTROUTING\n/m, '')))).toContain(
      'critical kube.anchor.missing',
    );
  });
});
