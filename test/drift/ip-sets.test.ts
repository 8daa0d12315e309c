import { diffSnapshots, readSnapshot, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { told } from './edited-rules.ts';

const set = (...members: readonly string[]): SnapshotFile => ({
  name: 'ipset-save.txt',
  content: ['create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536', ...members.map((member) => `add KUBE-CLUSTER-IP ${member}`), ''].join('\n'),
});
const rules = (...tables: readonly string[]): SnapshotFile => ({
  name: 'iptables-save.txt',
  content: tables.flatMap((table) => [`*${table}`, ...(table === 'nat' ? ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'] : ['INPUT', 'FORWARD', 'OUTPUT']).map((chain) => `:${chain} ACCEPT [0:0]`), 'COMMIT', '']).join('\n'),
});

describe('a member that leaves a set', () => {
  const both = [set('10.96.0.1,tcp:443', '10.96.0.10,udp:53'), set('10.96.0.1,tcp:443')] as const;

  it.each([['no rules', []], ['the nat table', ['nat']]])('is undecided beside %s: a rule that is not shown may look into it', (_, tables) => {
    const others = tables.length === 0 ? [] : [rules(...tables)];
    const report = diffSnapshots(readSnapshot([both[0], ...others]), readSnapshot([both[1], ...others]));
    expect(report.verdict).toBe('undecided');
    expect(told(report)).toEqual(['notice ipset.member.removed: 10.96.0.10,udp:53 left set KUBE-CLUSTER-IP; whether a rule looks into it cannot be told: not all rules are in the snapshots']);
  });

  it('has no effect beside all rules of nat and filter, of which none looks into it', () => {
    const others = [rules('nat', 'filter')];
    const report = diffSnapshots(readSnapshot([both[0], ...others]), readSnapshot([both[1], ...others]));
    expect([report.verdict, told(report)]).toEqual(['no-effect', []]);
  });
});
