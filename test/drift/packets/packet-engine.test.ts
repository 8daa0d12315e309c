import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const POLICIES: Readonly<Record<string, readonly string[]>> = { filter: ['INPUT', 'FORWARD', 'OUTPUT'], mangle: ['PREROUTING', 'POSTROUTING'], nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'] };
const snapshot = (table: string, rules: readonly string[]): ReturnType<typeof readSnapshot> =>
  readSnapshot([{ name: 'iptables-save.txt', content: [`*${table}`, ...(POLICIES[table] ?? []).map((chain) => `:${chain} ACCEPT [0:0]`), ...rules, 'COMMIT', ''].join('\n') }]);
const compared = (table: string, before: readonly string[], after: readonly string[]): ReturnType<typeof diffSnapshots> => diffSnapshots(snapshot(table, before), snapshot(table, after));

describe('what packets cannot decide', () => {
  it.each([
    ['mangle', '-A PREROUTING -p tcp -m tcp --dport 80 -j DSCP --set-dscp 0x0a', 'none of the packets tried is treated otherwise, but others may be'],
    ['filter', '-A FORWARD -p gre -j DROP', 'no packet could be made up that meets it'],
    ['filter', '-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT', 'none of the packets tried is treated otherwise, but others may be'],
  ])('is undecided with its reason: a rule added to %s', (table, rule, reason) => {
    const report = compared(table, [], [rule]);
    expect(report.verdict).toBe('undecided');
    expect(report.changes.map(({ severity, effect, certainty }) => [severity, effect, certainty])).toEqual([['notice', 'undecided', 'assumed']]);
    expect(report.undecided).toEqual([expect.stringMatching(new RegExp(`its effect could not be determined: ${reason}$`))]);
  });

  it('is decided for a rule that does nothing but log', () => {
    const report = compared('filter', [], ['-A FORWARD -p tcp -j LOG']);
    expect(report.verdict).toBe('no-effect');
    expect(report.changes.map(({ text }) => text)).toEqual(['rule FORWARD#1 (-p tcp -j LOG flags=0 level=4) was added; no effect on traffic']);
  });
});

describe('a port of the node itself', () => {
  const dnat = (port: number, to = '172.18.4.3:22'): string => `-A PREROUTING -d 192.0.2.1/32 -p tcp -m tcp --dport ${port} -j DNAT --to-destination ${to}`;
  const told = (before: readonly string[], after: readonly string[]): unknown => compared('nat', before, after).changes.map(({ id, severity }) => [id, severity]);

  it.each([22, 1023, 6443, 10_250])('%d that is translated, no longer is, or is to another place is a warning', (port) => {
    expect(told([], [dnat(port)])).toEqual([['nat.dnat.added', 'warning']]);
    expect(told([dnat(port)], [])).toEqual([['nat.dnat.removed', 'warning']]);
    expect(told([dnat(port)], [dnat(port, '172.18.4.4:22')])).toEqual([['nat.dnat.retargeted', 'warning']]);
  });

  it.each([1024, 8080, 10_251])('%d on which a node has nothing of its own is a notice when it is translated, and critical when it is lost', (port) => {
    expect(told([], [dnat(port)])).toEqual([['nat.dnat.added', 'notice']]);
    expect(told([dnat(port)], [])).toEqual([['nat.dnat.removed', 'critical']]);
  });
});
