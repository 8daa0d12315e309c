import { compareNodes, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const TITLES = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
`;

const listing = (service: string, ...destinations: readonly string[]): string =>
  `${TITLES}${service}\n${destinations.map((row) => `  -> ${row} 0          0\n`).join('')}`;

/** Severity and sentence of each difference of nodes `a`, `b`, … that show these texts. */
function differences(...texts: readonly string[]): string[] {
  const nodes = texts.map((content, index) => ({
    name: String.fromCodePoint(97 + index),
    snapshot: readSnapshot([{ name: 'node.txt', content }]),
  }));
  return compareNodes(nodes).differences.map(({ id, severity, text }) => `${id} ${severity} ${text}`);
}

const TIMEOUTS = 'Timeout (tcp tcpfin udp): 900 120 300\n';
const MASTER = 'master sync daemon (mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n';

describe('nodes that lead to the same endpoints', () => {
  it('differ by how long idle connections live', () => {
    expect(differences(TIMEOUTS, TIMEOUTS, 'Timeout (tcp tcpfin udp): 60 120 300\n')).toEqual([
      'node.setting-differs notice timeouts of IPVS: c: tcp 60 s, tcp after a FIN 120 s, udp 300 s; 2 of 3 nodes: tcp 900 s, tcp after a FIN 120 s, udp 300 s',
    ]);
    expect(differences(TIMEOUTS, MASTER)).toEqual([]);
  });

  it('differ by the role of their synchronisation daemon, and by settings with which they do not hear each other', () => {
    expect(differences(MASTER, MASTER.replace('master', 'backup'))).toEqual([
      'node.setting-differs notice synchronisation daemons of IPVS: b: backup (interface eth0, syncId 1, maxLength 1472, group 224.0.0.81, port 8848, ttl 1); a: master (interface eth0, syncId 1, maxLength 1472, group 224.0.0.81, port 8848, ttl 1)',
    ]);
    expect(differences(MASTER, 'backup sync daemon (mcast=eth0, syncid=2)\n')).toEqual([
      'node.setting-differs warning synchronisation daemons of IPVS: b: backup (interface eth0, syncId 2); a: master (interface eth0, syncId 1)',
    ]);
  });

  it('do not differ by what an older ipvsadm leaves out of a daemon', () => {
    expect(differences(MASTER, 'master sync daemon (mcast=eth0, syncid=1)\n')).toEqual([]);
  });

  it('differ by persistence, flags and one-packet scheduling', () => {
    const of = (service: string): string => listing(service, '10.0.0.1:80 Masq 1', '10.0.0.2:80 Masq 1');
    expect(differences(of('TCP  192.0.2.1:80 sh'), of('TCP  192.0.2.1:80 sh (sh-port)'))).toEqual([
      'node.differs notice flags of tcp 192.0.2.1:80: a: none; b: sh-port',
    ]);
    expect(differences(of('UDP  192.0.2.1:53 rr'), of('UDP  192.0.2.1:53 rr ops persistent 300'))).toEqual([
      'node.differs notice one-packet scheduling of udp 192.0.2.1:53: a: off; b: on',
      'node.differs notice persistence of udp 192.0.2.1:53: b: 300 s; a: none',
    ]);
  });

  it('differ by how packets are forwarded, but not where one of them has the address itself', () => {
    const of = (...ways: readonly string[]): string =>
      listing('TCP  192.0.2.1:80 rr', ...ways.map((way, index) => `10.0.0.${index + 1}:80 ${way} 1`));
    expect(differences(of('Masq', 'Masq'), of('Route', 'Route'))).toEqual([
      'node.differs warning forwarding of tcp 192.0.2.1:80: a: Masq; b: Route',
    ]);
    expect(differences(of('Masq', 'Masq'), of('Masq', 'Route'))).toEqual([
      'node.differs warning forwarding of tcp 192.0.2.1:80: a: 10.0.0.2:80 Masq; b: 10.0.0.2:80 Route',
    ]);
    expect(differences(of('Masq', 'Masq'), of('Local', 'Masq'))).toEqual([]);
  });

  it('differ by weights where no share tells them', () => {
    const of = (scheduler: string, weight: number): string =>
      listing(`TCP  192.0.2.1:80 ${scheduler}`, '10.0.0.1:80 Masq 1', `10.0.0.2:80 Masq ${weight}`);
    expect(differences(of('lblc', 1), of('lblc', 3))).toEqual([
      'node.differs notice weights of tcp 192.0.2.1:80: a: 10.0.0.2:80 1; b: 10.0.0.2:80 3',
    ]);
    expect(differences(of('rr', 1), of('rr', 3))).toEqual([]);
  });

  it('are told once for many services that differ in the same way', () => {
    const of = (way: string): string =>
      `${TITLES}${[1, 2, 3, 4, 5].map((last) => `TCP  192.0.2.${last}:80 rr\n  -> 10.0.0.1:80 ${way} 1 0 0\n`).join('')}`;
    expect(differences(of('Masq'), of('Tunnel'))).toEqual([
      'node.differs warning forwarding of 5 services (tcp 192.0.2.1:80, tcp 192.0.2.2:80 and 3 more): a: Masq; b: Tunnel',
    ]);
  });

  it('differ by the scheduler of one service, and by that of most of them once', () => {
    const of = (...schedulers: readonly string[]): string =>
      `${TITLES}${schedulers.map((scheduler, index) => `TCP  192.0.2.${index}:80 ${scheduler}\n  -> 10.0.0.1:80 Masq 1 0 0\n`).join('')}`;
    expect(differences(of('rr', 'rr', 'rr'), of('rr', 'rr', 'sed'))).toEqual([
      'node.differs notice scheduler of tcp 192.0.2.2:80: a: rr; b: sed',
    ]);
    expect(differences(of('rr', 'rr'), of('sed', 'sed'))).toEqual(['node.setting-differs notice scheduler: a: rr; b: sed']);
  });
});

describe('nodes that serve firewall marks', () => {
  it('differ where a mark leads elsewhere', () => {
    const of = (last: number): string => listing('FWM  1 rr', `10.0.0.${last}:80 Route 1`);
    expect(differences(of(1), of(2))).toEqual(['node.differs critical fwmark 1 ipv4: a: 10.0.0.1:80; b: 10.0.0.2:80']);
    expect(differences(of(1), of(1))).toEqual([]);
  });
});

describe('nodes that serve by rules', () => {
  const of = (seconds: number): string => `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SEP-AAAAAAAAAAAAAAAA - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]
-A PREROUTING -j KUBE-SERVICES
-A OUTPUT -j KUBE-SERVICES
-A POSTROUTING -j KUBE-POSTROUTING
-A KUBE-SEP-AAAAAAAAAAAAAAAA -p tcp -m comment --comment "ns/web" ${seconds === 0 ? '' : '-m recent --set --name KUBE-SEP-AAAAAAAAAAAAAAAA --mask 255.255.255.255 --rsource '}-m tcp -j DNAT --to-destination 10.0.0.1:80
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "ns/web cluster IP" -m tcp --dport 80 -j KUBE-SVC-AAAAAAAAAAAAAAAA
${seconds === 0 ? '' : `-A KUBE-SVC-AAAAAAAAAAAAAAAA -m comment --comment "ns/web" -m recent --rcheck --seconds ${seconds} --reap --name KUBE-SEP-AAAAAAAAAAAAAAAA --mask 255.255.255.255 --rsource -j KUBE-SEP-AAAAAAAAAAAAAAAA\n`}-A KUBE-SVC-AAAAAAAAAAAAAAAA -m comment --comment "ns/web -> 10.0.0.1:80" -j KUBE-SEP-AAAAAAAAAAAAAAAA
COMMIT
`;

  it('differ by how long a client stays with its endpoint', () => {
    expect(differences(of(10800), of(60))).toEqual([
      'node.differs notice session affinity of ns/web (tcp 10.96.0.1:80): a: 10800 s; b: 60 s',
    ]);
    expect(differences(of(0), of(60))).toEqual(['node.differs notice session affinity of ns/web (tcp 10.96.0.1:80): b: 60 s; a: none']);
    expect(differences(of(60), of(60))).toEqual([]);
  });
});

describe('nodes of which one does not show all', () => {
  const rows = ['10.0.0.1:80 Masq 1', '10.0.0.2:80 Masq 5'];
  const whole = listing('TCP  192.0.2.1:80 wrr', ...rows);
  const cut = `${whole.split('\n').slice(0, 5).join('\n')}\n...\n`;

  it('do not differ by shares that one of them does not show', () => {
    const stats = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  192.0.2.1:80                        0        0        0        0        0
  -> 10.0.0.1:80                         0        0        0        0        0
  -> 10.0.0.2:80                         0        0        0        0        0
`;
    expect(differences(whole, stats)).toEqual([]);
  });

  it('do not differ by what a cut listing lacks', () => {
    expect(differences(whole, cut)).toEqual([]);
    expect(differences(whole, `${whole.split('\n').slice(0, 3).join('\n')}\n...\n`)).toEqual([]);
    const mark = listing('FWM  1 rr', '10.0.0.1:80 Route 1');
    expect(differences(mark, `${mark.split('\n').slice(0, 4).join('\n')}\n...\n`)).toEqual([]);
  });

  it('differ by what a cut listing has and a whole one lacks', () => {
    expect(differences(whole, cut.replace('10.0.0.1', '10.0.0.9'))).toEqual([
      'node.differs warning tcp 192.0.2.1:80: a: 10.0.0.1:80 16.7 % and 10.0.0.2:80 83.3 %; b: 10.0.0.9:80 (there may be more: its listing is cut)',
    ]);
  });
});
