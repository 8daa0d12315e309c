import { explainSnapshot, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

describe('a transcript of several outputs', () => {
  it('gives the lines of its input as evidence, not those of the output', () => {
    const content = [
      '$ uname -a',
      'Linux node-1 6.1.0-50-cloud-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02) x86_64 GNU/Linux',
      '$ ipvsadm -ln',
      'IP Virtual Server version 1.2.1 (size=4096)',
      'Prot LocalAddress:Port Scheduler Flags',
      '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
      'TCP  10.96.0.1:443 rr',
      '  -> 192.168.10.11:6443           Masq    1      0          0         ',
      '',
    ].join('\n');
    const { facts } = explainSnapshot(readSnapshot([{ name: 'paste.txt', content }]));
    expect(facts.find(({ name }) => name === 'kernel')?.evidence).toEqual([{ source: 'paste.txt', lines: [2, 2] }]);
  });
});
