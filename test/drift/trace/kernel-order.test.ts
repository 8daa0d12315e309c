import { parsePacketQuestion, readSnapshot, traceSnapshot, type TraceOptions } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from '../support.ts';

/** What becomes of a packet, in a few words: `50 % delivered 10.0.0.1:80 kept`. */
function fate(path: string, packet: string, options: TraceOptions = {}): string[] {
  const question = parsePacketQuestion(packet);
  if ('fault' in question) throw new Error(question.fault);
  return traceSnapshot(readSnapshot(snapshotFiles(`fixtures/kernel/${path}`)), question, options).traces.flatMap(({ outcomes }) =>
    outcomes.map(
      ({ verdict, share, endpoint, sourceAddress }) =>
        `${Math.round(share * 100)} % ${[verdict, endpoint, sourceAddress].filter((word) => word !== undefined).join(' ')}`,
    ),
  );
}

/** The tables that a packet meets, hook by hook. */
function stages(path: string, packet: string, options: TraceOptions = {}): string[] {
  const question = parsePacketQuestion(packet);
  if ('fault' in question) throw new Error(question.fault);
  const [trace] = traceSnapshot(readSnapshot(snapshotFiles(`fixtures/kernel/${path}`)), question, options).traces;
  const steps = trace?.outcomes[0]?.path.map((step) => ('table' in step ? `${step.table} ${step.hook}` : `ipvs ${step.hook}`)) ?? [];
  return steps.filter((step, index) => step !== steps[index - 1]);
}

describe('a packet meets what the kernel asks, in its order', () => {
  it('delivered to the node itself, it never meets POSTROUTING and keeps its source', () => {
    expect(stages('return-after-mark-masq/after', 'tcp 10.244.3.9 -> 192.0.2.1:31080')).not.toContain('nat POSTROUTING');
    expect(fate('return-after-mark-masq/after', 'tcp 10.244.3.9 -> 192.0.2.1:31080')).toEqual(['100 % node kept']);
  });

  it('of the node to itself, it meets POSTROUTING and then INPUT over lo, where nat has done its work', () => {
    expect(stages('return-after-mark-masq/before', 'tcp 192.0.2.1 -> 192.0.2.1:22')).toEqual([
      'mangle OUTPUT',
      'nat OUTPUT',
      'filter OUTPUT',
      'mangle POSTROUTING',
      'nat POSTROUTING',
      'mangle PREROUTING',
      'mangle INPUT',
      'filter INPUT',
    ]);
  });

  it('of the node, taken by IPVS, it meets filter OUTPUT with the address of its endpoint alone', () => {
    const dropped = (pair: string, from: string): number =>
      fate(`${pair}/after`, 'tcp 10.96.78.31:80', { from }).filter((one) => one.includes('dropped')).length;
    expect(fate('ipvs-output-drop-vip/after', 'tcp 10.96.78.31:80', { from: 'node' })).toEqual(
      fate('ipvs-output-drop-vip/before', 'tcp 10.96.78.31:80', { from: 'node' }),
    );
    expect(dropped('ipvs-output-drop-vip', 'node')).toBe(0);
    expect(dropped('ipvs-output-drop-endpoint', 'node')).toBe(1);
  });

  it('of the node, from a loopback address, it gets to a destination of IPVS on the node alone', () => {
    // Linux ip_vs_xmit.c, crosses_local_route_boundary; seen on 6.1.
    const sent = fate('ipvs-output-drop-vip/before', 'tcp 127.0.0.1 -> 10.96.78.31:80', { from: 'node' });
    expect(sent.map((one) => one.replace(/^\d+ % (\S+).*/, '$1'))).toEqual(sent.map(() => 'dropped'));
    expect(fate('ipvs-output-drop-vip/before', 'tcp 10.96.78.31 -> 10.96.78.31:80', { from: 'node' })[0]).toContain('delivered');
  });

  it('of a pod or from outside, taken by IPVS, it goes on through OUTPUT', () => {
    for (const from of ['pod', 'outside']) {
      expect(
        fate('ipvs-output-drop-endpoint/after', 'tcp 10.96.78.31:80', { from }).filter((one) => one.startsWith('33 % dropped')),
      ).toHaveLength(1);
      expect(fate('ipvs-output-policy-drop/after', 'tcp 10.96.78.31:80', { from })).toEqual(
        Array.from({ length: 3 }, () => expect.stringMatching(/^33 % dropped 10\.244\./)),
      );
      expect(fate('ipvs-output-policy-drop/before', 'tcp 10.96.78.31:80', { from })).toEqual(
        Array.from({ length: 3 }, () => expect.stringMatching(/^33 % delivered 10\.244\./)),
      );
    }
  });

  it('forwarded past IPVS, it does not meet OUTPUT', () => {
    expect(fate('ipvs-output-policy-drop/after', 'tcp 10.244.3.9 -> 10.244.1.21:80')).toEqual(['100 % leaves kept']);
  });
});

describe('DNAT to a range', () => {
  it('gives each address its part of the clients', () => {
    expect(fate('dnat-address-range/after', 'udp 10.101.7.81:514', { from: 'pod' })).toEqual([
      '33 % delivered 10.244.0.50:80 kept',
      '33 % delivered 10.244.0.51:80 kept',
      '33 % delivered 10.244.0.52:80 kept',
    ]);
  });
});

describe('NOTRACK', () => {
  it('keeps a packet from nat', () => {
    expect(fate('notrack-before-nat/before', 'udp 198.18.0.10:53', { from: 'outside' })).toEqual(['100 % delivered 10.42.0.5:53 replaced']);
    expect(fate('notrack-before-nat/after', 'udp 198.18.0.10:53', { from: 'outside' })).toEqual(['100 % leaves kept']);
  });

  it('in PREROUTING does not touch the node’s own packets', () => {
    expect(fate('notrack-before-nat/after', 'udp 198.18.0.10:53', { from: 'node' })).toEqual(['100 % delivered 10.42.0.5:53 replaced']);
  });
});
