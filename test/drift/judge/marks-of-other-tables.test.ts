import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const HOOKS = (...names: readonly string[]): string => names.map((name) => `:${name} ACCEPT [0:0]\n`).join('');
const MANGLE = `*mangle\n${HOOKS('PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING')}-A PREROUTING -p tcp -m tcp --dport 8080 -j MARK --set-xmark 0x1/0x1\nCOMMIT\n`;
const NAT = `*nat\n${HOOKS('PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING')}COMMIT\n`;

/** What a rule for marked packets to a port does, where the given tables stand before filter. */
function addedDrop(tables: string, port: number): string[] {
  const [before, after] = ['', `-A FORWARD -p tcp -m tcp --dport ${port} -m mark --mark 0x1/0x1 -j DROP\n`].map((rule) =>
    readSnapshot([{ name: 'iptables-save.txt', content: `${tables}*filter\n${HOOKS('INPUT', 'FORWARD', 'OUTPUT')}${rule}COMMIT\n` }]),
  ) as [ReturnType<typeof readSnapshot>, ReturnType<typeof readSnapshot>];
  return diffSnapshots(before, after).changes.flatMap(({ severity, certainty, details }) => [
    `${severity} ${certainty}`,
    ...details.filter(({ label }) => label === 'if').map(({ text }) => text),
  ]);
}

describe('a rule that asks for a mark', () => {
  it('is proven for packets that a table which is shown marks', () => {
    expect([addedDrop(MANGLE, 8080), addedDrop(MANGLE + NAT, 8080)]).toEqual([['critical proven'], ['critical proven']]);
  });

  it('holds of others only if nat, which was not given, marks them', () => {
    expect(addedDrop(MANGLE, 80)).toEqual([
      'warning conditional',
      'it has the mark 0x1/0x1, which rules of nat may set: that table was not given',
    ]);
    expect(addedDrop(MANGLE + NAT, 80)).toEqual(['none proven']);
  });
});
