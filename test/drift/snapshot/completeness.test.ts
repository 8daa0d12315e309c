import { readFileSync } from 'node:fs';
import { readTranscript, type Section } from '@netdrift/core';
import { completenessOf, diffSnapshots, parseSection, readSnapshot, type SectionCompleteness, whyIncomplete } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

function demo(name: string): string {
  return readFileSync(new URL(`../../../fixtures/demo/before/${name}.txt`, import.meta.url), 'utf8');
}

/** Tool and form of each output of a text, and whether it is complete. */
function completeness(text: string): [tool: string, form: string, SectionCompleteness][] {
  const transcript = readTranscript(text);
  const found = completenessOf(transcript, transcript.sections.map(parseSection));
  return transcript.sections.map(({ tool, form }, index) => [tool, form, found[index] as SectionCompleteness]);
}

/** Why the only output of a text is not complete. */
function reasons(text: string): string | undefined {
  const found = completeness(text);
  expect(found).toHaveLength(1);
  return whyIncomplete(found[0]?.[2] as SectionCompleteness);
}

const COMPLETE = { state: 'complete' };
const IPVS = demo('ipvsadm-ln');
const SAVE = demo('iptables-save');
const NAT = demo('iptables-nat-nL');
const SETS =
  'Name: KUBE-CLUSTER-IP\nType: hash:ip,port\nRevision: 5\nHeader: family inet hashsize 1024 maxelem 65536\nSize in memory: 344\nReferences: 2\nNumber of entries: 2\nMembers:\n10.96.0.10,udp:53\n10.96.0.10,tcp:53\n';

describe('an output that shows all there was', () => {
  it.each([
    'ipvsadm-ln',
    'ipvsadm-Sn',
    'iptables-nat-nL',
    'iptables-nat-nvL',
    'iptables-filter-nL',
    'iptables-save',
    'ipset-list',
    'ipset-save',
  ])('%s is complete', (name) => {
    expect(completeness(demo(name)).map(([, , found]) => found)).toEqual([COMPLETE]);
  });

  it('is complete behind its command, whatever stands around it', () => {
    expect(completeness(`Since Monday:\n\n# ipvsadm -ln\n${IPVS}\nAny idea?\n`)).toEqual([['ipvsadm', 'listing', COMPLETE]]);
  });

  it('is the answer of a kernel that has no IPVS', () => {
    expect(completeness("Can't initialize ipvs: Protocol not available\n")).toEqual([['ipvsadm', 'error', COMPLETE]]);
  });
});

describe('an output that a shell could not make', () => {
  it.each([
    ['-bash: lsmod: command not found', 'lsmod'],
    ['/bin/sh: 1: lsmod: not found', 'lsmod'],
    ['-bash: ipvsadm: command not found', 'ipvsadm'],
    ['-bash: iptables-save: command not found', 'iptables-save'],
    ['-bash: ip6tables: command not found', 'ip6tables'],
    ['-bash: ipset: command not found', 'ipset'],
    ['-bash: nft: command not found', 'nft'],
  ])('names the program that is missing: %s', (answer, program) => {
    expect(reasons(`# ${program}\n${answer}\n`)).toBe(`shows that ${program} is not installed`);
  });
});

describe('an output is partial', () => {
  it('where its command sent it through another one', () => {
    expect(completeness('# ipvsadm -Sn | grep :53\n-A -u 10.96.0.10:53 -s rr\n')).toEqual([
      ['ipvsadm', 'save', { state: 'partial', because: [{ text: 'went through grep', rows: true }] }],
    ]);
    expect(reasons(`# iptables-save | head -400\n${SAVE}`)).toBe('went through head');
  });

  it('where it is cut in the middle of a line', () => {
    expect(reasons(IPVS.slice(0, IPVS.lastIndexOf('Masq') + 6))).toBe('its last line is cut off');
    expect(reasons(SETS.slice(0, SETS.lastIndexOf(',') + 1))).toBe('its last line is cut off');
  });

  it('where it is cut between two lines and shows what is missing', () => {
    expect(reasons(SAVE.slice(0, SAVE.lastIndexOf('COMMIT')))).toBe('a table has no COMMIT');
    expect(reasons(SETS.slice(0, SETS.lastIndexOf('10.96')))).toBe('set KUBE-CLUSTER-IP has 2 members, 1 are listed');
  });

  it('where the weight that ends each destination of a save is cut off', () => {
    const save = '-A -t 10.0.0.1:443 -s rr\n-a -t 10.0.0.1:443 -r 192.168.0.1:6443 -m -w 1\n';
    expect([reasons(save), reasons(save.trimEnd()), reasons(save.slice(0, -6)), reasons(save.slice(0, -9))]).toEqual([
      undefined,
      undefined,
      'its last line is cut off',
      'its last line is cut off',
    ]);
  });

  it('where the last set is listed without its members', () => {
    const other = SETS.replace('CLUSTER-IP', 'LOOP-BACK');
    expect([reasons(`${SETS}\n${other.slice(0, other.indexOf('Members:'))}`), reasons(SETS.slice(0, SETS.indexOf('Members:')))]).toEqual([
      'the members of set KUBE-LOOP-BACK are not listed',
      undefined,
    ]);
  });

  it('where somebody left lines out', () => {
    const lines = IPVS.split('\n');
    expect(reasons([...lines.slice(0, 5), '...', ...lines.slice(6)].join('\n'))).toBe('has lines left out');
  });

  it('where lines of it could not be read', () => {
    expect(reasons(IPVS.replaceAll(/Masq {4}1 /g, 'Masq    x '))).toMatch(/^\d+ lines could not be read$/);
  });

  it('where lines around it belong to no output and no command says what was asked', () => {
    expect(reasons(`${IPVS}this is what I see\n`)).toBe('some lines are no part of an output');
  });

  it('where a rule jumps to a chain that is not listed', () => {
    const chain = `Chain KUBE-SERVICES (2 references)\ntarget     prot opt source               destination         \nKUBE-SVC-NPX46M4PTMTKRN6Y  tcp  --  0.0.0.0/0            10.96.0.1            tcp dpt:443\n`;
    expect(completeness(`# iptables -t nat -nL KUBE-SERVICES\n${chain}`)).toEqual([
      ['iptables', 'listing', { state: 'partial', because: [{ text: 'is of chain KUBE-SERVICES alone' }] }],
    ]);
    expect(completeness(`# iptables -t nat -nL\n${chain}`)).toEqual([
      [
        'iptables',
        'listing',
        {
          state: 'partial',
          because: [
            { text: 'chain KUBE-SVC-NPX46M4PTMTKRN6Y is jumped to but not listed', table: 'nat' },
            {
              text: 'rules of chain KUBE-SERVICES may be missing, for the listing ends there',
              rows: true,
              atEnd: true,
              only: { chains: ['nat KUBE-SERVICES'] },
            },
          ],
        },
      ],
    ]);
    // What stands behind it shows that it was not cut there.
    expect(reasons(`# iptables -t nat -nL\n${chain}# exit\n`)).toBe('chain KUBE-SVC-NPX46M4PTMTKRN6Y is jumped to but not listed');
  });

  it('where chains are missing behind the end of its last table, and not where another one lacks some', () => {
    const chain = (name: string): string =>
      `Chain ${name} (policy ACCEPT)\ntarget     prot opt source               destination         \n`;
    const filter = ['INPUT', 'FORWARD', 'OUTPUT'].map(chain).join('\n');
    const nat = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map(chain).join('\n');
    const jump = 'MINE       all  --  0.0.0.0/0            0.0.0.0/0           \n';
    /** Both tables as one section, whose command told no table. */
    const told = (text: string): string | undefined => {
      const [first] = readTranscript(text).sections;
      const { table: _table, ...section } = { ...(first as Section), text, span: { start: 0, end: text.length } };
      const [found] = completenessOf({ ...readTranscript(''), sections: [section], setAside: [] }, [parseSection(section)]);
      return whyIncomplete(found as SectionCompleteness);
    };
    const missing = 'chain MINE is jumped to but not listed';
    expect([told(`${nat}\n${filter}${jump}`), told(`${nat}${jump}\n${filter}`)]).toEqual([
      `${missing}; rules of chain OUTPUT may be missing, for the listing ends there`,
      missing,
    ]);
  });

  it('where a chain has more references than are listed', () => {
    const withoutJump = NAT.split('\n')
      .filter((line) => !/^KUBE-SERVICES .*service portals/.test(line))
      .join('\n');
    expect(reasons(`# iptables -t nat -nL\n${withoutJump}`)).toMatch(
      /^chain KUBE-SERVICES has 2 references, 0 are listed; rules of chain \S+ may be missing, for the listing ends there$/,
    );
  });

  it('where a chain of the kernel is missing, in the table that lacks it', () => {
    const save =
      '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
    const [[, , found] = []] = completeness(save);
    expect(found).toEqual({ state: 'partial', because: [{ text: 'the built-in chain POSTROUTING is not listed', table: 'nat' }] });
    expect([whyIncomplete(found as SectionCompleteness, 'nat'), whyIncomplete(found as SectionCompleteness, 'raw')]).toEqual([
      'the built-in chain POSTROUTING is not listed',
      undefined,
    ]);
  });

  it('where a save lacks a line that it always has', () => {
    const lacking = (line: RegExp): string | undefined =>
      reasons(
        SAVE.split('\n')
          .filter((one) => !line.test(one))
          .join('\n'),
      );
    expect([lacking(/^\*nat/), lacking(/^:KUBE-SERVICES /)]).toEqual([
      'the line with the name of a table is missing',
      'the declaration of chain KUBE-SERVICES is missing',
    ]);
  });

  it('where it is the listing of one service', () => {
    expect(reasons(`# ipvsadm -ln -t 10.96.0.1:443\n${IPVS.slice(IPVS.indexOf('Prot '))}`)).toBe('is of one virtual service alone');
    expect(reasons(IPVS.slice(IPVS.indexOf('Prot ')))).toBe('the first line of a whole listing is missing, as in a listing of one service');
  });

  it('where it ends in its titles, which a listing without services has too', () => {
    const titles = IPVS.split('\n');
    const cut = [1, 2, 3].map((count) =>
      reasons(
        titles
          .slice(0, count)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    );
    expect(cut).toEqual([
      'the line with the titles of destinations is missing',
      'the line with the titles of destinations is missing',
      undefined,
    ]);
  });

  it('where its last line, of which a part makes sense too, has no end', () => {
    const set = 'create A hash:ip,port family inet hashsize 1024 maxelem 65536\n';
    const texts = [
      IPVS.slice(0, IPVS.indexOf('TCP ') + 25),
      '-A -t 10.0.0.1',
      '-A -t 10.0.0.1:80 -s r',
      set.slice(0, 16),
      set.slice(0, -1),
      SETS.slice(0, SETS.indexOf(',')),
      SETS.slice(0, SETS.indexOf('hashsize')),
    ];
    expect(texts.map(reasons)).toEqual(
      texts.map((_, index) => (index === 0 ? 'none of its rows could be read (1 line)' : 'its last line is cut off')),
    );
    expect([set, '-A -t 10.0.0.1:80 -s rr\n', IPVS.trimEnd(), SETS.trimEnd()].map(reasons)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('where it is the listing of one set', () => {
    expect(reasons(`# ipset list KUBE-CLUSTER-IP\n${SETS}`)).toBe('is of set KUBE-CLUSTER-IP alone');
    expect(reasons('# ipset -o save save -terse A\ncreate A hash:ip family inet\n')).toBe('is of set A alone');
    expect(
      ['ipset list', 'ipset -L', 'ipset list -o plain', 'ipset save > sets.txt'].map((command) => reasons(`# ${command}\n${SETS}`)),
    ).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('where it is what a diff has before the first difference', () => {
    const [first = '', ...rest] = IPVS.split(/(?=^TCP)/m);
    const diff = `root@node:~# diff -u a b\n--- a\n+++ b\n@@ -1,8 +1,7 @@\n${first.replaceAll(/^(?=.)/gm, ' ')}${rest.join('').replaceAll(/^(?=.)/gm, '-')}`;
    expect(completeness(diff)[0]).toEqual([
      'ipvsadm',
      'listing',
      { state: 'partial', because: [{ text: 'is what one side of a diff has' }] },
    ]);
    expect(reasons(IPVS.replaceAll(/^(?=.)/gm, '+'))).toBeUndefined();
  });

  it('for every reason there is', () => {
    const cut = IPVS.slice(IPVS.indexOf('Prot '), IPVS.lastIndexOf('Masq') + 6);
    expect(reasons(`# ipvsadm -ln -t 10.96.0.1:443 | tail -3\n${cut}`)).toBe(
      'its last line is cut off; went through tail; is of one virtual service alone',
    );
  });
});

describe('an output is unreadable', () => {
  it('where it is an error of its tool', () => {
    expect(completeness("iptables v1.8.9 (legacy): can't initialize iptables table `nat': Permission denied (you must be root)\n")).toEqual(
      [['iptables', 'error', { state: 'unreadable', because: 'holds an error of iptables instead of a listing: permission-denied' }]],
    );
  });

  it('where no row of it could be read', () => {
    const unread = readFileSync(new URL('../../../fixtures/drift/reading/m17-unread.txt', import.meta.url), 'utf8');
    expect([unread, `${IPVS.slice(0, IPVS.indexOf('TCP '))}TCP  10.96.0.1 443 rr\n  -> 10.0.0.1 6443 Masq 1 1 0\n`].map(reasons)).toEqual([
      'none of its rows could be read (2 lines)',
      expect.stringMatching(/^none of its rows could be read \(\d+ lines\)$/),
    ]);
  });

  it('where no reader knows it', () => {
    expect(completeness('NAME READY STATUS\n')).toEqual([['kubectl', 'table', { state: 'unreadable', because: 'could not be read' }]]);
  });
});

describe('a comparison', () => {
  it('says of each input whether it is complete, and why not', () => {
    const read = (name: string, content: string) => readSnapshot([{ name, content }]);
    const { inputs, complete } = diffSnapshots(read('before.txt', SAVE), read('after.txt', SAVE.slice(0, SAVE.lastIndexOf('COMMIT'))));
    expect([complete, inputs.map(({ source, completeness: state, reason }) => [source, state, reason])]).toEqual([
      false,
      [
        ['before.txt', 'complete', undefined],
        ['after.txt', 'partial', 'a table has no COMMIT'],
      ],
    ]);
  });

  it('takes no destination and no member for gone that an output may have lost on the way here', () => {
    const read = (content: string) => readSnapshot([{ name: 'ticket.txt', content }]);
    const told = (before: string, after: string) => {
      const { verdict, undecided, changes } = diffSnapshots(read(before), read(after));
      return [verdict, undecided, changes.map(({ id }) => id)];
    };
    const lines = IPVS.split('\n');
    const filtered = `# ipvsadm -ln | grep -v ${lines[4]?.slice(5, 16)}\n${[...lines.slice(0, 4), ...lines.slice(5)].join('\n')}`;
    expect(told(IPVS, filtered)).toEqual([
      'undecided',
      ['some destinations of tcp 192.168.10.11:30080 are listed by before alone, and after lacks lines (went through grep)'],
      [],
    ]);
    expect(told(filtered, IPVS)).toEqual([
      'undecided',
      ['some destinations of tcp 192.168.10.11:30080 are listed by after alone, and before lacks lines (went through grep)'],
      [],
    ]);
    const set = (command: string, ...members: string[]): string =>
      `# ${command}\ncreate A hash:ip family inet\n${members.map((member) => `add A ${member}\n`).join('')}`;
    expect(told(set('ipset save', '10.0.0.1', '10.0.0.2'), set('ipset save | head', '10.0.0.1'))).toEqual([
      'undecided',
      ['some members of set A are listed by before alone, and after lacks lines'],
      [],
    ]);
  });

  it('of all sets with one of them is undecided: no set is gone because it was not asked for', () => {
    const read = (content: string) => readSnapshot([{ name: 'ticket.txt', content }]);
    const other = SETS.replace('CLUSTER-IP', 'LOOP-BACK');
    const { verdict, undecided, changes } = diffSnapshots(read(`${SETS}\n${other}`), read(`# ipset list KUBE-CLUSTER-IP\n${SETS}`));
    expect([verdict, undecided, changes]).toEqual([
      'undecided',
      ['set KUBE-LOOP-BACK is listed by before alone, and after does not show all sets'],
      [],
    ]);
  });

  it('of a list of sets with one that shows no members is undecided, never "no change"', () => {
    const read = (content: string) => readSnapshot([{ name: 'ipset.txt', content }]);
    const { verdict, undecided } = diffSnapshots(read(SETS), read(SETS.slice(0, SETS.indexOf('Members:'))));
    expect([verdict, undecided]).toEqual(['undecided', ['the members of set KUBE-CLUSTER-IP are listed by before alone']]);
  });
});
