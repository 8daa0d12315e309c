import { checkSnapshot, diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { corpusFile, describeCorpus } from '../../support/corpus.ts';
import { captures } from '../../support/scenario.ts';

const read = (content: string, name = 'iptables-save.txt'): Snapshot => readSnapshot([{ name, content }]);
const chains = (names: readonly string[]): string => names.map((name) => `:${name} ACCEPT [0:0]`).join('\n');
const table = (name: string, builtIn: readonly string[], rules: readonly string[]): string =>
  `*${name}\n${chains(builtIn)}\n${rules.join('\n')}\nCOMMIT\n`;
const filter = (...rules: readonly string[]): string => table('filter', ['INPUT', 'FORWARD', 'OUTPUT'], [':MINE - [0:0]', ...rules]);
const nat = (...rules: readonly string[]): string => table('nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], rules);
const told = (snapshot: Snapshot): string[] =>
  checkSnapshot(snapshot)
    .findings.filter(({ id }) => id === 'lint.iptables.redundant-before-wider')
    .map(({ severity, text }) => `${severity}: ${text}`);

const NARROW = '-A INPUT -s 10.0.0.5/32 -j ACCEPT';
const WIDE = '-A INPUT -s 10.0.0.0/8 -j ACCEPT';

describe('a rule before a wider one with the same verdict', () => {
  it('is told where it stands right before it, with the lines of both', () => {
    const { findings } = checkSnapshot(read(filter(NARROW, WIDE)));
    expect(findings.map(({ id, severity, text, evidence }) => [id, severity, text, evidence.map(({ lines }) => lines[0])])).toEqual([
      [
        'lint.iptables.redundant-before-wider',
        'notice',
        'rule 1 of INPUT (-s 10.0.0.5 -j ACCEPT) has no effect of its own: rule 2 behind it does the same with all its packets',
        [6, 7],
      ],
    ]);
  });

  it.each([
    [
      'rules for other packets',
      ['-A INPUT -s 192.0.2.0/24 -j LOG', '-A INPUT -s 10.0.0.6/32 -j DROP', '-A INPUT ! -s 10.0.0.0/16 -j DROP'],
    ],
    [
      'rules that do the same with some',
      ['-A INPUT -p tcp -m multiport --ports 80 -j ACCEPT', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT'],
    ],
    ['one that only counts', ['-A INPUT -s 10.0.0.5/32', '-A INPUT -m comment --comment seen']],
    ['a chain that all its packets come back from', ['-A INPUT -j MINE', '-A MINE -s 192.0.2.1/32 -j DROP', '-A MINE -p tcp -j RETURN']],
    ['a chain that does the same', ['-A INPUT -p tcp -j MINE', '-A MINE -p tcp -m tcp --dport 22 -j ACCEPT']],
    ['a limit that none of its packets is held against', ['-A INPUT -s 192.0.2.1/32 -m limit --limit 5/sec -j DROP']],
    [
      'more than a thousand rules for other sources',
      Array.from({ length: 1200 }, (_, at) => `-A INPUT -s 10.1.${at >> 8}.${at & 255}/32 -j DROP`),
    ],
  ])('is told behind %s', (_, between) => {
    expect(told(read(filter(NARROW, ...between, WIDE)))).toEqual([
      expect.stringMatching(/^notice: rule 1 of INPUT \(-s 10\.0\.0\.5 -j ACCEPT\) has no effect of its own: rule \d+ behind it does/),
    ]);
  });

  it('is told together with others before the same one', () => {
    expect(told(read(filter(NARROW, '-A INPUT -s 10.9.0.0/16 -p udp -j ACCEPT', WIDE)))).toEqual([
      'notice: rules 1 and 2 of INPUT have no effect of their own: rule 3 behind them does the same with all their packets',
    ]);
  });

  it.each([
    ['a sender that is told why', ['-A INPUT -s 10.0.0.5/32 -j REJECT', '-A INPUT -s 10.0.0.0/8 -j REJECT']],
    ['a way back', ['-A INPUT -j MINE', '-A MINE -s 10.0.0.5/32 -j RETURN', '-A MINE -j RETURN']],
    ['a mark that is asked for', ['-A INPUT -m mark --mark 0x1 -j DROP', '-A INPUT -m mark --mark 0x1/0x1 -j DROP']],
    ['some of the packets, by chance', ['-A INPUT -m statistic --mode random --probability 0.5 -j DROP', '-A INPUT -j DROP']],
    ['a length', ['-A INPUT -m length --length 10:20 -j DROP', '-A INPUT -m length --length 0:100 -j DROP']],
  ])('is told of %s', (_, rules) => {
    expect(told(read(filter(...rules)))).toHaveLength(1);
  });

  it.each([
    ['masquerading', ['-A POSTROUTING -s 10.0.0.5/32 -j MASQUERADE', '-A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE']],
    [
      'a translation',
      ['-A PREROUTING -d 10.0.0.5/32 -j DNAT --to-destination 10.1.0.1', '-A PREROUTING -j DNAT --to-destination 10.1.0.1'],
    ],
  ])('is told of %s', (_, rules) => {
    expect(told(read(nat(...rules)))).toHaveLength(1);
  });
});

describe('a rule before a wider one is left alone', () => {
  it.each([
    ['that does otherwise', ['-A INPUT -s 10.0.0.0/8 -j DROP']],
    ['behind one that does otherwise', ['-A INPUT -p tcp -j DROP', WIDE]],
    ['behind one that does so in another chain', ['-A INPUT -j MINE', '-A MINE -p tcp -j DROP', WIDE]],
    ['behind a chain that is not listed', ['-A INPUT -j GONE', WIDE]],
    ['that is not wider', [NARROW]],
    ['that lets some of the packets pass', ['-A INPUT -s 10.0.0.0/8 -m limit --limit 5/sec -j ACCEPT']],
    ['where the policy does the same', []],
    ['behind a line of the log', ['-A INPUT -p tcp -j LOG', WIDE]],
    ['behind a mark', ['-A INPUT -j MARK --set-xmark 0x1/0x1', WIDE]],
    ['behind a mark of the connection', ['-A INPUT -j CONNMARK --save-mark', WIDE]],
    ['behind a set that is added to', ['-A INPUT -j SET --add-set seen src', WIDE]],
    ['behind a list of addresses', ['-A INPUT -m recent --set --name a --rsource', WIDE]],
    ['behind a list that is looked up and renewed', ['-A INPUT -m recent --update --seconds 60 --name a --rsource -j ACCEPT', WIDE]],
    ['behind a limit', ['-A INPUT -m limit --limit 5/sec -j ACCEPT', WIDE]],
    ['behind a limit that is asked before the port', ['-A INPUT -p tcp -m limit --limit 5/sec -m tcp --dport 22 -j ACCEPT', WIDE]],
    ['behind one of every so many', ['-A INPUT -m statistic --mode nth --every 2 --packet 0 -j ACCEPT', WIDE]],
    ['behind a label', ['-A INPUT -m connlabel --label 1 --set -j ACCEPT', WIDE]],
    ['behind a match that nobody knows', ['-A INPUT -m frobnicate --often -j ACCEPT', WIDE]],
    ['behind a target that nobody knows', ['-A INPUT -j FROBNICATE', WIDE]],
    ['behind a program', ['-A INPUT -j NFQUEUE --queue-num 1', WIDE]],
  ])('%s', (_, behind) => {
    expect(told(read(filter(NARROW, ...behind)))).toEqual([]);
  });

  it.each([
    ['that adds to a list', '-m recent --set --name a --rsource -j ACCEPT'],
    ['that takes of a limit', '-m limit --limit 5/sec -j ACCEPT'],
    ['that counts against a quota', '-m quota --quota 1000 -j ACCEPT'],
    ['that logs', '-j LOG'],
    ['that marks', '-j MARK --set-xmark 0x1/0x1'],
    ['that leads elsewhere', '-j MINE'],
  ])('%s itself', (_, rule) => {
    expect(told(read(filter(`-A INPUT -s 10.0.0.5/32 ${rule}`, `-A INPUT -s 10.0.0.0/8 ${rule}`)))).toEqual([]);
  });

  it('that translates at random where the wider one does not', () => {
    expect(
      told(
        read(
          nat('-A PREROUTING -d 10.0.0.5/32 -j DNAT --to-destination 10.1.0.1 --random', '-A PREROUTING -j DNAT --to-destination 10.1.0.1'),
        ),
      ),
    ).toEqual([]);
  });

  it('where a listing hides interfaces, or rules of the chain may be missing', () => {
    const title = 'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n';
    const listing = `${title}ACCEPT     all  --  10.0.0.5             0.0.0.0/0           \nACCEPT     all  --  10.0.0.0/8           0.0.0.0/0           \n`;
    expect(told(read(`${listing}\nChain FORWARD (policy ACCEPT)\n\nChain OUTPUT (policy ACCEPT)\n`, 'filter.txt'))).toEqual([]);
    expect(told(read(filter(NARROW, '-A INPUT -s 10.0.0.5/32 -j', WIDE)))).toEqual([]);
  });
});

it('changes nothing for any packet when it is taken away', () => {
  const parts = [
    '-s 10.0.0.0/8',
    '-s 10.0.0.5/32',
    '-p tcp',
    '-p tcp -m tcp --dport 22',
    '-p udp',
    '-i eth0',
    '-m mark --mark 0x1/0x1',
    '',
  ];
  const verdicts = ['-j ACCEPT', '-j ACCEPT', '-j DROP', '-j MINE', '-j MARK --set-xmark 0x1/0x1', '-j RETURN'];
  let state = 7;
  const pick = (of: readonly string[]): string => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return of[(state >>> 16) % of.length] ?? '';
  };
  let tried = 0;
  for (let run = 0; run < 120; run++) {
    const rules = Array.from(
      { length: 7 },
      (_, at) => `-A ${at < 5 ? 'INPUT' : 'MINE'} ${pick(parts)} ${pick(at < 5 ? verdicts : ['-j ACCEPT', '-j RETURN', '-j DROP'])}`,
    );
    const before = read(filter(...rules));
    for (const { subject } of checkSnapshot(before).findings.filter(({ id }) => id === 'lint.iptables.redundant-before-wider')) {
      const [chain = '', number = ''] = (subject.name.split(' ')[1] ?? '').split('#');
      const places = rules.flatMap((rule, at) => (rule.startsWith(`-A ${chain} `) ? [at] : []));
      const after = read(filter(...rules.filter((_, at) => at !== places[Number(number) - 1])));
      expect([rules, subject.name, diffSnapshots(before, after).changes.map(({ effect }) => effect)]).toEqual([
        rules,
        subject.name,
        ['none'],
      ]);
      tried += 1;
    }
  }
  expect(tried).toBeGreaterThan(10);
});

describeCorpus('kube-proxy-modes', 'rules of kube-proxy', () => {
  it('are never told to stand before wider ones', () => {
    const saves = captures('kube-proxy-modes').flatMap(({ name, files }) =>
      files.filter((file) => /\/ip6?tables-save[^/]*$/.test(file)).map((file) => [name, file] as const),
    );
    expect(saves.length).toBeGreaterThan(90);
    expect(
      saves.flatMap(([name, file]) =>
        told(read(corpusFile(file), file.slice(file.lastIndexOf('/') + 1))).map((text) => `${name}: ${text}`),
      ),
    ).toEqual([]);
  });
});
