import { readFileSync } from 'node:fs';
import { diffSnapshots, readSnapshot, renderText, type Report, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const INPUT = ['-A INPUT -i lo -j ACCEPT', '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'];

/** The rules of a host that forwards nothing but what a rule accepts. */
function host(nat: readonly string[], filter: readonly string[], input = 'DROP'): ReturnType<typeof readSnapshot> {
  const lines = [
    [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      ':INPUT ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':POSTROUTING ACCEPT [0:0]',
      ':DOCKER - [0:0]',
      ...nat,
      'COMMIT',
    ],
    [
      '*filter',
      `:INPUT ${input} [0:0]`,
      ':FORWARD DROP [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':DOCKER - [0:0]',
      ':DOCKER-USER - [0:0]',
      ...filter,
      'COMMIT',
      '',
    ],
  ];
  return readSnapshot([{ name: 'iptables-save.txt', content: lines.flat().join('\n') }]);
}

const told = ({ changes }: Report): string[] =>
  changes.flatMap(({ severity, id, text, details }) => [
    `${severity} ${id}: ${text}`,
    ...details.filter(({ label }) => label === 'also').map((detail) => `also ${detail.text}`),
  ]);

describe('a rule that asks for something else is told of the packets that its change is about', () => {
  const compared = (before: string, after: string): string[] =>
    told(diffSnapshots(host([], [...INPUT, before]), host([], [...INPUT, after])));

  it('where it takes fewer sources: those that it no longer takes', () => {
    expect(
      compared('-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT', '-A INPUT -s 10.1.0.0/16 -p tcp -m tcp --dport 22 -j ACCEPT'),
    ).toEqual([
      'critical iptables.filter.newly-rejected: packets of tcp from 10.0.0.0/8 to port 22 that no longer match the rule: new connections from outside are dropped; they passed',
    ]);
  });

  it('where it takes more sources: those that it takes now', () => {
    expect(
      compared('-A INPUT -s 10.1.0.0/16 -p tcp -m tcp --dport 22 -j ACCEPT', '-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT'),
    ).toEqual([
      'warning iptables.filter.newly-accepted: packets of tcp from 10.0.0.0/8 to port 22 that did not meet the rule before: new connections from outside are no longer dropped; they pass',
    ]);
  });

  it('where it asks for another port: the port that was open first, then the one that is', () => {
    expect(compared('-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT')).toEqual([
      'critical iptables.filter.newly-rejected: packets of tcp to port 8080 that no longer match the rule: new connections from outside are dropped; they passed',
      'also packets of tcp to port 80 that did not meet the rule before: new connections from outside are no longer dropped; they pass',
    ]);
  });
});

describe('what nobody can see of a packet is supposed as it serves the rule that changed', () => {
  const masquerade = '-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE';
  const published = (port: number): string => `-A DOCKER ! -i docker0 -p tcp -m tcp --dport ${port} -j DNAT --to-destination 172.17.0.2:80`;
  const nat = ['-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER', '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE'];
  const accepted = '-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT';
  const filter = [
    '-A FORWARD -j DOCKER-USER',
    '-A FORWARD -o docker0 -j DOCKER',
    '-A FORWARD -i docker0 ! -o docker0 -j ACCEPT',
    '-A FORWARD -i docker0 -o docker0 -j ACCEPT',
    '-A DOCKER-USER -j RETURN',
  ];
  const dockerHost = (ofNat: readonly string[], ofFilter: readonly string[]): ReturnType<typeof host> =>
    host([...nat, ...ofNat], ofFilter, 'ACCEPT');
  const docker = dockerHost([masquerade, published(8080)], [...filter, accepted]);
  const ifs = ({ changes }: Report): string[] => changes.flatMap(({ assumptions }) => assumptions);

  it('a published port that goes away is told as it got to its container, not as one that the filter drops', () => {
    const report = diffSnapshots(docker, dockerHost([masquerade, published(9090)], [...filter, accepted]));
    expect(told(report)).toEqual([
      'critical nat.dnat.removed: packets of tcp not arriving at docker0 to port 8080 that no longer match the rule: new connections go to their original destination; they went to 172.17.0.2:80',
      'also packets of tcp not arriving at docker0 to port 9090 that did not meet the rule before: new connections go to 172.17.0.2:80',
    ]);
    expect(ifs(report)).toEqual(['it leaves by docker0']);
  });

  it('a port that is published is no port that the filter drops', () => {
    const report = diffSnapshots(docker, dockerHost([masquerade, published(8080), published(5432)], [...filter, accepted]));
    expect(told(report)).toEqual([
      'notice nat.dnat.added: packets of tcp not arriving at docker0 to port 5432: new connections go to 172.17.0.2:80; they went to their original destination',
    ]);
  });

  it('the container that talks to itself by its published port is found', () => {
    expect(told(diffSnapshots(docker, dockerHost([published(8080)], [...filter, accepted])))).toEqual([
      'warning nat.snat.removed: packets of tcp from 172.17.0.2 to 172.17.0.2 to port 80 are no longer masqueraded: they leave with their own source address',
    ]);
  });

  it('a rule behind a jump is found to let packets through', () => {
    const report = diffSnapshots(docker, dockerHost([masquerade, published(8080)], filter));
    expect(told(report)).toEqual([
      'critical iptables.filter.newly-rejected: packets of tcp to 172.17.0.2 not arriving at docker0 leaving by docker0 to port 80: new connections from outside are dropped; they passed',
    ]);
    expect(ifs(report)).toEqual(['it leaves by docker0']);
  });

  it('a rule that drops a source for all containers is found', () => {
    expect(
      told(
        diffSnapshots(
          docker,
          dockerHost([masquerade, published(8080)], ['-A DOCKER-USER -s 198.51.100.0/24 -j DROP', ...filter, accepted]),
        ),
      ),
    ).toEqual([
      'critical iptables.filter.newly-rejected: packets from 198.51.100.0/24: new connections from outside are dropped; they passed',
    ]);
  });

  it('one port of several that a port forward no longer takes is found', () => {
    const forward = (ports: string): ReturnType<typeof host> =>
      host(
        [`-A PREROUTING -d 203.0.113.5/32 -i eth0 -p tcp -m multiport --dports ${ports} -j DNAT --to-destination 192.168.1.11`],
        ['-A FORWARD -d 192.168.1.11/32 -j ACCEPT'],
      );
    const report = diffSnapshots(forward('443,8443'), forward('443'));
    expect(told(report)).toEqual([
      'critical iptables.filter.newly-rejected: packets of tcp to 203.0.113.5 arriving at eth0 to port 8443 that no longer match the rule: new connections from outside are dropped; they went to 192.168.1.11:8443',
    ]);
    expect(ifs(report)).toEqual([]);
  });

  it('a port forward for another interface is told for that which it had', () => {
    const forward = (name: string): ReturnType<typeof host> =>
      host(
        [`-A PREROUTING -d 203.0.113.5/32 -i ${name} -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.168.1.10:8080`],
        ['-A FORWARD -d 192.168.1.10/32 -j ACCEPT'],
      );
    const report = diffSnapshots(forward('eth0'), forward('eth1'));
    expect(told(report)).toEqual([
      'critical iptables.filter.newly-rejected: packets of tcp to 203.0.113.5 arriving at eth0 to port 80 that no longer match the rule: new connections from outside are dropped; they went to 192.168.1.10:8080',
      'also packets of tcp to 203.0.113.5 arriving at eth1 to port 80 that did not meet the rule before: new connections from outside are no longer dropped; they go to 192.168.1.10:8080',
    ]);
    expect(ifs(report)).toEqual([]);
  });

  it('no packet arrives at two interfaces', () => {
    const forward = (ports: string): ReturnType<typeof host> =>
      host([`-A PREROUTING -i eth0 -p udp -m udp --dport ${ports} -j DNAT --to-destination 192.168.1.20`], INPUT);
    // Both sides drop what begins a connection; INPUT lets in what belongs to one.
    expect(told(diffSnapshots(forward('5000:5010'), forward('5000:5005')))).toEqual([
      'warning iptables.filter.newly-accepted: packets of udp arriving at eth0 to port 5006-5010 that no longer match the rule: packets in state ESTABLISHED from outside are no longer dropped; they pass',
    ]);
  });
});

describe('the words of a rule and of a packet', () => {
  it('give ICMP no ports, and call the node by its name', () => {
    const [change] = diffSnapshots(host([], [...INPUT, '-A INPUT -p icmp -j ACCEPT']), host([], INPUT)).changes;
    expect(change?.details.find(({ label }) => label === 'packet')?.text).toBe('icmp 198.51.100.7 → this node (outside → this node)');
    expect(change?.witness?.packet).toEqual({
      protocol: 'icmp',
      source: '198.51.100.7',
      destination: 'this node',
      hook: 'PREROUTING',
      from: 'outside',
    });
  });

  it('write ports that a packet is translated to as iptables does', () => {
    const forward = (to: string): ReturnType<typeof host> =>
      host([`-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination ${to}`], []);
    expect(
      diffSnapshots(forward('192.168.1.10:8080'), forward('192.168.1.10:8080-8089')).changes.map(({ after }) => after?.['target']),
    ).toEqual(['-j DNAT --to-destination 192.168.1.10:8080-8089']);
  });

  it('say by the comment what a rule in a chain with a hash is for, also where it is one of many', () => {
    const chains = ['A', 'B', 'C', 'D', 'E'].map((letter) => `KUBE-SVC-${letter.repeat(16)}`);
    const nat = (rules: (chain: string, index: number) => string): ReturnType<typeof readSnapshot> =>
      readSnapshot([
        {
          name: 'iptables-save.txt',
          content: [
            '*nat',
            ':PREROUTING ACCEPT [0:0]',
            ':OUTPUT ACCEPT [0:0]',
            ':POSTROUTING ACCEPT [0:0]',
            ':KUBE-SERVICES - [0:0]',
            ...chains.map((chain) => `:${chain} - [0:0]`),
            '-A PREROUTING -j KUBE-SERVICES',
            ...chains.map(
              (chain, index) =>
                `-A KUBE-SERVICES -d 10.96.0.${index + 1}/32 -p tcp -m comment --comment "prod/s${index}:http cluster IP" -m tcp --dport 80 -j ${chain}`,
            ),
            ...chains.map(rules),
            'COMMIT',
            '',
          ].join('\n'),
        },
      ]);
    const marked = (chain: string, index: number): string =>
      `-A ${chain} -m ttl --ttl-gt ${index + 2} -m comment --comment "prod/s${index}:http" -j DSCP --set-dscp 0x0a`;
    const text = renderText(
      diffSnapshots(
        nat((chain, index) => marked(chain, index)),
        nat((chain, index) => marked(chain, index + 10).replace(`s${index + 10}`, `s${index}`)),
      ),
    );
    expect(/the same kind of change .*/.exec(text)?.[0]).toBe(
      'the same kind of change (iptables.rule.match-changed) for 2 more: nat KUBE-SVC-DDDDDDDDDDDDDDDD#1 (comment "prod/s3:http"), nat KUBE-SVC-EEEEEEEEEEEEEEEE#1 (comment "prod/s4:http").',
    );
  });
});

describe('rules of ip6tables', () => {
  const node = (filter: readonly string[]): ReturnType<typeof readSnapshot> =>
    readSnapshot([
      {
        name: 'ip6tables-save.txt',
        content: ['*filter', ':INPUT DROP [0:0]', ':FORWARD DROP [0:0]', ':OUTPUT ACCEPT [0:0]', ...filter, 'COMMIT', ''].join('\n'),
      },
    ]);
  const ssh = '-A INPUT -s fd00::/8 -p tcp -m tcp --dport 22 -j ACCEPT';
  const packet = (report: Report): unknown => report.changes[0]?.details.find(({ label }) => label === 'packet')?.text;

  it('are asked with packets of IPv6', () => {
    const report = diffSnapshots(node([ssh]), node(['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT']));
    expect(told(report)).toEqual([
      'warning iptables.filter.newly-accepted: packets of tcp to port 22 that did not meet the rule before: new connections from outside and from this node itself are no longer dropped; they pass',
    ]);
    expect([packet(report), report.changes[0]?.assumptions]).toEqual([
      'tcp [2001:db8:ffff::7]:40000 → this node:22 (outside → this node)',
      [],
    ]);
  });

  it('are asked with ICMPv6 too', () => {
    const report = diffSnapshots(node([ssh, '-A INPUT -p ipv6-icmp -j ACCEPT']), node([ssh]));
    expect(told(report)).toEqual([
      'critical iptables.filter.newly-rejected: packets of ipv6-icmp: new ICMPv6 flows from outside and from this node itself are dropped; they passed',
    ]);
    expect(packet(report)).toBe('icmpv6 2001:db8:ffff::7 → this node (outside → this node)');
  });
});

describe('a rule that replaces the source address', () => {
  const nat = (target: string): ReturnType<typeof host> => host([`-A POSTROUTING -s 10.0.0.0/8 -o eth0 -j ${target}`], []);
  const compared = (before: string, after: string): string[] => told(diffSnapshots(nat(before), nat(after)));

  it('by another one is told with both', () => {
    expect(compared('SNAT --to-source 198.51.100.5', 'SNAT --to-source 198.51.100.6')).toEqual([
      'warning iptables.rule.target-changed: packets from 10.0.0.0/8 leaving by eth0 get another source address (SNAT --to-source 198.51.100.5 → SNAT --to-source 198.51.100.6): receivers that know the old one no longer know them',
    ]);
    expect(compared('SNAT --to-source 198.51.100.5', 'MASQUERADE')).toEqual([
      'warning iptables.rule.target-changed: packets from 10.0.0.0/8 leaving by eth0 get another source address (SNAT --to-source 198.51.100.5 → MASQUERADE): receivers that know the old one no longer know them',
    ]);
  });

  it('and picks ports in another way is a change of an attribute', () => {
    expect(compared('MASQUERADE --random-fully', 'MASQUERADE')).toEqual([
      'notice iptables.rule.target-changed: packets from 10.0.0.0/8 leaving by eth0: the port they leave from, or the address of several, is chosen in another way (MASQUERADE --random-fully → MASQUERADE)',
    ]);
  });
});

describe('a rule that hides services from some pods alone', () => {
  it('is told by the services, and not by packets to loopback addresses, which nobody sends from another one', () => {
    // What kube-proxy writes where it routes node ports of localhost.
    const localnet = '-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP';
    const shown = readFileSync('fixtures/meaning/no-local-endpoint/before/iptables-save.txt', 'utf8');
    const before = shown.replace(/^-A KUBE-FIREWALL/m, `${localnet}\n-A KUBE-FIREWALL`);
    const after = before.replace(/^-A KUBE-SERVICES/m, '-A KUBE-SERVICES -s 10.42.3.0/24 -j RETURN\n-A KUBE-SERVICES');
    const [one, other] = [before, after].map((content) => readSnapshot([{ name: 'iptables-save.txt', content }]));
    const { changes } = diffSnapshots(one as Snapshot, other as Snapshot);
    expect(changes.map(({ severity, text }) => [severity, text])).toEqual([
      [
        'critical',
        'shop/cart:http (node port, tcp port 32080) and shop/cart:http (tcp 198.18.0.20:80): new connections from pods (10.42.3.0/24) go to their original destination; they went to 10.42.1.7:8080',
      ],
    ]);
    expect(changes.flatMap(({ details }) => details.filter(({ label }) => label === 'also').map(({ text }) => text))).toEqual([]);
  });
});

describe('a rule of a service port that takes more ports', () => {
  it('serves the old one still, and is told by the new ones alone', () => {
    const before = readFileSync('fixtures/meaning/no-local-endpoint/before/iptables-save.txt', 'utf8');
    const after = before.replace(/^(-A KUBE-NODEPORTS .*)-m tcp --dport 32080 /m, '$1-m multiport --dports 32080,32081 ');
    expect(after).not.toBe(before);
    const [one, other] = [before, after].map((content) => readSnapshot([{ name: 'iptables-save.txt', content }]));
    expect(diffSnapshots(one as Snapshot, other as Snapshot).changes.map(({ severity, text }) => `${severity} ${text}`)).toEqual([
      'notice packets of tcp to port 32081 that did not meet the rule before: new connections go to 10.42.1.7:8080; they went to their original destination',
    ]);
    expect(diffSnapshots(other as Snapshot, one as Snapshot).changes.map(({ severity, text }) => `${severity} ${text}`)).toEqual([
      'critical packets of tcp to port 32081 that no longer match the rule: new connections go to their original destination; they went to 10.42.1.7:8080',
    ]);
  });
});
