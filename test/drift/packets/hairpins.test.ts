import { diffSnapshots, readSnapshot, type Report, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { diffPaths, outline, snapshotFiles } from '../support.ts';

const IPTABLES = 'fixtures/drift/kube-proxy/iptables-v1.30-pair-scale-up/before';
const IPVS = 'fixtures/demo/before';
const FLANNEL = 'fixtures/incidents/e5-flannel-before-kube-postrouting';

/** A capture with all its rules, and the same without the lines of iptables-save that hold a text. */
function without(text: string, capture: string, files: readonly string[]): readonly [whole: readonly SnapshotFile[], cut: readonly SnapshotFile[]] {
  const whole = snapshotFiles(capture).filter(({ name }) => files.includes(name));
  const lines = (content: SnapshotFile['content']): string => new TextDecoder().decode(content as Uint8Array).split('\n').filter((line) => !line.includes(text)).join('\n');
  return [whole, whole.map((file) => (file.name === 'iptables-save.txt' ? { ...file, content: lines(file.content) } : file))];
}

const diff = (before: readonly SnapshotFile[], after: readonly SnapshotFile[]): Report => diffSnapshots(readSnapshot(before), readSnapshot(after));

describe('an endpoint that gets its own packets back from its service', () => {
  it('does not reach itself without the rule of its chain that marks them', () => {
    const [whole, cut] = without('-A KUBE-SEP-IAGJJUTX752OVLDG -s', IPTABLES, ['iptables-save.txt']);
    const [change, ...others] = diff(whole, cut).changes;
    expect(others).toEqual([]);
    expect([change?.severity, change?.id, change?.text]).toEqual([
      'warning', 'nat.snat.removed', 'default/nginx: the endpoint 10.244.1.21:80 can no longer reach itself through the service; connections from an endpoint to itself are no longer masqueraded',
    ]);
    expect(change?.witness?.packet).toEqual({ protocol: 'tcp', source: '10.244.1.21', sourcePort: 40_000, destination: '10.96.78.31', destinationPort: 80, hook: 'PREROUTING', from: 'endpoint' });
    const outcome = (address: string, masqueraded: boolean): object => ({ verdict: 'delivered', endpoints: [{ address, share: expect.closeTo(1 / 3, 8) }], masqueraded });
    expect([change?.witness?.before, change?.witness?.after]).toMatchObject([outcome('10.244.1.21:80', true), outcome('10.244.1.21:80', false)]);
  });

  it('does not reach itself in ipvs mode without the rule that looks into KUBE-LOOP-BACK', () => {
    const [whole, cut] = without('KUBE-LOOP-BACK', IPVS, ['iptables-save.txt', 'ipset-save.txt', 'ipvsadm-Sn.txt', 'kubectl-get-svc.txt']);
    expect(diff(whole, cut).changes.map(({ severity, id, text }) => [severity, id, text])).toEqual([
      ['warning', 'nat.snat.removed', 'endpoints of 6 cluster-IP addresses of default/nginx, kube-system/kube-dns and prod/web can no longer reach themselves through their service; connections from an endpoint to itself are no longer masqueraded'],
    ]);
  });

  it('of a listing without the members of KUBE-LOOP-BACK is one of those that may be in it', () => {
    const [whole, cut] = without('KUBE-LOOP-BACK', IPVS, ['iptables-save.txt', 'ipvsadm-Sn.txt']);
    expect(diff(whole, cut).changes.map(({ severity, id, certainty, assumptions }) => [severity, id, certainty, assumptions])).toEqual([
      ['notice', 'nat.snat.removed', 'conditional', ['it is in set KUBE-LOOP-BACK (dst,dst,src), whose members are not shown']],
    ]);
  });

  it('is cut off by rules that come before KUBE-POSTROUTING, and the move of the jump is told in both directions', () => {
    const [before, after] = [`${FLANNEL}/before`, `${FLANNEL}/after`];
    expect(outline(diffPaths(before, after))).toEqual(['warning kube.anchor.moved nat POSTROUTING#2']);
    expect(outline(diffPaths(after, before))).toEqual(['notice kube.anchor.moved nat POSTROUTING#1']);
  });
});
