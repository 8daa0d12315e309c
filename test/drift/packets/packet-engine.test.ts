import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const POLICIES: Readonly<Record<string, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  mangle: ['PREROUTING', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
};
const snapshot = (table: string, rules: readonly string[]): ReturnType<typeof readSnapshot> =>
  readSnapshot([
    {
      name: 'iptables-save.txt',
      content: [`*${table}`, ...(POLICIES[table] ?? []).map((chain) => `:${chain} ACCEPT [0:0]`), ...rules, 'COMMIT', ''].join('\n'),
    },
  ]);
const compared = (table: string, before: readonly string[], after: readonly string[]): ReturnType<typeof diffSnapshots> =>
  diffSnapshots(snapshot(table, before), snapshot(table, after));

describe('a rule that is added', () => {
  it('is undecided where it does to packets what is not modelled, with the target as reason', () => {
    const report = compared('mangle', [], ['-A PREROUTING -p tcp -m tcp --dport 80 -j DSCP --set-dscp 0x0a']);
    expect(report.verdict).toBe('undecided');
    expect(report.changes.map(({ severity, effect, certainty }) => [severity, effect, certainty])).toEqual([
      ['notice', 'undecided', 'assumed'],
    ]);
    expect(report.undecided).toEqual([
      expect.stringMatching(/its effect could not be determined: what -j DSCP --set-dscp 0x0a does to a packet is not modelled$/),
    ]);
  });

  it('is decided for every protocol', () => {
    const report = compared('filter', [], ['-A FORWARD -p gre -j DROP']);
    expect(report.changes.map(({ severity, effect, text }) => [severity, effect, text])).toEqual([
      ['critical', 'lost', expect.stringMatching(/^packets of 47: new GRE flows from .* dropped; they passed$/)],
    ]);
  });

  it('has no effect where it accepts what the policy does', () => {
    expect(compared('filter', [], ['-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT']).verdict).toBe('no-effect');
  });

  it('is decided for a rule that does nothing but log', () => {
    const report = compared('filter', [], ['-A FORWARD -p tcp -j LOG']);
    expect(report.verdict).toBe('no-effect');
    expect(report.changes.map(({ text }) => text)).toEqual(['rule FORWARD#1 (-p tcp -j LOG) was added; no effect on traffic']);
  });
});

describe('a port of the node itself', () => {
  const dnat = (port: number, to = '172.18.4.3:22'): string =>
    `-A PREROUTING -d 192.0.2.1/32 -p tcp -m tcp --dport ${port} -j DNAT --to-destination ${to}`;
  const told = (before: readonly string[], after: readonly string[]): unknown =>
    compared('nat', before, after).changes.map(({ id, severity }) => [id, severity]);

  it.each([22, 1023, 6443, 10_250])('%d that is translated, no longer is, or is to another place is a warning', (port) => {
    expect(told([], [dnat(port)])).toEqual([['nat.dnat.added', 'warning']]);
    expect(told([dnat(port)], [])).toEqual([['nat.dnat.removed', 'warning']]);
    expect(told([dnat(port)], [dnat(port, '172.18.4.4:22')])).toEqual([['nat.dnat.retargeted', 'warning']]);
  });

  it.each([1024, 8080, 10_251])(
    '%d on which a node has nothing of its own is a notice when it is translated, and critical when it is lost',
    (port) => {
      expect(told([], [dnat(port)])).toEqual([['nat.dnat.added', 'notice']]);
      expect(told([dnat(port)], [])).toEqual([['nat.dnat.removed', 'critical']]);
    },
  );
});

describe('a translation to a range of ports', () => {
  const to = (asked: string, ports: string): string[] => [
    `-A PREROUTING -p tcp -m tcp --dport ${asked} -j DNAT --to-destination 10.0.0.5:${ports}`,
  ];
  const said = (before: readonly string[], after: readonly string[]): string[] =>
    compared('nat', before, after).changes.map(({ severity, text }) => `${severity} ${text}`);

  it('keeps a port that lies in it and takes the first of it else, as Linux 6.1 does', () => {
    expect(said(to('80', '8080-8090'), to('80', '8080-8095'))).toEqual([expect.stringMatching(/^none .*; no effect on traffic$/)]);
    expect(said(to('8000:9000', '8080-8090'), to('8000:9000', '8080-8095'))).toEqual([
      'warning packets of tcp to port 8091-8095: new connections go to 10.0.0.5:8091; they went to 10.0.0.5:8080',
    ]);
  });
});

describe('an endpoint that chance gives connections of which it masquerades a part', () => {
  it('is said to be masqueraded by neither all nor none', () => {
    const rules = (how: 'j' | 'g'): string[] => [
      ':BOTH - [0:0]',
      ':ONE - [0:0]',
      ':OTHER - [0:0]',
      ':MARKED - [0:0]',
      '-A PREROUTING -d 10.96.0.1/32 -j BOTH',
      '-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE',
      '-A BOTH -m statistic --mode random --probability 0.50000000000 -j ONE',
      '-A BOTH -j OTHER',
      `-A ONE -s 198.51.100.0/24 -${how} MARKED`,
      '-A ONE -p tcp -m tcp -j DNAT --to-destination 10.244.0.2:80',
      '-A OTHER -p tcp -m tcp -j DNAT --to-destination 10.244.0.3:80',
      '-A MARKED -j MARK --set-xmark 0x4000/0x4000',
    ];
    // A goto comes back to the chain before: what is marked in ONE goes on to OTHER, as seen on Linux 6.1.
    const [change] = compared('nat', rules('j'), rules('g')).changes;
    expect(change?.witness?.after).toMatchObject({ verdict: 'delivered', endpoints: [{ address: '10.244.0.3:80', share: 1 }] });
    expect(change?.witness?.after.masqueraded).toBeUndefined();
    expect(change?.witness?.before.masqueraded).toBe(true);
  });
});
