import { diffSnapshots, readSnapshot, type Report, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from './support.ts';

const CHAINS = ':INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]';
const ssh = (match: string, target: string): string =>
  `*filter\n${CHAINS}\n-A INPUT -p tcp -m tcp --dport 22 ${match} -j ${target}\n${target === 'ACCEPT' ? '-A INPUT -p tcp -m tcp --dport 22 -j DROP\n' : ''}COMMIT\n`;
const compared = (before: string, after: string): Report => {
  const [one, other] = [before, after].map((content) => readSnapshot([{ name: 'a', content }]));
  if (one === undefined || other === undefined) throw new Error('nothing was read');
  return diffSnapshots(one, other);
};
const told = ({ changes }: Report): string[][] =>
  changes.map(({ severity, certainty, effect, text }) => [severity, certainty, effect, text.split(':')[0] ?? '']);

/** Matches of which the second lets more packets match, in what differs. */
const RAISED: readonly (readonly [fewer: string, more: string])[] = [
  ['-m limit --limit 5/sec', '-m limit --limit 50/sec'],
  ['-m limit --limit 60/min', '-m limit --limit 2/sec'],
  ['-m limit --limit 5/sec', '-m limit --limit 5/sec --limit-burst 50'],
  ['-m limit --limit 5/sec', '-m limit --limit 50/sec --limit-burst 50'],
  ['-m hashlimit --hashlimit-upto 1/min --hashlimit-burst 5', '-m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5'],
  ['-m hashlimit --hashlimit-above 50/sec --hashlimit-burst 5', '-m hashlimit --hashlimit-above 5/sec --hashlimit-burst 5'],
  [
    '-m connlimit --connlimit-upto 10 --connlimit-mask 32 --connlimit-saddr',
    '-m connlimit --connlimit-upto 20 --connlimit-mask 32 --connlimit-saddr',
  ],
  [
    '-m connlimit --connlimit-above 20 --connlimit-mask 24 --connlimit-saddr',
    '-m connlimit --connlimit-above 10 --connlimit-mask 24 --connlimit-saddr',
  ],
  [
    '-m recent --rcheck --seconds 60 --name a --mask 255.255.255.255 --rsource',
    '-m recent --rcheck --seconds 600 --name a --mask 255.255.255.255 --rsource',
  ],
  [
    '-m recent --rcheck --seconds 60 --name a --mask 255.255.255.255 --rsource',
    '-m recent --rcheck --name a --mask 255.255.255.255 --rsource',
  ],
  [
    '-m recent --update --hitcount 8 --name a --mask 255.255.255.255 --rsource',
    '-m recent --update --hitcount 4 --name a --mask 255.255.255.255 --rsource',
  ],
  ['-m quota --quota 1000', '-m quota --quota 5000'],
];

describe('a match that counts, with another amount', () => {
  it.each(RAISED)('lets more packets pass: %s to %s', (fewer, more) => {
    const matched = (is: string, was: string): string => `of tcp to port 22 match the rule (${is}, was ${was})`;
    expect(told(compared(ssh(fewer, 'ACCEPT'), ssh(more, 'ACCEPT')))).toEqual([
      ['notice', 'conditional', 'gained', `more packets ${matched(more, fewer)}`],
    ]);
    expect(told(compared(ssh(more, 'ACCEPT'), ssh(fewer, 'ACCEPT')))).toEqual([
      ['warning', 'conditional', 'lost', `fewer packets ${matched(fewer, more)}`],
    ]);
    expect(told(compared(ssh(fewer, 'DROP'), ssh(more, 'DROP')))).toEqual([
      ['warning', 'conditional', 'lost', `more packets ${matched(more, fewer)}`],
    ]);
  });

  it('is told of more or fewer connections to a service, and not of all of them', () => {
    const { content = '' } = snapshotFiles('fixtures/three-modes/iptables').find(({ name }) => name === 'iptables-save.txt') ?? {};
    const save = (limit: string): string =>
      Buffer.from(content)
        .toString()
        .replace(
          /^-A FORWARD -m comment/m,
          `-A FORWARD -p tcp -m tcp --dport 80 -m limit --limit ${limit} -j ACCEPT\n-A FORWARD -p tcp -m tcp --dport 80 -j DROP\n$&`,
        );
    const texts = ({ changes }: Report): string[] => changes.map(({ severity, text }) => `${severity} ${text}`);
    const matched = 'packets of tcp to port 80 match the rule';
    expect(texts(compared(save('5/sec'), save('50/sec')))).toEqual([
      `notice default/nginx (tcp 10.96.78.31:80): more ${matched} (-m limit --limit 50/sec, was -m limit --limit 5/sec): fewer new connections from pods and from outside are dropped than before`,
    ]);
    expect(texts(compared(save('50/sec'), save('5/sec')))).toEqual([
      `warning default/nginx (tcp 10.96.78.31:80): fewer ${matched} (-m limit --limit 5/sec, was -m limit --limit 50/sec): more new connections from pods and from outside are dropped than before`,
    ]);
  });

  it('is raised or lowered in a chain of another name too', () => {
    const chain = (name: string, limit: string): string =>
      `*filter\n${CHAINS}\n:${name} - [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ${name}\n-A ${name} -m limit --limit ${limit} -j RETURN\n-A ${name} -j DROP\nCOMMIT\n`;
    const [fewer, more] = [chain('SLOW', '5/sec'), chain('QUICK', '50/sec')];
    expect([compared(fewer, more), compared(more, fewer)].map((report) => report.changes[0]?.text)).toEqual([
      'packets of tcp to port 22: fewer new connections from outside and from this node itself are dropped than before',
      'packets of tcp to port 22: more new connections from outside and from this node itself are dropped than before',
    ]);
  });

  it('is a loss and a gain where neither lets all match that the other does', () => {
    const [often, many] = ['-m limit --limit 50/sec', '-m limit --limit 5/sec --limit-burst 50'];
    for (const [before, after] of [
      [often, many],
      [many, often],
    ] as const) {
      const [change, ...others] = compared(ssh(before, 'ACCEPT'), ssh(after, 'ACCEPT')).changes;
      expect([change?.certainty, change?.effect, others]).toEqual(['conditional', 'lost', []]);
      expect(change?.details.find(({ label }) => label === 'also')?.text).toContain('are no longer dropped');
      expect(change?.details.filter(({ label }) => label === 'if').map(({ text }) => text)).toEqual([`it does not meet "${after}"`]);
    }
  });

  it('belongs to its rule: another rule with the same limit is no part of the change', () => {
    const web = (limit: string): string =>
      ssh('-m limit --limit 5/sec', 'ACCEPT').replace(
        'COMMIT',
        `-A INPUT -p tcp -m tcp --dport 80 -m limit --limit ${limit} -j DROP\nCOMMIT`,
      );
    const { changes } = compared(web('5/sec'), web('10/sec'));
    expect(changes.map(({ certainty, effect, witness }) => [certainty, effect, witness?.packet.destinationPort])).toEqual([
      ['conditional', 'lost', 80],
    ]);
  });

  it('is the same condition where the set that its rule asks for is listed elsewhere', () => {
    const set = (name: string): string => `create ${name} hash:net family inet hashsize 1024 maxelem 65536\nadd ${name} 10.0.0.0/8\n`;
    const side = (rate: string, sets: string): Snapshot =>
      readSnapshot([
        { name: 'iptables-save.txt', content: ssh(`-m set --match-set B src -m limit --limit ${rate}`, 'ACCEPT') },
        { name: 'ipset-save.txt', content: sets },
      ]);
    const { changes } = diffSnapshots(side('5/sec', set('B')), side('50/sec', `${set('A')}${set('B')}`));
    const found = changes.filter(({ id }) => id.startsWith('iptables.'));
    expect(found.map(({ certainty, effect, details }) => [certainty, effect, details.filter(({ label }) => label === 'also')])).toEqual([
      ['conditional', 'gained', []],
    ]);
  });

  it('is told of the limits of nft too', () => {
    const rule = (limit: string): string =>
      `table inet f {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\ttcp dport 22 ${limit} accept\n\t}\n}\n`;
    for (const [fewer, more] of [
      ['limit rate 5/second burst 5 packets', 'limit rate 50/second burst 5 packets'],
      ['limit rate over 50/second burst 5 packets', 'limit rate over 5/second burst 5 packets'],
      ['limit rate 1 kbytes/second', 'limit rate 5 mbytes/second'],
      ['quota 10 mbytes used 2 kbytes', 'quota 100 mbytes'],
      ['ct count over 20', 'ct count over 10'],
    ] as const) {
      for (const [before, after, effect] of [
        [fewer, more, 'gained'],
        [more, fewer, 'lost'],
      ] as const) {
        const [change] = compared(rule(before), rule(after)).changes;
        expect([before, after, change?.certainty, change?.effect]).toEqual([before, after, 'conditional', effect]);
        expect(
          change?.details
            .filter(({ label }) => label === 'if')
            .map(({ text }) => text)
            .sort(),
        ).toEqual([`it does not meet "${fewer}"`, `it meets "${more}"`]);
      }
    }
    // What nobody can read is compared too.
    expect(compared(rule('frobnicate 5'), rule('frobnicate 6')).verdict).toBe('drift');
    expect(compared(rule('quota 10 mbytes used 2 kbytes'), rule('quota 10 mbytes used 9 kbytes')).changes).toEqual([]);
  });
});

describe('a match for a range of what no listing shows', () => {
  it.each([
    ['-m length --length 0:100', '-m length --length 0:200'],
    ['-m length ! --length 0:200', '-m length ! --length 0:100'],
    ['-m ttl --ttl-lt 5', '-m ttl --ttl-lt 50'],
    ['-m ttl --ttl-gt 50', '-m ttl --ttl-gt 5'],
    ['-m owner --uid-owner 1000', '-m owner --uid-owner 1000-1010'],
    ['-m tcp --tcp-flags SYN SYN -m tcpmss --mss 500:600', '-m tcp --tcp-flags SYN SYN -m tcpmss --mss 500:900'],
    [
      '-m connbytes --connbytes 100 --connbytes-mode bytes --connbytes-dir both',
      '-m connbytes --connbytes 50 --connbytes-mode bytes --connbytes-dir both',
    ],
  ])('that grows only lets more match: %s to %s', (narrow, wide) => {
    const [gain] = compared(ssh(narrow, 'ACCEPT'), ssh(wide, 'ACCEPT')).changes;
    expect([gain?.certainty, gain?.effect, gain?.details.filter(({ label }) => label === 'also')]).toEqual(['conditional', 'gained', []]);
    const [loss] = compared(ssh(wide, 'ACCEPT'), ssh(narrow, 'ACCEPT')).changes;
    expect([loss?.certainty, loss?.effect, loss?.details.filter(({ label }) => label === 'also')]).toEqual(['conditional', 'lost', []]);
  });

  it.each([
    ['meta length < 101', 'meta length < 201'],
    ['meta length <= 100', 'meta length 0-200'],
    ['ip ttl > 50', 'ip ttl > 5'],
    ['ip ttl { 1-4, 9 }', 'ip ttl < 10'],
    ['ip ttl != 1-20', 'ip ttl != 5'],
    ['meta skuid 1000', 'meta skuid >= 1000'],
    ['ct original bytes > 5000', 'ct original bytes > 100'],
    ['tcp option maxseg size < 500', 'tcp option maxseg size != 600'],
  ])('that grows only lets more match, in nft too: %s to %s', (narrow, wide) => {
    const rule = (match: string): string =>
      `table inet f {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\ttcp dport 22 ${match} accept\n\t}\n}\n`;
    for (const [before, after, effect] of [
      [narrow, wide, 'gained'],
      [wide, narrow, 'lost'],
    ] as const) {
      const [change] = compared(rule(before), rule(after)).changes;
      expect([change?.certainty, change?.effect, change?.details.filter(({ label }) => label === 'also')]).toEqual([
        'conditional',
        effect,
        [],
      ]);
    }
  });

  it('is no value of packets that have none: a window of UDP is neither small nor large', () => {
    const table = (rules: readonly string[]): string =>
      `table inet f {\n\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n\t\t${rules.join('\n\t\t')}\n\t}\n}\n`;
    const both = (match: string): readonly string[] => [`${match} < 100 drop`, `${match} >= 100 drop`];
    expect(compared(table(both('tcp window')), table([...both('tcp window'), 'ip saddr 10.0.0.0/8 drop'])).verdict).toBe('drift');
    expect(compared(table(both('ip ttl')), table([...both('ip ttl'), 'ip saddr 10.0.0.0/8 drop'])).verdict).toBe('no-effect');
  });

  it('that another one holds makes it a rule that decides nothing', () => {
    const inner = [
      '-A INPUT -p tcp -m tcp --dport 22 -m length --length 0:200 -j ACCEPT',
      '-A INPUT -p tcp -m tcp --dport 22 -m length --length 50:100 -j DROP',
    ];
    const table = (rules: readonly string[]): string => `*filter\n${CHAINS}\n${rules.join('\n')}\nCOMMIT\n`;
    expect(compared(table(inner.slice(0, 1)), table(inner)).verdict).toBe('no-effect');
    expect(compared(table(inner.slice(1)), table(inner.toReversed())).changes.map(({ effect }) => effect)).toEqual(['none']);
  });
});

describe('a share of the packets', () => {
  const by = (probability: string): string => ssh(`-m statistic --mode random --probability ${probability}`, 'ACCEPT');

  it('that chance lets pass is told as it was and as it is', () => {
    expect(compared(by('0.25'), by('0.50')).changes.map(({ effect, text }) => [effect, text])).toEqual([
      [
        'gained',
        'packets of tcp to port 22 by chance (50 %): 50 % of new connections from outside and from this node itself are dropped; it was 75 %',
      ],
    ]);
    expect(compared(by('0.50'), by('0.25')).changes.map(({ effect, text }) => [effect, text])).toEqual([
      [
        'lost',
        'packets of tcp to port 22 by chance (25 %): 75 % of new connections from outside and from this node itself are dropped; it was 50 %',
      ],
    ]);
  });
});
