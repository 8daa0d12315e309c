import { checkSnapshot, diffSnapshots, explainSnapshot, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { serviceRows } from '../../packages/drift/src/render/reports/service-rows.ts';

/** A listing of one service with destinations of these weights, and active connections where given. */
function listing(scheduler: string, ...weights: readonly (number | readonly [weight: number, active: number])[]): string {
  const rows = weights.map((entry, index) => {
    const [weight, active] = typeof entry === 'number' ? [entry, 0] : entry;
    return `  -> 198.51.100.${index + 1}:80              Masq    ${String(weight).padEnd(6)} ${String(active).padEnd(10)} 0\n`;
  });
  return `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\nTCP  192.0.2.10:80 ${scheduler}\n${rows.join('')}`;
}

const snapshot = (content: string): ReturnType<typeof readSnapshot> => readSnapshot([{ name: 'ipvsadm.txt', content }]);

function row(content: string): string {
  const [first] = serviceRows(explainSnapshot(snapshot(content)).servicePorts);
  return `${first?.leadsTo} | ${first?.notes}`;
}

function told(before: string, after: string): string[] {
  return diffSnapshots(snapshot(before), snapshot(after)).changes.map(
    ({ severity, certainty, text }) => `${severity} ${certainty}: ${text}`,
  );
}

describe('how the schedulers of the kernel divide connections', () => {
  it.each([
    ['rr', '198.51.100.1:80, 198.51.100.2:80 (50 % each) | '],
    ['lc', '198.51.100.1:80, 198.51.100.2:80 (50 % each) | '],
    ['wrr', '198.51.100.1:80 75 %, 198.51.100.2:80 25 % | '],
    ['wlc', '198.51.100.1:80 75 %, 198.51.100.2:80 25 % | '],
    ['sed', '198.51.100.1:80 75 %, 198.51.100.2:80 25 % | '],
    ['twos', '198.51.100.1:80 75 %, 198.51.100.2:80 25 % | '],
    ['sh', '198.51.100.1:80 75 %, 198.51.100.2:80 25 % | '],
    ['mh (mh-port)', '198.51.100.1:80 75 %, 198.51.100.2:80 25 % | '],
    [
      'nq',
      '198.51.100.1:80, 198.51.100.2:80 | nq takes an idle endpoint, else the one with the shortest expected delay: shares depend on the load',
    ],
    ['dh', '198.51.100.1:80, 198.51.100.2:80 | dh sends all connections to one address to one destination, which no listing names'],
    ['lblc', '198.51.100.1:80, 198.51.100.2:80 | lblc sends all connections to one address to one of them, which no listing names'],
    ['lblcr', '198.51.100.1:80, 198.51.100.2:80 | lblcr sends all connections to one address to one of them, which no listing names'],
    ['fo', '198.51.100.1:80 | fo sends all connections to the highest weight, as long as it is there and not full'],
    ['ovf', '198.51.100.1:80 | ovf sends all connections to the highest weight, until it has more than 3 active connections'],
    ['mine', '198.51.100.1:80, 198.51.100.2:80 | shares not known: mine is no scheduler of Linux'],
  ])('%s', (scheduler, expected) => {
    expect(row(listing(scheduler, 3, 1))).toBe(expected);
  });

  it('ovf goes on with the next weight where the highest has more connections than its weight, and with none where all have', () => {
    expect(row(listing('ovf', [3, 4], 1))).toBe(
      '198.51.100.2:80 | ovf sends all connections to the highest weight that takes any, until it has more than 1 active connections',
    );
    expect(row(listing('ovf', [3, 4], [1, 2]))).toContain(
      'ovf: every destination has more active connections than its weight, and new ones are refused',
    );
  });

  it('fo of two equal weights takes one, which no listing names', () => {
    expect(row(listing('fo', 3, 3))).toBe(
      '198.51.100.1:80, 198.51.100.2:80 | fo sends all connections to one of them, which no listing names, as long as it is there and not full',
    );
  });

  it('no share is given where the listing shows no weights or no scheduler', () => {
    const stats =
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\nTCP  192.0.2.10:80                       5       48       48     2951     6938\n  -> 198.51.100.1:80                     5       48       48     2951     6938\n  -> 198.51.100.2:80                     5       48       48     2951     6938\n';
    expect(row(stats)).toBe('198.51.100.1:80, 198.51.100.2:80 | shares not known: no listing given shows the scheduler and weights');
    const more = `${stats}  -> 198.51.100.3:80                     5       48       48     2951     6938\n`;
    expect(diffSnapshots(snapshot(stats), snapshot(more)).changes.map(({ details, after }) => [details, after])).toEqual([
      [[{ label: 'shares', text: 'shares not known: no listing given shows the scheduler and weights' }], { address: '198.51.100.3:80' }],
    ]);
  });
});

describe('a weight of 0', () => {
  it('drains under a scheduler that passes it over, with a fallback flag too', () => {
    for (const scheduler of ['rr', 'wlc', 'sh (sh-fallback)', 'mh (mh-fallback,mh-port)', 'mh (flag-1)']) {
      expect(told(listing(scheduler, 1, 1), listing(scheduler, 1, 0))).toEqual([
        'notice proven: tcp 192.0.2.10:80: 198.51.100.2:80 is being drained (weight 1 → 0)',
      ]);
      expect(checkSnapshot(snapshot(listing(scheduler, 1, [0, 2]))).findings).toEqual([]);
    }
  });

  it('makes connections fail that sh, mh or dh still gives to it', () => {
    expect(told(listing('sh', 1, 1), listing('sh', 1, 0))).toEqual([
      'critical proven: tcp 192.0.2.10:80: 198.51.100.2:80 has weight 0 (was 1), and the new connections that sh gives it (about 50 %) fail: without the flag sh-fallback they go to no other',
    ]);
    // sh gives a destination of weight 0 one place, as if it had weight 1.
    expect(told(listing('sh', 99, 99), listing('sh', 99, 0))[0]).toContain('(about 1 %)');
    expect(told(listing('mh (mh-port)', 1, 1), listing('mh (mh-port)', 1, 0))).toEqual([
      'critical proven: tcp 192.0.2.10:80: 198.51.100.2:80 has weight 0 (was 1), and the new connections that mh gives it fail: without the flag mh-fallback they go to no other',
    ]);
    expect(told(listing('dh', 1, 1), listing('dh', 1, 0))).toEqual([
      'critical assumed: tcp 192.0.2.10:80: 198.51.100.2:80 has weight 0 (was 1), and dh sends all new connections to one destination, which no listing names: if it is this one, all of them fail',
    ]);
    expect(told(listing('sh', 1, 0), listing('sh', 1, 1))).toEqual([
      'notice proven: tcp 192.0.2.10:80: 198.51.100.2:80 takes new connections again (weight 0 → 1); what sh gave it failed',
    ]);
    expect(checkSnapshot(snapshot(listing('sh', 1, 0))).findings.map(({ id, text }) => `${id} ${text}`)).toEqual([
      'lint.ipvs.weight-zero-fails tcp 192.0.2.10:80: 198.51.100.2:80 takes no new connection, and those that sh gives it (about 50 %) fail',
    ]);
  });

  it('is told with its condition where the listing shows no flags', () => {
    const proc = (weight: number): string =>
      `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\nTCP  C000020A:0050 sh  \n  -> C6336402:0050      Masq    ${weight}      0          0\n  -> C6336401:0050      Masq    1      0          0\n`;
    const [change] = diffSnapshots(snapshot(proc(1)), snapshot(proc(0))).changes;
    expect([change?.certainty, change?.details.find(({ label }) => label === 'if')?.text]).toEqual([
      'assumed',
      'no flag sh-fallback is set: this listing shows no flags',
    ]);
  });
});
