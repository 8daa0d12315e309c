import { diffSnapshots, readSnapshot, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { told } from './edited-rules.ts';

const balancer = (firewall: readonly string[], ranges: readonly string[]): SnapshotFile => ({
  name: 'ipset-save.txt',
  content: [
    'create KUBE-LOAD-BALANCER-FW hash:ip,port family inet hashsize 1024 maxelem 65536',
    'create KUBE-LOAD-BALANCER-SOURCE-CIDR hash:ip,port,net family inet hashsize 1024 maxelem 65536',
    ...firewall.map((member) => `add KUBE-LOAD-BALANCER-FW ${member}`),
    ...ranges.map((member) => `add KUBE-LOAD-BALANCER-SOURCE-CIDR ${member}`),
    '',
  ].join('\n'),
});
const set = (...members: readonly string[]): SnapshotFile => ({
  name: 'ipset-save.txt',
  content: [
    'create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536',
    ...members.map((member) => `add KUBE-CLUSTER-IP ${member}`),
    '',
  ].join('\n'),
});
const rules = (...tables: readonly string[]): SnapshotFile => ({
  name: 'iptables-save.txt',
  content: tables
    .flatMap((table) => [
      `*${table}`,
      ...(table === 'nat' ? ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'] : ['INPUT', 'FORWARD', 'OUTPUT']).map(
        (chain) => `:${chain} ACCEPT [0:0]`,
      ),
      'COMMIT',
      '',
    ])
    .join('\n'),
});

describe('a member that leaves a set', () => {
  const both = [set('10.96.0.1,tcp:443', '10.96.0.10,udp:53'), set('10.96.0.1,tcp:443')] as const;

  it.each([
    ['no rules', []],
    ['the nat table', ['nat']],
  ])('is undecided beside %s: a rule that is not shown may look into it', (_, tables) => {
    const others = tables.length === 0 ? [] : [rules(...tables)];
    const report = diffSnapshots(readSnapshot([both[0], ...others]), readSnapshot([both[1], ...others]));
    expect(report.verdict).toBe('undecided');
    expect(told(report)).toEqual([
      'notice ipset.member.removed: 10.96.0.10,udp:53 left set KUBE-CLUSTER-IP; whether a rule looks into it cannot be told: not all rules are in the snapshots',
    ]);
  });

  it('has no effect beside all rules of nat and filter, of which none looks into it', () => {
    const others = [rules('nat', 'filter')];
    const report = diffSnapshots(readSnapshot([both[0], ...others]), readSnapshot([both[1], ...others]));
    expect([report.verdict, told(report)]).toEqual(['no-effect', []]);
  });
});

describe('source ranges that sets hold', () => {
  const table: SnapshotFile = {
    name: 'ipvsadm-ln.txt',
    content:
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\nTCP  192.0.2.50:443 rr\n  -> 10.244.0.51:8443             Masq    1      0          0         \n',
  };
  const restricted = balancer(['192.0.2.50,tcp:443'], ['192.0.2.50,tcp:443,203.0.113.0/24']);
  const compared = (after: SnapshotFile): ReturnType<typeof diffSnapshots> =>
    diffSnapshots(readSnapshot([table, restricted]), readSnapshot([table, after]));

  it('let nobody in without a range, told once', () => {
    expect(told(compared(balancer(['192.0.2.50,tcp:443'], [])))).toEqual([
      'critical nat.source-restriction-changed: tcp 192.0.2.50:443: nobody is let in any more, all are dropped; connections were let in from 203.0.113.0/24',
    ]);
  });

  it('let everybody in without the restriction, told once', () => {
    expect(told(compared(balancer([], ['192.0.2.50,tcp:443,203.0.113.0/24'])))).toEqual([
      'warning nat.source-restriction-changed: tcp 192.0.2.50:443: connections were let in from 203.0.113.0/24 alone; any source is let in',
    ]);
  });

  it('are the same with and without /32', () => {
    const one = compared(balancer(['192.0.2.50,tcp:443'], ['192.0.2.50,tcp:443,203.0.113.0/24', '192.0.2.50,tcp:443,198.51.100.7']));
    const other = compared(balancer(['192.0.2.50,tcp:443'], ['192.0.2.50,tcp:443,203.0.113.0/24', '192.0.2.50,tcp:443,198.51.100.7/32']));
    expect(told(one)).toEqual([
      'warning nat.source-restriction-changed: tcp 192.0.2.50:443: source ranges widened from 203.0.113.0/24 to 198.51.100.7 and 203.0.113.0/24',
    ]);
    expect(told(other)).toEqual(told(one));
  });

  it('are not taken away by a listing that was refused', () => {
    const report = compared({ name: 'ipset-save.txt', content: 'ipset v7.17: Kernel error received: Operation not permitted\n' });
    expect([report.verdict, report.changes]).toEqual(['undecided', []]);
  });
});
