import { diffSnapshots, readSnapshot, type Report, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const CHAINS: Readonly<Record<string, string>> = {
  filter: ':INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]',
  nat: ':PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]',
};

const node = (table: string, lines: readonly string[]): Snapshot =>
  readSnapshot([{ name: 'iptables-save.txt', content: [`*${table}`, CHAINS[table], ...lines, 'COMMIT', ''].join('\n') }]);
const compared = (table: string, before: readonly string[], after: readonly string[]): Report =>
  diffSnapshots(node(table, before), node(table, after));
const told = (report: Report): string[] => report.changes.map(({ severity, effect, text }) => `${severity} ${effect}: ${text}`);

const GUARD = ':SITE-GUARD - [0:0]';
const JUMP = '-A FORWARD -j SITE-GUARD';

describe('a jump that leads to nothing', () => {
  it.each([
    ['an empty chain', [GUARD, JUMP]],
    ['a chain that returns', [GUARD, JUMP, '-A SITE-GUARD -j RETURN']],
    ['a chain that returns in every case', [GUARD, JUMP, '-A SITE-GUARD -s 192.0.2.0/24 -j RETURN', '-A SITE-GUARD -p tcp -j RETURN']],
    ['a chain that accepts where the policy does', [GUARD, JUMP, '-A SITE-GUARD -s 192.0.2.0/24 -j ACCEPT']],
    ['a chain that only logs', [GUARD, JUMP, '-A SITE-GUARD -j LOG']],
  ])('has no effect when it goes: %s', (_, before) => {
    const report = compared('filter', before, []);
    expect(report.verdict).toBe('no-effect');
    expect(report.changes.map(({ effect, certainty }) => [effect, certainty])).toEqual(report.changes.map(() => ['none', 'proven']));
  });

  it('is one change without effect on packets, however often it is added; so many cost time', () => {
    const chain = [':WEB - [0:0]', '-A WEB -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.0.2.80'];
    const report = compared(
      'nat',
      [...chain, '-A PREROUTING -j WEB'],
      [...chain, ...Array.from({ length: 200 }, () => '-A PREROUTING -j WEB')],
    );
    expect(told(report)).toEqual([
      'warning none: rule PREROUTING#1 (-j WEB) now appears 200 times (was once); further copies of a rule have no effect, but each packet that reaches them is compared with every copy',
    ]);
  });
});

describe('a copy of a rule', () => {
  const masquerade = '-A POSTROUTING -s 10.42.0.0/16 -j MASQUERADE';
  const exception = '-A POSTROUTING -s 10.42.0.0/16 -d 10.42.0.0/16 -j RETURN';

  it('above an exception decides what the exception decided', () => {
    const report = compared('nat', [exception, masquerade], [masquerade, exception, masquerade]);
    expect(report.changes.map(({ id, severity, effect }) => [id, severity, effect])).toEqual([
      ['nat.snat.added', 'warning', 'source-changed'],
    ]);
    expect(report.changes[0]?.witness?.packet).toMatchObject({
      source: expect.stringMatching(/^10\.42\./),
      destination: expect.stringMatching(/^10\.42\./),
    });
  });

  it('below what it copies has no effect', () => {
    expect(compared('nat', [masquerade], [masquerade, exception, masquerade]).verdict).toBe('no-effect');
  });
});

describe('a guard that goes', () => {
  const drop = '-A SITE-GUARD ! -s 192.0.2.0/24 -i eth0 -j DROP';
  const reject = '-A FORWARD -j REJECT --reject-with icmp-host-prohibited';

  it('is told by the packets that it dropped', () => {
    expect(told(compared('filter', [GUARD, JUMP, drop, '-A SITE-GUARD -j RETURN'], []))).toEqual([
      'warning gained: packets from outside 192.0.2.0/24 arriving at eth0: new connections from outside are no longer dropped; they pass',
      'none none: filter chain SITE-GUARD (with 2 rules) is gone',
    ]);
  });

  it('before a rule that rejects leaves them refused, which they were not told before', () => {
    expect(told(compared('filter', [GUARD, JUMP, drop, reject], [reject]))[0]).toBe(
      'notice attribute: packets from outside 192.0.2.0/24 arriving at eth0: new connections from outside are refused (icmp-host-prohibited); they were dropped',
    );
  });

  it('names the interface that its rule names', () => {
    expect(told(compared('filter', ['-A INPUT -i eth1 -p tcp -m tcp --dport 10250 -j DROP'], []))).toEqual([
      'warning gained: packets of tcp arriving at eth1 to port 10250: new connections from outside are no longer dropped; they pass',
    ]);
  });
});

describe('a rule before one that refuses', () => {
  const reject = '-A FORWARD -d 192.0.2.9/32 -p tcp -m tcp --dport 8080 -j REJECT --reject-with icmp-port-unreachable';
  const drop = '-A FORWARD -p tcp -m tcp --dport 8080 -j DROP';

  it('is told by the packets that it keeps from passing, and beside them by those that are refused otherwise', () => {
    const report = compared('filter', [reject], [drop, reject]);
    expect(told(report)).toEqual(['critical lost: packets of tcp to port 8080: new connections from outside are dropped; they passed']);
    expect(report.changes[0]?.details.filter(({ label }) => label === 'also').map(({ text }) => text)).toEqual([
      'packets of tcp to port 8080 to 192.0.2.9: new connections from outside are dropped; they were refused (icmp-port-unreachable)',
    ]);
  });
});

describe('a rule for packets in one state', () => {
  it('is told by the state once; what belongs to no connection is no flow that is lost', () => {
    const invalid = compared('filter', [], ['-A OUTPUT -m conntrack --ctstate INVALID -j DROP']);
    const established = compared('filter', [], ['-A FORWARD -d 192.0.2.9/32 -m conntrack --ctstate ESTABLISHED -j DROP']);
    expect([invalid, established].flatMap(told)).toEqual([
      'warning lost: packets in state INVALID: those from this node itself are dropped; they passed',
      'critical lost: packets to 192.0.2.9 in state ESTABLISHED: those from outside are dropped; they passed',
    ]);
  });
});

describe('a target that changes what is in a packet', () => {
  it('alone is named as what is not modelled, whatever other rules do to the same packets', () => {
    const remembers = '-A PREROUTING -p tcp -m tcp --dport 22 -m recent --set --name SSH --mask 255.255.255.255 --rsource';
    const clamp = '-A PREROUTING -p tcp -m tcp --tcp-flags SYN,RST SYN -j TTL --ttl-set 64';
    const mangle = (lines: readonly string[]): Snapshot =>
      readSnapshot([
        {
          name: 'iptables-save.txt',
          content: ['*mangle', ':PREROUTING ACCEPT [0:0]', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]']
            .concat(':POSTROUTING ACCEPT [0:0]', lines, 'COMMIT', '')
            .join('\n'),
        },
      ]);
    expect(told(diffSnapshots(mangle([remembers]), mangle([clamp, remembers])))[0]).toMatch(
      /could not be determined: what -j TTL --ttl-set 64 does to a packet is not modelled$/,
    );
  });
});

describe('a rule that no packet can meet', () => {
  it('has no effect: the chain before it takes all that it asks for', () => {
    const ports = [
      ':PORTS - [0:0]',
      ':PORTS-WEB - [0:0]',
      '-A PREROUTING -j PORTS',
      '-A PORTS -p tcp -m tcp --dport 8080 -j PORTS-WEB',
      '-A PORTS-WEB -p tcp -j DNAT --to-destination 192.0.2.80',
    ];
    expect(compared('nat', ports, [...ports, '-A PORTS -p tcp -m tcp --dport 8080 -j REDIRECT --to-ports 8443']).verdict).toBe('no-effect');
  });
});

describe('rules of one node that let different packets through', () => {
  it('have packets of their own each: forwarded ones, and those to the node', () => {
    const before = [':WAS - [0:0]', '-A INPUT -j DROP', '-A FORWARD -j DROP'];
    const report = compared('filter', before, [
      ':WAS - [0:0]',
      '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
      '-A INPUT -j DROP',
      '-A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT',
      '-A FORWARD -j DROP',
    ]);
    expect(report.changes.map(({ witness }) => witness?.packet.destination === 'this node').sort()).toEqual([false, true]);
  });

  it('are told of the node itself where they are about its own packets', () => {
    expect(told(compared('nat', [], ['-A OUTPUT -p tcp -j REDIRECT --to-ports 15001']))[0]).toContain(
      'from this node itself go to this node:15001',
    );
    expect(told(compared('filter', ['-A INPUT -i lo -j ACCEPT', '-A INPUT -j DROP'], ['-A INPUT -j DROP']))).toEqual([
      'critical lost: packets arriving at lo: new connections from this node itself are dropped; they passed',
    ]);
  });
});

describe('changes that do together what neither does alone', () => {
  it('are a cause each: the rule of a chain, and the jump that led there', () => {
    const before = [':C - [0:0]', '-A INPUT -j C', '-A C -p tcp -m tcp --dport 22 -j ACCEPT', '-A INPUT -j DROP'];
    for (const [from, to, effect] of [
      [before, [':C - [0:0]', '-A INPUT -j DROP'], 'lost'],
      [[':C - [0:0]', '-A INPUT -j DROP'], before, 'gained'],
    ] as const) {
      const { changes } = compared('filter', from, to);
      const causes = changes.filter(({ effect: is }) => is !== 'none').map(({ subject, effect: is }) => `${subject.name} ${is}`);
      expect(causes.sort()).toEqual([`filter C#1 ${effect}`, `filter INPUT#1 ${effect}`]);
    }
  });

  it('are a cause each: a mark, and the rule that reads it', () => {
    const rules = ['-A INPUT -p tcp -m tcp --dport 22 -j MARK --set-xmark 0x7/0xffffffff', '-A INPUT -m mark --mark 0x7 -j DROP'];
    const { changes } = compared('filter', [], rules);
    expect(changes.map(({ effect }) => effect)).toEqual(['lost', 'lost']);
  });
});

describe('the order of rules', () => {
  it('decides whom KUBE-POSTROUTING masquerades', () => {
    const chain = [':KUBE-POSTROUTING - [0:0]', '-A POSTROUTING -j KUBE-POSTROUTING'];
    const rules = [
      '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
      '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
      '-A KUBE-POSTROUTING -j MASQUERADE',
    ];
    const [first, second, third] = rules as [string, string, string];
    const report = compared('nat', [...chain, first, second, third], [...chain, second, first, third]);
    expect(report.changes.map(({ id, effect }) => [id, effect])).toEqual([['nat.snat.added', 'source-changed']]);
  });
});
