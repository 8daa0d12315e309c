import { diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from './support.ts';
import { type Edit, edited } from './three-modes.ts';

describe('masquerading that is lost as a whole', () => {
  it('is told of whom it concerns at each place: of a service whose endpoint is this node itself, the node alone', () => {
    const { forth, details } = edited('iptables', [['iptables-save.txt', /^-A KUBE-POSTROUTING.*-j MASQUERADE.*\n/m, '']]);
    expect(forth).toEqual([
      'critical nat.snat.removed: 8 cluster-IP addresses of default/nginx, kube-system/kube-dns, prod/lb-hostname and 3 more: connections from outside and from this node itself are no longer masqueraded: the endpoint sees the address of the client; 5 service addresses of prod/lb-hostname, prod/lb-mixed, prod/lb-proxy and prod/lb-vip: connections from pods, from outside and from this node itself are no longer masqueraded: the endpoint sees the address of the client; default/kubernetes:https (tcp 10.96.0.1:443): connections from this node itself are no longer masqueraded: the endpoint sees the address of the client; prod/lb-mixed:http (load-balancer IP, tcp 192.0.2.82:80): connections from outside (203.0.113.0/24) are no longer masqueraded: the endpoint sees the address of the client',
    ]);
    expect(details).toContain('packet: tcp 198.51.100.7:40000 → 10.97.1.4:80 (outside → cluster IP)');
    // The packet comes from outside: services that it is not said of are not listed with it.
    expect(details.filter((text) => text.startsWith('services')).join()).not.toMatch(/default\/kubernetes|192\.0\.2\.82/);
  });

  it('is told by services in ipvs mode, and not as packets of any kind', () => {
    const { forth } = edited('ipvs', [
      ['iptables-save.txt', /^-A KUBE-POSTROUTING -j MASQUERADE.*\n|^-A KUBE-POSTROUTING .*SNAT.*\n/m, ''],
    ]);
    expect(forth).toEqual([
      'critical nat.snat.removed: 7 service addresses: connections from outside and from this node itself are no longer masqueraded: the endpoint sees the address of the client; 4 service addresses: connections from pods, from outside and from this node itself are no longer masqueraded: the endpoint sees the address of the client; tcp 10.96.0.1:443: connections from this node itself are no longer masqueraded: the endpoint sees the address of the client',
    ]);
  });

  it('is told in nftables mode of each service with those whom it concerns', () => {
    const { forth } = edited('nftables', [['nft-list-ruleset.txt', '\t\tmasquerade fully-random\n', '']]);
    expect(forth[0]).toBe(
      'critical kube.frontend.source-changed: connections from the node and outside to 5 service ports and cluster IPs of prod/down-edge:http and prod/down:http, and from the node to default/kubernetes:https and node ports and other addresses of prod/down-edge:http, and to node ports of prod/down:http are no longer masqueraded (the endpoint sees the address of the client): default/kubernetes:https, default/nginx, kube-system/kube-dns:dns and 5 more',
    );
  });
});

describe('a change of one chain that all services of nftables mode share', () => {
  const told = (...edit: Edit): readonly string[] => edited('nftables', [edit]).stories;

  it('is one story: the mark that is not read any more, and the rule that lets packets without it return', () => {
    const file = 'nft-list-ruleset.txt';
    expect(told(file, 'meta mark set meta mark | 0x00004000', 'meta mark set meta mark | 0x00008000')).toEqual([
      'critical kube.frontend.source-changed',
    ]);
    expect(told(file, '\t\tmeta mark & 0x00004000 == 0x00000000 return\n', '')).toEqual(['warning nft.table.changed']);
  });

  it('by a table of somebody else whose policy stops connections is one story too', () => {
    const guard =
      'table inet guard {\n\tchain fwd {\n\t\ttype filter hook forward priority filter; policy drop;\n\t\tct state established,related accept\n\t}\n}\n';
    expect(told('nft-list-ruleset.txt', 'table ip kube-proxy {', `${guard}table ip kube-proxy {`)).toEqual(['critical nft.table.added']);
  });
});

describe('an endpoint that is led to another port by hand', () => {
  const chain = 'endpoint-2GKX576Q-kube-system/kube-dns/udp/dns__10.244.0.2/53';

  it('is a warning in iptables and in nftables mode, and a notice where it is repaired', () => {
    const iptables = edited('iptables', [
      ['iptables-save.txt', 'DNAT --to-destination 10.244.1.21:80\n', 'DNAT --to-destination 10.244.1.21:8081\n'],
    ]);
    const nftables = edited('nftables', [['nft-list-ruleset.txt', 'dnat to 10.244.0.2:53\n', 'dnat to 10.244.0.2:5353\n']]);
    expect([iptables.forth, nftables.forth]).toEqual([
      [
        'warning nat.dnat.retargeted: default/nginx: connections for the endpoint 10.244.1.21:80 go to 10.244.1.21:8081 now; chain KUBE-SEP-IAGJJUTX752OVLDG still has the name of the old endpoint, so kube-proxy did not write this',
      ],
      [
        `warning nat.dnat.retargeted: kube-system/kube-dns:dns: connections for the endpoint 10.244.0.2:53 go to 10.244.0.2:5353 now; chain ${chain} still has the name of the old endpoint, so kube-proxy did not write this`,
      ],
    ]);
    expect([iptables.back, nftables.back].map(([text]) => text?.split(':')[0])).toEqual([
      'notice nat.dnat.retargeted',
      'notice nat.dnat.retargeted',
    ]);
    expect(nftables.back[0]).toContain(`chain ${chain} has the name of the endpoint it leads to now`);
  });

  it('is a notice where the chain has the name of the new one: kube-proxy wrote that', () => {
    const edit: readonly (readonly [string, RegExp, string])[] = [
      ['nft-list-ruleset.txt', /endpoint-2GKX576Q-kube-system\/kube-dns\/udp\/dns__10\.244\.0\.2\/53/g, chain.replace('53', '5353')],
      ['nft-list-ruleset.txt', /dnat to 10\.244\.0\.2:53\n/, 'dnat to 10.244.0.2:5353\n'],
    ];
    expect(edited('nftables', edit).forth).toEqual([
      'notice kube.frontend.endpoints-changed: kube-system/kube-dns:dns lost the endpoint 10.244.0.2:53 and gained the endpoint 10.244.0.2:5353',
    ]);
  });

  it('and shares that move by more than a tenth are a warning in each of them', () => {
    const shares = edited('nftables', [
      [
        'nft-list-ruleset.txt',
        /numgen random mod 3 vmap \{ 0 : goto (\S+), 1 : goto (\S+), 2 : goto (\S+) \}/,
        'numgen random mod 4 vmap { 0 : goto $1, 1 : goto $2, 2 : goto $3, 3 : goto $3 }',
      ],
    ]);
    expect(shares.forth.map((text) => text.split(':')[0])).toEqual(['warning kube.frontend.endpoints-changed']);
  });
});

describe('a node that goes with all its endpoints', () => {
  it('is one cause in every mode', () => {
    const modes = {
      ipvs: [['ipvsadm-Sn.txt', /^-a .* -r 10\.244\.1\..*\n/gm, '']],
      iptables: [
        ['iptables-save.txt', /^-A KUBE-SVC-\S+ .*-> 10\.244\.1\..*\n/gm, ''],
        ['iptables-save.txt', /^-A KUBE-SEP-\S+ .*(?:-s|--to-destination) 10\.244\.1\..*\n/gm, ''],
        ['iptables-save.txt', /^(-A KUBE-SVC-\S+ .*(?:nginx|lb-\w+:http) -> \S+) -m statistic --mode random --probability \S+/gm, '$1'],
      ],
      nftables: [
        [
          'nft-list-ruleset.txt',
          /numgen random mod \d vmap \{ 0 : goto (\S+), 1 : goto \S+__10\.244\.1\.[^}]*\}/g,
          'numgen random mod 1 vmap { 0 : goto $1 }',
        ],
      ],
    } as const;
    const lost = (['ipvs', 'iptables', 'nftables'] as const).map((mode) => edited(mode, modes[mode]).causes[0]);
    expect(lost).toEqual([
      'cause.node-drained: no service leads to 10.244.1.0/24 any more: 8 service addresses lost 10.244.1.21, 10.244.1.22, 10.244.1.32 and 3 more, as when a node is drained or lost',
      'cause.node-drained: no service leads to 10.244.1.0/24 any more: 5 service addresses lost 10.244.1.21, 10.244.1.22, 10.244.1.52 and 3 more, as when a node is drained or lost',
      'cause.node-drained: no service leads to 10.244.1.0/24 any more: 3 service addresses lost 10.244.1.142, 10.244.1.144, 10.244.1.21 and 10.244.1.22, as when a node is drained or lost',
    ]);
  });
});

describe('node ports that answer at other addresses of the node', () => {
  it('are lost to those who used the old ones, whatever serves them', () => {
    const at = (address: string): readonly [string, RegExp, string] => [
      'iptables-save.txt',
      /(-A KUBE-SERVICES) (-m comment --comment "kubernetes service nodeports)/,
      `$1 -d ${address}/32 $2`,
    ];
    const iptables = edited('iptables', [at('10.244.0.1')]);
    const nftables = edited('nftables', [
      ['nft-list-ruleset.txt', /(set nodeport-ips \{[^}]*elements = \{) 192\.168\.10\.11 \}/, '$1 10.244.0.1 }'],
    ]);
    const ipvs = edited('ipvs', [['ipvsadm-Sn.txt', /^-([Aa]) -t 192\.168\.10\.11:30080(.*\n)/gm, '']]);
    expect([iptables, nftables, ipvs].map(({ forth }) => forth.map((text) => text.split(':')[0]))).toEqual([
      ['critical nat.dnat.removed'],
      ['critical kube.frontend.addresses-changed'],
      ['critical ipvs.service.removed'],
    ]);
    expect(nftables.forth[0]).toContain('no longer at 192.168.10.11, and at 10.244.0.1 too');
  });

  it('are open to more where addresses come: a warning', () => {
    const at: readonly [string, RegExp, string] = [
      'iptables-save.txt',
      /(-A KUBE-SERVICES) (-m comment --comment "kubernetes service nodeports)/,
      '$1 -d 10.244.0.1/32 $2',
    ];
    const nftables = edited('nftables', [
      ['nft-list-ruleset.txt', /(set nodeport-ips \{[^}]*elements = \{) 192\.168\.10\.11 \}/, '$1 192.168.10.11, 10.244.0.1 }'],
    ]);
    expect(nftables.forth).toEqual([
      'warning kube.frontend.addresses-changed: the node ports of 3 service ports answer at other addresses of the node: at 10.244.0.1 too',
    ]);
    expect([edited('iptables', [at]).back, nftables.back].map((told) => told.map((text) => text.split(':')[0]))).toEqual([
      ['warning nat.dnat.added'],
      ['critical kube.frontend.addresses-changed'],
    ]);
  });
});

describe('a table of another program that drops what pods of another node send', () => {
  const guard = (rule: string): string =>
    `table inet guard {\n\tchain fwd {\n\t\ttype filter hook forward priority 0; policy accept;\n\t\t${rule}\n\t}\n}\n`;

  it('is as severe as a rule of iptables that does so, and names the service', () => {
    const nftables = edited('nftables', [['nft-list-ruleset.txt', /$/, guard('ip saddr 10.244.1.0/24 tcp dport 80 drop')]]);
    const iptables = edited('iptables', [
      ['iptables-save.txt', /^(-A FORWARD -m comment)/m, '-A FORWARD -s 10.244.1.0/24 -p tcp -m tcp --dport 80 -j DROP\n$1'],
    ]);
    expect(nftables.forth).toEqual([
      'critical nft.table.added: nft table inet guard appeared; default/nginx (tcp 10.96.78.31:80): new connections from pods (within 10.244.1.0/24) are dropped; they went to the endpoints of each service',
    ]);
    expect(nftables.back[0]).toMatch(
      /^warning nft.table.removed: nft table inet guard is gone; default\/nginx \(tcp 10.96.78.31:80\): .*no longer dropped/,
    );
    expect(iptables.forth).toEqual([
      'critical iptables.filter.newly-rejected: default/nginx (tcp 10.96.78.31:80): new connections from pods (within 10.244.1.0/24) are dropped; they went to the endpoints of each service',
    ]);
  });

  it('is told by its packets where it is about no service', () => {
    const { forth, back } = edited('nftables', [
      ['nft-list-ruleset.txt', /$/, guard('ip saddr 10.244.1.0/24 ip daddr 203.0.113.7 udp dport 123 drop')],
    ]);
    expect(forth).toEqual([
      'critical nft.table.added: nft table inet guard appeared; packets from 10.244.1.0/24 to 203.0.113.7 to port 123: new UDP flows from pods are dropped; they passed',
    ]);
    expect(back).toEqual([
      'warning nft.table.removed: nft table inet guard is gone; packets from 10.244.1.0/24 to 203.0.113.7 to port 123: new UDP flows from pods are no longer dropped; they pass',
    ]);
  });

  it('and one that replaces the source is told by those whom it concerns', () => {
    const { forth } = edited('nftables', [
      [
        'nft-list-ruleset.txt',
        /$/,
        'table ip mine {\n\tchain post {\n\t\ttype nat hook postrouting priority srcnat - 5; policy accept;\n\t\tip saddr 10.244.0.0/16 ip daddr != 10.244.0.0/16 masquerade\n\t}\n}\n',
      ],
    ]);
    expect(forth).toEqual([
      'warning nft.table.added: nft table ip mine appeared; packets from 10.244.0.0/16 are now masqueraded: they leave with the address of the node, and the receiver no longer sees who sent them',
    ]);
  });
});

describe('an endpoint that could not reach itself through its service, and can again', () => {
  const lost = {
    iptables: ['iptables-save.txt', /^-A KUBE-SEP-IAGJJUTX752OVLDG -s 10\.244\.1\.21\/32 .*KUBE-MARK-MASQ\n/m, ''],
    nftables: ['nft-list-ruleset.txt', '\t\tip saddr 10.244.1.21 jump mark-for-masquerade\n', ''],
    ipvs: ['ipset-save.txt', /^add KUBE-LOOP-BACK 10\.244\.0\.15,.*\n/m, ''],
  } as const;
  const severities = (told: readonly string[]): (string | undefined)[] => [...new Set(told.map((text) => text.split(' ')[0]))];

  it.each(['iptables', 'nftables', 'ipvs'] as const)('is a warning when it is lost and a notice when it is repaired: %s', (mode) => {
    const { forth, back } = edited(mode, [lost[mode]]);
    expect([severities(forth), severities(back)]).toEqual([['warning'], ['notice']]);
  });

  it('the same where no endpoint could, in nftables mode', () => {
    const all = ['nft-list-ruleset.txt', /^\t\tip saddr \S+ jump mark-for-masquerade\n/gm, ''] as const;
    const { forth, back } = edited('nftables', [all]);
    expect([severities(forth), severities(back)]).toEqual([['warning'], ['notice']]);
  });

  it('is told apart from another endpoint of the same service that lost it at the same time', () => {
    const files = snapshotFiles('fixtures/three-modes/nftables');
    const without = (address: string): Snapshot =>
      readSnapshot(
        files.map(({ name, content }) => ({
          name,
          content: Buffer.from(content).toString().replace(`\t\tip saddr ${address} jump mark-for-masquerade\n`, ''),
        })),
      );
    const { changes } = diffSnapshots(without('10.244.1.21'), without('10.244.1.22'));
    expect(changes.map(({ severity, effect, details }) => [severity, effect, details[1]?.text])).toEqual([
      ['warning', 'lost', '10.244.1.22:80 to itself: source address kept'],
      ['notice', 'gained', '10.244.1.21:80 to itself: masqueraded'],
    ]);
  });
});
