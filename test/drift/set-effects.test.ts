import { diffSnapshots, readSnapshot, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { told } from './edited-rules.ts';

/** A host whose filter INPUT has these rules and no others, and these sets. */
function report(rules: readonly string[], before: readonly string[], after: readonly string[]): Report {
  const side = (sets: readonly string[]): ReturnType<typeof readSnapshot> =>
    readSnapshot([
      { name: 'ipset-save.txt', content: [...sets, ''].join('\n') },
      {
        name: 'iptables-save.txt',
        content: [
          '*nat',
          ':PREROUTING ACCEPT [0:0]',
          ':INPUT ACCEPT [0:0]',
          ':OUTPUT ACCEPT [0:0]',
          ':POSTROUTING ACCEPT [0:0]',
          'COMMIT',
          '*filter',
          ':INPUT ACCEPT [0:0]',
          ':FORWARD ACCEPT [0:0]',
          ':OUTPUT ACCEPT [0:0]',
          ...rules,
          'COMMIT',
          '',
        ].join('\n'),
      },
    ]);
  return diffSnapshots(side(before), side(after));
}

const set = (name: string, type: string, ...members: readonly string[]): string[] => [
  `create ${name} ${type}${type === 'list:set' ? ' size 8' : ' family inet hashsize 1024 maxelem 65536'}`,
  ...members.map((member) => `add ${name} ${member}`),
];
const DROP = '-A INPUT -m set --match-set blocked src -j DROP';
const nets = (...members: readonly string[]): string[] => set('blocked', 'hash:net', ...members);

describe('a member of a set that no service is behind', () => {
  it('lets in whom it kept out, and keeps out whom it names', () => {
    const [one, two] = [nets('198.51.100.0/24', '203.0.113.0/24'), nets('203.0.113.0/24')];
    expect(told(report([DROP], one, two))).toEqual([
      'warning ipset.member.removed: packets in set blocked (src) that no longer match the rule: new connections from outside and from this node itself are no longer dropped; they pass',
    ]);
    const [change] = report([DROP], one, two).changes;
    expect(change?.details).toContainEqual({ label: 'because', text: '198.51.100.0/24 left set blocked' });
    expect(change?.packets?.sets.flatMap(({ sources = [] }) => sources)).toContain('198.51.100.0/24');
    expect(told(report([DROP], two, one))).toEqual([
      'critical ipset.member.added: packets in set blocked (src) that did not meet the rule before: new connections from outside and from this node itself are dropped; they passed',
    ]);
  });

  it('has no effect where another member, or a rule before, takes the same packets', () => {
    const verdict = (rules: readonly string[], before: readonly string[], after: readonly string[]): string =>
      report(rules, before, after).verdict;
    expect(verdict([DROP], nets('198.51.0.0/16', '198.51.100.0/24'), nets('198.51.0.0/16'))).toBe('no-effect');
    expect(verdict(['-A INPUT -s 198.51.0.0/16 -j ACCEPT', DROP], nets('198.51.100.0/24'), nets())).toBe('no-effect');
    expect(verdict(['-A INPUT -m set --match-set blocked src -j LOG', DROP], nets('198.51.100.0/24'), nets())).toBe('drift');
  });

  it('is an exception of a wider one', () => {
    expect(told(report([DROP], nets('198.51.0.0/16', '198.51.100.0/24 nomatch'), nets('198.51.0.0/16')))).toEqual([
      'critical ipset.member.removed: packets in set blocked (src) that did not meet the rule before: new connections from outside and from this node itself are dropped; they passed',
    ]);
  });

  it('counts where a list of sets has its set', () => {
    const listed = (...members: readonly string[]): string[] => [
      ...set('inner', 'hash:net', ...members),
      ...set('blocked', 'list:set', 'inner'),
    ];
    expect(told(report([DROP], listed('198.51.100.0/24'), listed()))).toEqual([
      'warning ipset.member.removed: packets in set blocked (src) that no longer match the rule: new connections from outside and from this node itself are no longer dropped; they pass',
    ]);
  });

  it('is told once with others that do the same', () => {
    const many = ['198.51.100.1', '198.51.100.2', '198.51.100.3', '203.0.113.9'];
    const { changes } = report([DROP], nets(...many), nets('203.0.113.9'));
    expect(changes.map(({ toldWith }) => toldWith)).toEqual([undefined, 'c1', 'c1']);
    expect(changes[0]?.details).toContainEqual({
      label: 'because',
      text: '198.51.100.1, 198.51.100.2 and 198.51.100.3 left set blocked',
    });
  });

  it('of two sets that do the same, is undone by neither alone', () => {
    const twice = (...members: readonly string[]): string[] => [...nets(...members), ...set('banned', 'hash:net', ...members)];
    const rules = [DROP, '-A INPUT -m set --match-set banned src -j DROP'];
    const found = told(report(rules, twice('198.51.100.0/24'), twice()));
    expect(found.filter((one) => one.includes('no longer dropped'))).toHaveLength(2);
  });
});

describe('a set as a whole', () => {
  it('of another kind is judged by what packets it holds', () => {
    const ports = set('blocked', 'hash:ip,port', '198.51.100.7,tcp:22');
    const swapped = set('blocked', 'hash:ip', '198.51.100.7');
    expect(told(report(['-A INPUT -m set --match-set blocked src,dst -j DROP'], ports, swapped))).toContain(
      'critical ipset.set.redefined: packets in set blocked (src,dst) that did not meet the rule before: new connections from outside and from this node itself are dropped; they passed',
    );
  });

  it('comes and goes with the rules that ask for it, which tell what they do', () => {
    const other = set('other', 'hash:ip', '192.0.2.7');
    const { changes } = report([], [...other, ...nets('198.51.100.0/24')], other);
    expect(changes.map(({ severity, text }) => `${severity} ${text}`)).toEqual(['none set blocked is gone; no listed rule looks into it']);
  });
});
