import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CATALOGUE, diffSnapshots, readSnapshot, type Report, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGoldenJson } from '../support/golden.ts';
import { diffPaths, outline } from './support.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

const RULES = 'fixtures/drift/changes/policy-to-local-iptables/before/iptables-save.txt';
const SERVICES = 'fixtures/drift/changes/addresses-disagree-ipvs/before';
const DEMO = 'fixtures/demo/before';
const NFT = 'fixtures/nftables-1.0.6/kube-proxy-1.37.list.txt';
/** The first service of it, closed to all but some sources, for some minutes with one endpoint, or without endpoints. */
const FIRST_OF_NFT = '\t\tmeta l4proto tcp dnat to 10.180.0.1:80\n';

type Replacement = readonly [text: string | RegExp, by: string];

/** One edit of captured text: the files that are taken, and what stands in place of what, everywhere. */
interface Edit {
  readonly files: readonly string[];
  /** What is edited on both sides first. */
  readonly given?: readonly Replacement[];
  readonly replace: readonly Replacement[];
}

const LAST_OF_FORWARD = '--comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES\n-A OUTPUT';
const withRule = (rule: string): Replacement => [LAST_OF_FORWARD, LAST_OF_FORWARD.replace('-A OUTPUT', `${rule}-A OUTPUT`)];

const EDITS: Readonly<Record<string, Edit>> = {
  'another scheduler flag': {
    files: ['fixtures/ipvsadm-1.31/sched-flags/ln.txt'],
    replace: [['sh (sh-port)', 'sh (sh-fallback,sh-port)']],
  },
  'other timeouts of idle connections': {
    files: ['fixtures/ipvsadm-1.31/daemon-timeouts/timeout.txt'],
    replace: [['1200 30 45', '901 120 30']],
  },
  'a synchronisation daemon that ended': { files: ['fixtures/ipvsadm-1.31/daemon-timeouts/daemon.txt'], replace: [[/^backup.*\n/gm, '']] },
  'another id of synchronisation': { files: ['fixtures/ipvsadm-1.31/daemon-timeouts/daemon.txt'], replace: [['syncid=7', 'syncid=99']] },
  'a later kube-proxy': {
    files: ['fixtures/drift/kube-proxy/migration/ipvs/kube-proxy-version.txt'],
    replace: [['v1.30.3', 'v1.99.0']],
  },
  'an ip set made again': { files: [`${DEMO}/ipset-save.txt`], replace: [['initval 0xe21620b9', 'initval 0x0a0b0c0d']] },
  'an ip set of another type': {
    files: [`${DEMO}/ipset-save.txt`, `${DEMO}/iptables-save.txt`],
    replace: [['create KUBE-NODE-PORT-TCP bitmap:port range 0-65535', 'create KUBE-NODE-PORT-TCP bitmap:port range 0-32767']],
  },
  'a service address that left kube-ipvs0': {
    files: [`${DEMO}/ip-addr-kube-ipvs0.txt`, `${DEMO}/ipvsadm-ln.txt`],
    replace: [['    inet 10.96.0.10/32 scope global kube-ipvs0\n       valid_lft forever preferred_lft forever\n', '']],
  },
  'a route to endpoints that became a black hole': {
    files: ['fixtures/routes/iptables-save.txt', 'fixtures/routes/ip-route.txt', 'fixtures/routes/ip-rule.txt'],
    replace: [['10.244.2.0/24 dev flannel.1 scope link linkdown', 'blackhole 10.244.2.0/24']],
  },
  'a chain that nobody leads to': { files: [RULES], replace: [[':KUBE-FORWARD - [0:0]\n', ':KUBE-FORWARD - [0:0]\n:BY-HAND - [0:0]\n']] },
  'a rule that cannot be decided': { files: [RULES], replace: [withRule('-A FORWARD -m limit --limit 5/min -j ACCEPT\n')] },
  'a rule that gives packets to a program': {
    files: [RULES],
    given: [withRule('-A FORWARD -p tcp -m tcp --dport 9 -j ACCEPT\n')],
    replace: [['--dport 9 -j ACCEPT', '--dport 9 -j NFQUEUE --queue-num 0']],
  },
  'a rule that drops': {
    files: [RULES],
    replace: [['-A INPUT -j KUBE-FIREWALL\n', '-A INPUT -j KUBE-FIREWALL\n-A INPUT -p tcp -m tcp --dport 22 -j DROP\n']],
  },
  'another comment': { files: [RULES], replace: [['"block incoming localnet connections"', '"no localnet from outside"']] },
  'an endpoint that leads elsewhere': {
    files: [RULES],
    replace: [['--to-destination 10.244.0.15:80\n', '--to-destination 10.244.9.9:80\n']],
  },
  'other shares': {
    files: [RULES],
    replace: [
      [
        '-> 10.244.0.15:80" -m statistic --mode random --probability 0.33333333349',
        '-> 10.244.0.15:80" -m statistic --mode random --probability 0.80000000000',
      ],
    ],
  },
  'no endpoint on this node': {
    files: [RULES],
    replace: [
      ['-A KUBE-EXT-7AEEYV6PRAAREO34 -j KUBE-SVL-7AEEYV6PRAAREO34\n', ''],
      [
        '-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "prod/edge-remote',
        '-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "prod/edge:http has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 32080 -j DROP\n-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "prod/edge-remote',
      ],
    ],
  },
  'another cluster IP': { files: [RULES], replace: [['10.96.78.31/32', '10.96.99.31/32']] },
  'another port': {
    files: [RULES],
    replace: [['"default/nginx cluster IP" -m tcp --dport 80 ', '"default/nginx cluster IP" -m tcp --dport 8081 ']],
  },
  'another node port': { files: [RULES], replace: [['--dport 30080 ', '--dport 30081 ']] },
  'another external address': { files: [RULES], replace: [['198.51.100.11/32', '198.51.100.99/32']] },
  'another cluster CIDR': { files: [RULES], replace: [['10.244.0.0/16', '10.244.0.0/15']] },
  'other source ranges': { files: [RULES], replace: [['203.0.113.0/24', '203.0.112.0/23']] },
  'another mark': { files: [RULES], replace: [['0x4000', '0x400']] },
  'a mark that a virtual service asks for': {
    files: [RULES, 'fixtures/ipvsadm-1.31/fwmark/ln.txt'],
    given: [
      [
        ':KUBE-PROXY-CANARY - [0:0]\nCOMMIT\n# Completed on Sun Nov 22 21:01:13 2026\n# Generated by iptables-save v1.8.9 (nf_tables) on Sun Nov 22 21:01:13 2026\n*filter',
        ':KUBE-PROXY-CANARY - [0:0]\n-A PREROUTING -d 203.0.113.30/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x1/0xffffffff\nCOMMIT\n*filter',
      ],
    ],
    replace: [['-A PREROUTING -d 203.0.113.30/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x1/0xffffffff\n', '']],
  },
  'node ports at fewer addresses': {
    files: [`${SERVICES}/ipvsadm-ln.txt`, `${SERVICES}/kubectl-get-svc.txt`],
    replace: [
      ['10.244.0.1:30080', '10.244.7.1:30080'],
      ['10.244.0.1:30443', '10.244.7.1:30443'],
      ['10.244.0.1:30514', '10.244.7.1:30514'],
      ['10.244.0.1:31900', '10.244.7.1:31900'],
    ],
  },
  'a module that is not built in': {
    files: ['fixtures/modules-kmod-30/modules.builtin-grep.txt'],
    replace: [['kernel/fs/exportfs/exportfs.ko\n', '']],
  },
  'another limit of a rule': {
    files: [RULES],
    given: [withRule('-A FORWARD -m limit --limit 5/min -j ACCEPT\n')],
    replace: [['5/min', '6/min']],
  },
  'a jump that does not return': { files: [RULES], replace: [['-j KUBE-FORWARD\n', '-g KUBE-FORWARD\n']] },
  'a table of nft that came': {
    files: [NFT],
    replace: [
      [
        /^table ip kube-proxy \{/gm,
        'table ip by-hand {\n\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n\t}\n}\ntable ip kube-proxy {',
      ],
    ],
  },
  'a table of nft that differs': { files: [NFT], replace: [['10.200.0.0/16', '10.201.0.0/16']] },
  'an address that nft no longer serves': {
    files: [NFT],
    replace: [['172.30.0.41 . tcp . 80 : goto service-ULMVA6XW-ns1/svc1/tcp/p80,\n\t\t\t     ', '']],
  },
  'an endpoint of nft': { files: [NFT], replace: [['10.180.0.2 . 80', '10.180.0.9 . 80']] },
  'an address of nft that is not masqueraded': {
    files: [NFT],
    replace: [['\t\tmeta mark set meta mark | 0x00004000 comment "masquerade"\n', '']],
  },
  'an endpoint of nft that does not get to itself any more': {
    files: [NFT],
    given: [['ip saddr != 10.244.0.0/16', 'ip saddr != 10.180.0.0/16']],
    replace: [['\t\telements = { 10.180.0.1 . 10.180.0.1 . tcp . 80 }\n', '']],
  },
  'an address of nft that drops instead of rejecting': {
    files: [NFT],
    given: [[FIRST_OF_NFT, '\t\treject\n']],
    replace: [['p80 {\n\t\treject', 'p80 {\n\t\tdrop']],
  },
  'an address of nft for some sources': {
    files: [NFT],
    replace: [[FIRST_OF_NFT, `\t\tip saddr != { 203.0.113.0/24 } drop\n${FIRST_OF_NFT}`]],
  },
  'an address of nft whose rules nobody models': { files: [NFT], replace: [[FIRST_OF_NFT, `\t\tqueue to 1\n${FIRST_OF_NFT}`]] },
  'an address of nft that keeps clients on their endpoint': {
    files: [NFT],
    given: [
      [
        '\tchain filter-prerouting-pre-dnat {',
        '\tset affinity-ULMVA6XW-ns1/svc1/tcp/p80__10.180.0.1/80 {\n\t\ttype ipv4_addr\n\t\tsize 65535\n\t\tflags dynamic,timeout\n\t\ttimeout 3h\n\t}\n\n\tchain filter-prerouting-pre-dnat {',
      ],
    ],
    replace: [[FIRST_OF_NFT, `\t\tupdate @affinity-ULMVA6XW-ns1/svc1/tcp/p80__10.180.0.1/80 { ip saddr }\n${FIRST_OF_NFT}`]],
  },
  'node ports of nft at one address': {
    files: [NFT],
    given: [['fib daddr type local ip daddr != 127.0.0.0/8', 'ip daddr { 192.0.2.9, 192.0.2.20 }']],
    replace: [['ip daddr { 192.0.2.9, 192.0.2.20 }', 'ip daddr 192.0.2.9']],
  },
  'a table of nftables mode beside iptables mode': {
    files: [RULES, NFT, 'fixtures/drift/kube-proxy/iptables-v1.30-pair-scale-up/before/proxy-mode.txt'],
    given: [
      ['table ip kube-proxy {', 'table ip set-aside {'],
      ['table ip6 kube-proxy {', 'table ip6 set-aside {'],
    ],
    replace: [['table ip set-aside {', 'table ip kube-proxy {']],
  },
  'a node that no longer forwards': {
    files: [RULES, 'fixtures/kernel/return-after-mark-masq/before/sysctl.txt'],
    replace: [['net.ipv4.ip_forward = 1', 'net.ipv4.ip_forward = 0']],
  },
  'no cluster CIDR any more': {
    files: [RULES],
    replace: [
      [/^-A KUBE-SV[CL]-\S+ ! -s 10\.244\.0\.0\/16 .*\n/gm, ''],
      [/^-A KUBE-EXT-.*"pod traffic for .*\n/gm, ''],
    ],
  },
};

/** Pairs of captures that differ in what one form of a listing shows. */
const CAPTURES: readonly (readonly [before: string, after: string])[] = [
  [
    'fixtures/ipvsadm-1.31/drift-thresholds-only/1-before/thresholds.txt',
    'fixtures/ipvsadm-1.31/drift-thresholds-only/2-after/thresholds.txt',
  ],
  [
    'fixtures/ipvsadm-1.31/drift-tunnel-type-only/1-before/tun-info.txt',
    'fixtures/ipvsadm-1.31/drift-tunnel-type-only/2-after/tun-info.txt',
  ],
  ['fixtures/demo/before', 'fixtures/demo/drifted'],
  ['fixtures/drift/kube-proxy/ipvs-v1.20-pair-mode-to-iptables/before', 'fixtures/drift/kube-proxy/ipvs-v1.20-pair-mode-to-iptables/after'],
  ...['drift/changes', 'drift/iptables', 'incidents'].flatMap((folder) => pairsIn(folder)),
];

function pairsIn(folder: string): (readonly [string, string])[] {
  const pairs = readdirSync(join(repository, 'fixtures', folder)).map(
    (name) => [`fixtures/${folder}/${name}/before`, `fixtures/${folder}/${name}/after`] as const,
  );
  return pairs.filter(([before]) => existsSync(join(repository, before)));
}

/** The comparison in both directions. */
function edited({ files, given = [], replace }: Edit): readonly [Report, Report] {
  const changed = (text: string, by: readonly Replacement[]): string => by.reduce((whole, [from, to]) => whole.replaceAll(from, to), text);
  const before = files.map((path): SnapshotFile => ({
    name: path.slice(path.lastIndexOf('/') + 1),
    content: changed(readFileSync(join(repository, path), 'utf8'), given),
  }));
  const after = before.map((file) => ({ ...file, content: changed(file.content as string, replace) }));
  return [diffSnapshots(readSnapshot(before), readSnapshot(after)), diffSnapshots(readSnapshot(after), readSnapshot(before))];
}

describe('every kind of change', () => {
  const edits = Object.entries(EDITS).map(([name, edit]) => [name, edited(edit)] as const);

  it('made by one edit gives what the golden says, in both directions', () => {
    expectGoldenJson(
      'fixtures/drift/edits.json',
      Object.fromEntries(edits.map(([name, [forth, back]]) => [name, { forth: outline(forth), back: outline(back) }])),
    );
  });

  it('is in a report of these tests', () => {
    const reports = [
      ...edits.flatMap(([, both]) => both),
      ...CAPTURES.flatMap(([before, after]) => [diffPaths(before, after), diffPaths(after, before)]),
    ];
    const given = new Set(reports.flatMap(({ changes }) => changes.map(({ id }) => id)));
    expect([...CATALOGUE.keys()].filter((id) => !given.has(id))).toEqual([]);
  });
});
