import { diffSnapshots, readSnapshot, type Report, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectLinear } from '../../support/growth.ts';
import { diffPaths, outline, snapshotFiles } from '../support.ts';

const IPTABLES = 'fixtures/drift/kube-proxy/iptables-v1.30-pair-scale-up/before';
const IPVS = 'fixtures/demo/before';
const FLANNEL = 'fixtures/incidents/e5-flannel-before-kube-postrouting';

/** A capture with all its rules, and the same without the lines of iptables-save that hold a text. */
function without(
  text: string,
  capture: string,
  files: readonly string[],
): readonly [whole: readonly SnapshotFile[], cut: readonly SnapshotFile[]] {
  const whole = snapshotFiles(capture).filter(({ name }) => files.includes(name));
  const lines = (content: SnapshotFile['content']): string =>
    new TextDecoder()
      .decode(content as Uint8Array)
      .split('\n')
      .filter((line) => !line.includes(text))
      .join('\n');
  return [whole, whole.map((file) => (file.name === 'iptables-save.txt' ? { ...file, content: lines(file.content) } : file))];
}

const diff = (before: readonly SnapshotFile[], after: readonly SnapshotFile[]): Report =>
  diffSnapshots(readSnapshot(before), readSnapshot(after));

/** kube-proxy's rules for one service, with or without the rules that mark what an endpoint sends to itself. */
function service(endpoints: number, marks: boolean): SnapshotFile {
  const each = (make: (index: number, address: string) => string): string =>
    Array.from({ length: endpoints }, (_, index) => make(index, `10.244.${index >> 8}.${index & 255}`)).join('');
  const content = [
    '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n:KUBE-POSTROUTING - [0:0]\n:KUBE-SVC-A - [0:0]\n',
    each((index) => `:KUBE-SEP-${index} - [0:0]\n`),
    '-A PREROUTING -j KUBE-SERVICES\n-A POSTROUTING -j KUBE-POSTROUTING\n-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n',
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN\n-A KUBE-POSTROUTING -j MASQUERADE\n',
    '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "ns/a:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-A\n',
    each(
      (index) =>
        `-A KUBE-SVC-A -m comment --comment "ns/a:http" ${index === endpoints - 1 ? '' : `-m statistic --mode random --probability ${(1 / (endpoints - index)).toFixed(11)} `}-j KUBE-SEP-${index}\n`,
    ),
    each(
      (index, address) =>
        `${marks ? `-A KUBE-SEP-${index} -s ${address}/32 -m comment --comment "ns/a:http" -j KUBE-MARK-MASQ\n` : ''}-A KUBE-SEP-${index} -p tcp -m comment --comment "ns/a:http" -j DNAT --to-destination ${address}:80\n`,
    ),
    'COMMIT\n',
  ].join('');
  return { name: 'iptables-save.txt', content };
}

describe('an endpoint that gets its own packets back from its service', () => {
  it('does not reach itself without the rule of its chain that marks them', () => {
    const [whole, cut] = without('-A KUBE-SEP-IAGJJUTX752OVLDG -s', IPTABLES, ['iptables-save.txt']);
    const [change, ...others] = diff(whole, cut).changes;
    expect(others).toEqual([]);
    expect([change?.severity, change?.id, change?.text]).toEqual([
      'warning',
      'nat.snat.removed',
      'default/nginx: 10.244.1.21:80 can no longer reach itself through the service; connections from an endpoint to itself are no longer masqueraded',
    ]);
    expect(change?.witness?.packet).toEqual({
      protocol: 'tcp',
      source: '10.244.1.21',
      sourcePort: 40_000,
      destination: '10.96.78.31',
      destinationPort: 80,
      hook: 'PREROUTING',
      from: 'endpoint',
    });
    const outcome = (address: string, masqueraded: boolean): object => ({
      verdict: 'delivered',
      endpoints: [{ address, share: expect.closeTo(1 / 3, 8) }],
      masqueraded,
    });
    expect([change?.witness?.before, change?.witness?.after]).toMatchObject([
      outcome('10.244.1.21:80', true),
      outcome('10.244.1.21:80', false),
    ]);
  });

  it('is told once for all endpoints of a service, and beyond sixteen by those', () => {
    const [change, ...others] = diff([service(40, true)], [service(40, false)]).changes;
    expect(others).toEqual([]);
    expect([change?.severity, change?.text, change?.assumptions, change?.explains.length]).toEqual([
      'warning',
      'ns/a:http: 10.244.0.0:80, 10.244.0.10:80, 10.244.0.11:80, 10.244.0.12:80, 10.244.0.13:80 and 11 more can no longer reach themselves through the service, as 24 more endpoints; connections from an endpoint to itself are no longer masqueraded',
      [
        '10.244.0.0:80, 10.244.0.10:80, 10.244.0.11:80, 10.244.0.12:80, 10.244.0.13:80 and 11 more are on this node',
        'what these 16 endpoints show is so of the others, whose rules changed alike',
      ],
      40,
    ]);
    expectLinear((size) => void diff([service(size, true)], [service(size, false)]), 200);
  });

  it('does not reach itself in ipvs mode without the rule that looks into KUBE-LOOP-BACK', () => {
    const [whole, cut] = without('KUBE-LOOP-BACK', IPVS, ['iptables-save.txt', 'ipset-save.txt', 'ipvsadm-Sn.txt', 'kubectl-get-svc.txt']);
    expect(diff(whole, cut).changes.map(({ severity, id, text }) => [severity, id, text])).toEqual([
      [
        'warning',
        'nat.snat.removed',
        '10.244.0.15:80, 10.244.0.2:53, 10.244.0.2:9153, 10.244.0.31:8080, 10.244.0.31:8443 and 2 more can no longer reach themselves through their service (6 cluster-IP addresses of default/nginx, kube-system/kube-dns and prod/web); connections from an endpoint to itself are no longer masqueraded',
      ],
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
