import { diffSnapshots, readSnapshot, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const save = (nat: readonly string[], filter: readonly string[]): string =>
  [
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...filter,
    'COMMIT',
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':INPUT ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':POSTROUTING ACCEPT [0:0]',
    ...nat,
    'COMMIT',
    '',
  ].join('\n');
const snapshot = (nat: readonly string[], filter: readonly string[]): ReturnType<typeof readSnapshot> =>
  readSnapshot([{ name: 'iptables-save.txt', content: save(nat, filter) }]);
const told = ({ changes }: Report): unknown[] => changes.map(({ id, severity, text, witness }) => [severity, id, text, witness?.after]);

describe('a rule that chance leads packets to', () => {
  it('is told with the part of connections that it drops', () => {
    const drop = '-A FORWARD -d 203.0.113.9/32 -p tcp -m statistic --mode random --probability 0.25000000000 -j DROP';
    const report = diffSnapshots(snapshot([], []), snapshot([], [drop]));
    expect(told(report)).toEqual([
      [
        'critical',
        'iptables.filter.newly-rejected',
        'packets of tcp to 203.0.113.9 by chance (25 %): 25 % of new connections from outside are dropped; they passed',
        {
          verdict: 'passed',
          endpoints: [],
          rest: [{ verdict: 'dropped', share: 0.25 }],
          masqueraded: false,
          path: expect.anything() as unknown,
        },
      ],
    ]);
  });
});
