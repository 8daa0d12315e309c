import { checkSnapshot, readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from '../support.ts';

const told = (snapshot: Snapshot): string[] =>
  checkSnapshot(snapshot).findings.map(({ severity, id, text }) => `${severity} ${id}: ${text}`);
const filter = (...rules: readonly string[]): Snapshot =>
  readSnapshot([
    {
      name: 'iptables-save.txt',
      content: [
        '*filter',
        ':INPUT ACCEPT [0:0]',
        ':FORWARD ACCEPT [0:0]',
        ':OUTPUT ACCEPT [0:0]',
        ':CHAIN - [0:0]',
        '-A OUTPUT -j CHAIN',
        ...rules,
        'COMMIT',
        '',
      ].join('\n'),
    },
  ]);
const fixture = (name: string): Snapshot => readSnapshot(snapshotFiles(`fixtures/kernel/${name}/after`));

describe('a rule that no packet can meet', () => {
  it('is told with the rule that takes its packets inside a chain', () => {
    expect(told(fixture('shadowed-behind-a-chain'))).toEqual([
      'notice lint.iptables.shadowed-rule: rule 2 of PORTS (--dports 8080,8443 -p tcp -j PORTS-NEW) can never match: rule 1 takes all its packets first',
    ]);
  });

  it('is told with the rules that take its packets together', () => {
    expect(
      told(
        filter(
          '-A INPUT -p tcp -m tcp --dport 0:1023 -j ACCEPT',
          '-A INPUT -p udp -j ACCEPT',
          '-A INPUT -p tcp -m tcp --dport 1024:65535 -j DROP',
          '-A INPUT -s 10.0.0.0/8 -p tcp -j REJECT --reject-with icmp-port-unreachable',
        ),
      ),
    ).toEqual([
      'notice lint.iptables.shadowed-rule: rule 4 of INPUT (-p tcp -s 10.0.0.0/8 -j REJECT --reject-with icmp-port-unreachable) can never match: rules 1 and 3 take all its packets first',
    ]);
  });

  it('is told with a rule of the chain before the one that it stands in', () => {
    const before = ['-A INPUT -s 10.0.0.0/8 -p tcp -j DROP', '-A INPUT -p tcp -j WEB'];
    const inside = ['-A WEB -s 10.1.0.0/16 -p tcp -m tcp --dport 80 -j ACCEPT', '-A WEB -s 192.0.2.0/24 -j ACCEPT'];
    expect(told(filter(':WEB - [0:0]', ...before, ...inside))).toEqual([
      'notice lint.iptables.shadowed-rule: rule 1 of WEB (--dport 80 -p tcp -s 10.1.0.0/16 -j ACCEPT) can never match: rule 1 of INPUT takes all its packets first',
    ]);
    // Another way leads there past the rule.
    expect(told(filter(':WEB - [0:0]', ...before, '-A FORWARD -j WEB', ...inside))).toEqual([]);
  });

  it('is told where a rule of another chain asks the same', () => {
    const accept = '-s 10.0.0.0/8 -p tcp -j ACCEPT';
    expect(told(filter(':WEB - [0:0]', `-A INPUT ${accept}`, '-A INPUT -p tcp -j WEB', `-A WEB ${accept}`))).toEqual([
      'none lint.iptables.redundant-rule: rule 1 of WEB (-p tcp -s 10.0.0.0/8 -j ACCEPT) has no effect: rule 1 of INPUT does the same with all its packets first',
    ]);
  });

  it('is told where it stands behind a translation of the same packets', () => {
    const nat = ['*nat', ':PREROUTING ACCEPT [0:0]'];
    const rules = [
      '-A PREROUTING -p tcp -m tcp --dport 443 -j DNAT --to-destination 10.0.0.1',
      '-A PREROUTING -p tcp -m tcp --dport 443 -j RETURN',
    ];
    expect(told(readSnapshot([{ name: 'iptables-save.txt', content: [...nat, ...rules, 'COMMIT', ''].join('\n') }]))).toEqual([
      'notice lint.iptables.shadowed-rule: rule 2 of PREROUTING (--dport 443 -p tcp -j RETURN) can never match: rule 1 takes all its packets first',
    ]);
  });

  it('is told with a rule inside another chain: two translations of the same packets', () => {
    const nat = ['*nat', ':PREROUTING ACCEPT [0:0]', ':A - [0:0]', ':B - [0:0]', '-A PREROUTING -j A', '-A PREROUTING -j B'];
    const to = (chain: string, rest: string): string => `-A ${chain} -p tcp -m tcp --dport 443 ${rest}`;
    const rules = [to('A', '-j DNAT --to-destination 10.0.0.1'), to('B', '-d 198.51.100.1/32 -j DNAT --to-destination 10.0.0.2:80')];
    expect(told(readSnapshot([{ name: 'iptables-save.txt', content: [...nat, ...rules, 'COMMIT', ''].join('\n') }]))).toEqual([
      'notice lint.iptables.shadowed-rule: rule 1 of B (--dport 443 -d 198.51.100.1 -p tcp -j DNAT --to-destination 10.0.0.2:80) can never match: rule 1 of PREROUTING takes all its packets first',
    ]);
  });

  it('is told for conditions that exclude each other', () => {
    expect(told(filter('-A INPUT -p tcp -m multiport --dports 80,443 -m tcp --dport 22 -j DROP'))).toEqual([
      'notice lint.iptables.shadowed-rule: rule 1 of INPUT (--dport 22 --dports 443,80 -p tcp -j DROP) can never match: its own conditions exclude each other',
    ]);
  });

  it('has no effect where the rules before do the same', () => {
    expect(told(filter('-A INPUT -s 10.0.0.0/8 -j DROP', '-A INPUT -s 10.1.0.0/16 -p tcp -j DROP'))).toEqual([
      'none lint.iptables.redundant-rule: rule 2 of INPUT (-p tcp -s 10.1.0.0/16 -j DROP) has no effect: rule 1 does the same with all its packets first',
    ]);
  });

  it.each([
    ['by chance alone', ['-A INPUT -m statistic --mode random --probability 0.5 -j ACCEPT', '-A INPUT -p tcp -j DROP']],
    ['while a limit has room', ['-A INPUT -m limit --limit 5/sec -j ACCEPT', '-A INPUT -p tcp -j DROP']],
    ['behind a chain that lets packets come back', ['-A CHAIN -s 10.0.0.1/32 -j RETURN', '-A CHAIN -j ACCEPT', '-A OUTPUT -p tcp -j DROP']],
    [
      'behind a mark that a rule between changes',
      ['-A INPUT -m mark --mark 0x1/0x1 -j ACCEPT', '-A INPUT -j MARK --set-xmark 0x1/0x1', '-A INPUT -m mark --mark 0x1/0x1 -j DROP'],
    ],
    [
      'where the one before asks for another owner',
      ['-A OUTPUT -m owner --uid-owner 0 -j ACCEPT', '-A OUTPUT -m owner ! --uid-owner 0 -j DROP'],
    ],
  ])('is not one that is passed over %s', (_, rules) => {
    expect(told(filter(...rules)).filter((text) => text.includes('never match'))).toEqual([]);
  });
});

describe('masquerading that does not happen', () => {
  it('because the rules behind POSTROUTING read another mark than is set', () => {
    expect(told(fixture('mark-set-elsewhere')).filter((text) => text.includes('masquerade-mark-unread'))).toEqual([
      'critical lint.kube.masquerade-mark-unread: KUBE-MARK-MASQ sets mark 0x100000, and the rules behind POSTROUTING read 0x4000: nothing is masqueraded for it',
    ]);
  });

  it('because no rule behind POSTROUTING masquerades', () => {
    const nat = [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      ':INPUT ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':POSTROUTING ACCEPT [0:0]',
      ':KUBE-MARK-MASQ - [0:0]',
      ':KUBE-POSTROUTING - [0:0]',
      '-A POSTROUTING -j KUBE-POSTROUTING',
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
      '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    ];
    const found = (rules: readonly string[]): string[] =>
      told(readSnapshot([{ name: 'iptables-save.txt', content: [...nat, ...rules, 'COMMIT', ''].join('\n') }])).filter((text) =>
        text.includes('masquerade-mark-unread'),
      );
    expect(found([])).toEqual([
      'critical lint.kube.masquerade-mark-unread: KUBE-MARK-MASQ sets a mark, and no rule behind POSTROUTING masquerades: nothing is masqueraded for it',
    ]);
    expect(found(['-A KUBE-POSTROUTING -j MASQUERADE'])).toEqual([]);
  });

  it('because a node port leads straight to the endpoints', () => {
    expect(told(fixture('node-port-without-masquerade')).filter((text) => text.includes('node-port-not-masqueraded'))).toEqual([
      'warning lint.kube.node-port-not-masqueraded: rule 1 of KUBE-NODEPORTS (--dport 32555 -p tcp -j KUBE-SVC-I5LIAMPLWKMBJ54B) leads to all endpoints of shop/cart:http and masquerades nothing: clients from outside get no reply from endpoints on other nodes',
    ]);
  });
});
