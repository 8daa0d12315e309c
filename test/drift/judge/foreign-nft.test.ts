import { readFileSync } from 'node:fs';
import { diffSnapshots, readSnapshot, type Report, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const served = readFileSync(new URL('../../../fixtures/nftables-1.0.6/kube-proxy-1.37.list.txt', import.meta.url), 'utf8');

/** A node in nftables mode with a table of another program. */
function guarded(rule: string): Snapshot {
  const guard = `table inet guard {
	chain pre {
		type filter hook prerouting priority -300; policy accept;
${rule}	}
}
`;
  return readSnapshot([{ name: 'nft-list-ruleset.txt', content: served + guard }]);
}

const told = ({ changes }: Report): unknown =>
  changes.flatMap(({ severity, id, text, details, toldWith }) =>
    toldWith === undefined ? [[severity, id, text, details.find(({ label }) => label === 'services')?.text]] : [],
  );

describe('a rule of another program that drops connections to services', () => {
  const [open, shut] = [guarded(''), guarded('\t\tip daddr 172.30.0.0/16 drop\n')];

  it('is told once, with the services', () => {
    const report = diffSnapshots(open, shut);
    expect(told(report)).toEqual([
      [
        'critical',
        'nft.table.changed',
        'nft table inet guard differs in chain pre; it stops connections to 2 service ports',
        'ns1/svc1:p80 and ns2/svc2:p80',
      ],
    ]);
    expect(report.changes.filter(({ id }) => id === 'kube.frontend.lost').map(({ subject }) => subject.name)).toEqual([
      'ns1/svc1:p80',
      'ns2/svc2:p80',
    ]);
  });

  it('and once where it goes', () => {
    expect(told(diffSnapshots(shut, open))).toEqual([
      [
        'warning',
        'nft.table.changed',
        'nft table inet guard differs in chain pre; it no longer stops connections to 2 service ports',
        'ns1/svc1:p80 and ns2/svc2:p80',
      ],
    ]);
  });
});
