import { readFileSync } from 'node:fs';
import { diffSnapshots, readSnapshot, type Report, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from '../support.ts';

const served = readFileSync(new URL('../../../fixtures/nftables-1.0.6/kube-proxy-1.37.list.txt', import.meta.url), 'utf8');

/** A table of another program. */
const guard = (rule: string, hook = 'prerouting priority -300'): string => `table inet guard {
	chain pre {
		type filter hook ${hook}; policy accept;
${rule}	}
}
`;

/** A node in nftables mode with that table. */
const guarded = (rule: string): Snapshot => readSnapshot([{ name: 'nft-list-ruleset.txt', content: served + guard(rule) }]);

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

describe.each([
  [
    'ipvs',
    'fixtures/demo/before',
    'prerouting priority -300',
    'ip daddr 10.96.0.0/12 drop',
    '8 service ports',
    'default/kubernetes:https, default/nginx, kube-system/kube-dns:dns, kube-system/kube-dns:dns-tcp, kube-system/kube-dns:metrics, prod/syslog:syslog, prod/web:http and prod/web:https',
  ],
  [
    'iptables',
    'fixtures/drift/kube-proxy/iptables-v1.30-pair-scale-up/before',
    'forward priority 0',
    'ip daddr 10.244.0.0/16 drop',
    '4 service ports',
    'default/nginx, kube-system/kube-dns:dns, kube-system/kube-dns:dns-tcp and kube-system/kube-dns:metrics',
  ],
])('such a rule in %s mode', (_mode, root, hook, rule, count, services) => {
  const node = (rules: string): Snapshot =>
    readSnapshot([...snapshotFiles(root), { name: 'nft-list-ruleset.txt', content: guard(rules, hook) }]);
  const [open, shut] = [node(''), node(`\t\t${rule}\n`)];
  const text = 'nft table inet guard differs in chain pre';

  it('is told with the services too, when it comes and when it goes', () => {
    expect(told(diffSnapshots(open, shut))).toEqual([
      ['critical', 'nft.table.changed', `${text}; it stops connections to ${count}`, services],
    ]);
    expect(told(diffSnapshots(shut, open))).toEqual([
      ['warning', 'nft.table.changed', `${text}; it no longer stops connections to ${count}`, services],
    ]);
  });

  it('names no service where it takes none of its connections', () => {
    const beside = node('\t\tip daddr 203.0.113.0/24 drop\n');
    expect(told(diffSnapshots(open, beside))).toEqual([
      [
        'critical',
        'nft.table.changed',
        `${text}; packets to 203.0.113.0/24: new connections from outside are dropped; they passed`,
        undefined,
      ],
    ]);
  });
});
