import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { outline } from '../support.ts';

const CHAINS = ['MARK-IT', 'TWICE', 'ENDS', 'MAYBE'];
/** Chains that rules lead to: one sets a bit, one turns a bit over, one lets nothing of tcp come back, one some. */
const THEIRS = ['-A MARK-IT -j MARK --set-xmark 0x1/0x1', '-A TWICE -j MARK --set-xmark 0x1/0x0', '-A ENDS -p tcp -j ACCEPT', '-A MAYBE -m statistic --mode random --probability 0.50000000000 -j DROP'];

const snapshot = (rules: readonly string[]): ReturnType<typeof readSnapshot> =>
  readSnapshot([{ name: 'iptables-save.txt', content: ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...CHAINS.map((name) => `:${name} - [0:0]`), ...rules.map((rule) => `-A FORWARD ${rule}`), ...THEIRS, 'COMMIT', ''].join('\n') }]);
const compared = (before: readonly string[], after: readonly string[]): string[] => outline(diffSnapshots(snapshot(before), snapshot(after)));

describe('one more copy of a rule', () => {
  const ONE = '-s 10.1.0.1/32 -p tcp';
  const OTHER = '-s 10.1.0.1/32 -j ACCEPT';

  it.each([
    ['of a verdict', `${ONE} -j DROP`],
    ['of a jump that sets bits of the mark', `${ONE} -j MARK-IT`],
    ['of a jump that nothing comes back from', `${ONE} -j ENDS`],
    ['of a go-to', `${ONE} -g TWICE`],
    ['of LOG', `${ONE} -j LOG`],
  ])('%s below the first one decides nothing', (_, rule) => {
    expect(compared([rule, OTHER], [rule, OTHER, rule])).toEqual(['none iptables.rule.multiplicity-changed filter FORWARD#1']);
  });

  it('that stands above another rule than the first one decides', () => {
    expect(compared([OTHER, `${ONE} -j DROP`], [`${ONE} -j DROP`, OTHER, `${ONE} -j DROP`])).toEqual(['critical iptables.filter.newly-rejected filter FORWARD#1', 'none iptables.rule.multiplicity-changed filter FORWARD#1']);
  });

  it.each([
    ['of a jump that turns a bit of the mark over', `${ONE} -j TWICE`],
    ['of a jump that chance comes back from', `${ONE} -j MAYBE`],
    ['of a rule that asks for the mark behind one that sets it', '-m mark --mark 0x1/0x1 -j DROP'],
    ['of a rule that counts packets', `${ONE} -m limit --limit 5/min -j ACCEPT`],
  ])('%s may decide', (_, rule) => {
    const setting = '-j MARK --set-xmark 0x1/0x1';
    expect(compared([rule, setting], [rule, setting, rule])).not.toEqual([expect.stringMatching(/^none /)]);
  });
});
