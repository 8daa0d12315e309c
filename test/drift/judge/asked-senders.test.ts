import { checkSnapshot, diffSnapshots, readSnapshot, type Report, type Snapshot, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from '../support.ts';

/** One service in iptables mode: `cidr` tells the addresses of pods, `extra` stands before the rule of the service. */
const nat = (cidr: string, extra: string): string => `*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-SVC-7KHYPY6CULAMTS5I - [0:0]
:KUBE-SEP-AAAAAAAAAAAAAAAA - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
${extra}-A KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m comment --comment "shop/web:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-7KHYPY6CULAMTS5I
${cidr}-A KUBE-SVC-7KHYPY6CULAMTS5I -m comment --comment "shop/web:http" -j KUBE-SEP-AAAAAAAAAAAAAAAA
-A KUBE-SEP-AAAAAAAAAAAAAAAA -p tcp -m comment --comment "shop/web:http" -m tcp -j DNAT --to-destination 10.244.1.5:8080
COMMIT
`;
const CIDR =
  '-A KUBE-SVC-7KHYPY6CULAMTS5I ! -s 10.244.0.0/16 -d 10.96.0.20/32 -p tcp -m comment --comment "shop/web:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ\n';
const SEIZED = '-A KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.9.9.9:80\n';

const node = (content: string, forwards = 1): Snapshot =>
  readSnapshot([
    { name: 'iptables-save.txt', content },
    { name: 'sysctl.txt', content: `net.ipv4.ip_forward = ${forwards}\n` },
  ]);
const effects = ({ changes }: Report): string[] =>
  changes.flatMap(({ details }) => details.flatMap(({ label, text }) => (label === 'effect' ? [text] : [])));

describe('a change is told of those who were asked', () => {
  it('and not of all where no text tells the addresses of pods', () => {
    const told = (cidr: string) => diffSnapshots(node(nat(cidr, '')), node(nat(cidr, SEIZED))).changes.map(({ text }) => text);
    const fate = 'go to 10.9.9.9:80; they went to 10.244.1.5:8080';
    expect(told('')).toEqual([`shop/web:http (tcp 10.96.0.20:80): new connections from outside and from this node itself ${fate}`]);
    expect(told(CIDR)).toEqual([`shop/web:http (tcp 10.96.0.20:80): new connections ${fate}`]);
  });

  it('and not of the node, whose own connections do not need forwarding', () => {
    const lost = (cidr: string) => effects(diffSnapshots(node(nat(cidr, '')), node(nat(cidr, ''), 0)));
    expect(lost('')).toEqual(['new connections from outside to shop/web:http reach no endpoint any more']);
    expect(lost(CIDR)).toEqual(['new connections from pods and from outside to shop/web:http reach no endpoint any more']);
  });

  it('and of addresses for which source ranges do not decide', () => {
    const root = 'fixtures/drift/changes/addresses-disagree-iptables';
    const restricted = (side: string): Snapshot =>
      readSnapshot(
        snapshotFiles(`${root}/${side}`).map(({ name, content }): SnapshotFile => ({
          name,
          content: content
            .toString()
            .replace(/^(-A KUBE-SERVICES -d 198\.51\.100\.10\/32 .*) -j KUBE-EXT-T3B2I4WOK4BWLBWD$/m, '$1 -j KUBE-FW-T3B2I4WOK4BWLBWD')
            .replace(
              /^:KUBE-EXT-T3B2I4WOK4BWLBWD .*$/m,
              '$&\n:KUBE-FW-T3B2I4WOK4BWLBWD - [0:0]\n-A KUBE-FW-T3B2I4WOK4BWLBWD -s 203.0.113.0/24 -j KUBE-EXT-T3B2I4WOK4BWLBWD',
            ),
        })),
      );
    const also = diffSnapshots(restricted('after'), restricted('before')).changes.flatMap(({ details }) =>
      details.flatMap(({ label, text }) => (label === 'also' ? [text] : [])),
    );
    expect(also).toEqual(['prod/gw leads to the same endpoints at 2 of its 3 addresses again']);
  });
});

it('check tells of virtual services whose scheduler is shown', () => {
  const shown = new Set(['ipvsadm-Sn.txt', 'iptables-save.txt', 'ipset-save.txt']);
  const files = snapshotFiles('fixtures/demo/before').filter(({ name }) => shown.has(name));
  const changed = (text: string): string => text.replace('10.96.0.10:9153 -s rr', '10.96.0.10:9153 -s wlc');
  const told = (edit: (text: string) => string): (string | undefined)[] => {
    const snapshot = readSnapshot(files.map(({ name, content }) => ({ name, content: edit(content.toString()) })));
    return checkSnapshot(snapshot).findings.flatMap(({ id, text }) => (id === 'lint.ipvs.mixed-schedulers' ? [text] : []));
  };
  const odd = 'tcp 10.96.0.10:9153 (wlc) has another scheduler than rr, which';
  expect(told(changed)).toEqual([`${odd} all other virtual services have`]);
  expect(told((text) => changed(text).replace('10.96.78.31:80 -s rr', '10.96.78.31:80'))).toEqual([`${odd} is that of 15 others`]);
});
