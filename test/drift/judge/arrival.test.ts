import { type Change, diffSnapshots, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from '../support.ts';

const IPTABLES = 'fixtures/drift/kube-proxy/iptables-v1.30-pair-scale-up/before';

/** What a rule at the head of nat PREROUTING changes for connections to a service. */
function redirectedBy(conditions: string): Change | undefined {
  const files = snapshotFiles(IPTABLES).filter(({ name }) => name === 'iptables-save.txt');
  const rule = `-A PREROUTING ${conditions}-d 10.96.0.10/32 -p udp -m udp --dport 53 -j DNAT --to-destination 192.0.2.4:53\n`;
  const changed = files.map((file) => ({
    ...file,
    content: new TextDecoder().decode(file.content as Uint8Array).replace('-A PREROUTING ', `${rule}-A PREROUTING `),
  }));
  return diffSnapshots(readSnapshot(files), readSnapshot(changed)).changes[0];
}

const told = (change: Change | undefined): unknown => ({
  text: change?.text.split(';')[0],
  packet: change?.details.find(({ label }) => label === 'packet')?.text,
  interface: change?.witness?.packet.interface,
  from: change?.witness?.packet.from,
});

describe('a rule that asks by which interface packets arrive', () => {
  it('takes none of pods, where it is a bridge of others', () => {
    expect(told(redirectedBy('-i docker0 '))).toEqual({
      text: 'kube-system/kube-dns:dns (udp 10.96.0.10:53): new connections from outside that arrive by docker0 go to 192.0.2.4:53',
      packet: 'udp 198.51.100.7:40000 → 10.96.0.10:53 (outside → cluster IP, arriving by docker0)',
      interface: 'docker0',
      from: 'outside',
    });
  });

  it('takes those of pods too, where they may arrive by it', () => {
    expect(told(redirectedBy('-i cali+ '))).toEqual({
      text: 'kube-system/kube-dns:dns (udp 10.96.0.10:53): new connections from pods and from outside that arrive by cali+ go to 192.0.2.4:53',
      packet: 'udp 198.51.100.7:40000 → 10.96.0.10:53 (outside → cluster IP, arriving by cali+)',
      interface: 'cali+',
      from: 'outside',
    });
  });

  it('names none in a proof where another one will do', () => {
    for (const conditions of ['', '! -i docker0 '])
      expect(told(redirectedBy(conditions))).toMatchObject({
        interface: undefined,
        text: expect.stringContaining('from pods and from outside go to'),
      });
  });

  it('may stand before the one that changed: what arrives there is meant', () => {
    const save = (rule: string): string =>
      `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:MINE - [0:0]\n-A INPUT -i docker0 -j MINE\n${rule}COMMIT\n`;
    const [before, after] = ['', '-A MINE -p tcp -m tcp --dport 22 -j DROP\n'].map((rule) =>
      readSnapshot([{ name: 'iptables-save.txt', content: save(rule) }]),
    );
    if (before === undefined || after === undefined) throw new Error('there are two sides');
    expect(diffSnapshots(before, after).changes.map(({ text }) => text)).toEqual([
      'packets of tcp to port 22 that arrive by docker0: new connections from outside are dropped; they passed',
    ]);
  });
});
