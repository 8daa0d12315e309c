import { expect, it } from 'vitest';
import { edited, type Edit, type ProxyMode } from '../three-modes.ts';

const SAVE = 'iptables-save.txt';
const NFT = 'nft-list-ruleset.txt';

/** An edit of a node that serves everything, and all that `check` says of it above severity `none`. */
const CASES: readonly (readonly [what: string, mode: ProxyMode, edits: readonly Edit[], says: readonly string[]])[] = [
  [
    'the rule of the last endpoint is gone: a third of the connections goes past the endpoints',
    'iptables',
    [[SAVE, /^-A KUBE-SVC-2CMXP7HKUVJN7L6M .*-> 10\.244\.1\.22:80.*\n/m, '']],
    [
      'critical lint.kube.served-in-part: default/nginx: 33 % of new connections from pods, the node and outside to tcp 10.96.78.31:80 get to no endpoint',
    ],
  ],
  [
    'three numbers are drawn for two endpoints',
    'nftables',
    [[NFT, 'mod 2 vmap { 0 : goto endpoint-2GKX576Q', 'mod 3 vmap { 0 : goto endpoint-2GKX576Q']],
    [
      'critical lint.kube.served-in-part: kube-system/kube-dns:dns: 33 % of new connections from pods, the node and outside to udp 10.96.0.10:53 are refused',
    ],
  ],
  [
    'the chain of the service has no rule left: told once',
    'iptables',
    [[SAVE, /^-A KUBE-SVC-2CMXP7HKUVJN7L6M .*-> .*\n/gm, '']],
    [
      'critical lint.kube.not-served: default/nginx: new connections from pods and outside to tcp 10.96.78.31:80 get to no endpoint: rules of the service take them, and none leads on',
    ],
  ],
  [
    'packets to one endpoint are dropped on the way',
    'iptables',
    [[SAVE, /^(-A FORWARD )/m, '-A FORWARD -d 10.244.1.22/32 -j DROP\n$1']],
    ['critical lint.kube.served-in-part: default/nginx: 33 % of new connections from pods and outside to tcp 10.96.78.31:80 are dropped'],
  ],
  [
    'the chain of the last endpoint translates nothing: told once',
    'iptables',
    [[SAVE, /^-A KUBE-SEP-JALMQ56FB67DTOOD .*DNAT.*\n/m, '']],
    [
      'critical lint.kube.served-in-part: default/nginx: 33 % of new connections from pods, the node and outside to tcp 10.96.78.31:80 get to no endpoint',
    ],
  ],
  [
    'two numbers are drawn for three endpoints',
    'nftables',
    [[NFT, 'mod 3 vmap { 0 : goto endpoint-OZRZ3YTP', 'mod 2 vmap { 0 : goto endpoint-OZRZ3YTP']],
    [
      'warning lint.kube.endpoint-never-chosen: default/nginx: chain service-ECO34HEO-default/nginx/tcp/ draws fewer numbers than it has endpoints: none of them leads to 10.244.1.22',
    ],
  ],
  [
    'the rule of the first endpoint has no chance any more',
    'iptables',
    [[SAVE, ' -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-R5KH', ' -j KUBE-SEP-R5KH']],
    [
      'warning lint.kube.endpoint-never-chosen: default/nginx: rule 2 of KUBE-SVC-2CMXP7HKUVJN7L6M leads every connection to 10.244.0.15:80, and the rules behind it, for 10.244.1.21:80 and 10.244.1.22:80, meet none',
    ],
  ],
  [
    'an endpoint is not masqueraded to itself',
    'iptables',
    [[SAVE, /^-A KUBE-SEP-R5KHDNJTNFAYK5NU -s .*\n/m, '']],
    [
      'warning lint.kube.hairpin-not-masqueraded: default/nginx: chain KUBE-SEP-R5KHDNJTNFAYK5NU does not masquerade what 10.244.0.15:80 sends to itself, as those of other endpoints do',
    ],
  ],
  [
    'the same in nftables mode',
    'nftables',
    [[NFT, '\t\tip saddr 10.244.0.15 jump mark-for-masquerade\n', '']],
    [
      'warning lint.kube.hairpin-not-masqueraded: default/nginx: chain endpoint-OZRZ3YTP-default/nginx/tcp/__10.244.0.15/80 does not masquerade what 10.244.0.15 sends to itself, as those of other endpoints do',
    ],
  ],
  [
    'the rule of KUBE-LOOP-BACK is gone',
    'ipvs',
    [[SAVE, /^-A KUBE-POSTROUTING .*KUBE-LOOP-BACK.*\n/m, '']],
    [
      'warning lint.kube.hairpin-not-masqueraded: no rule of KUBE-POSTROUTING asks set KUBE-LOOP-BACK: what its 9 endpoints of this node send to themselves through their service is not masqueraded',
    ],
  ],
  [
    'where all connections are masqueraded, those to itself are too',
    'iptables',
    [
      [SAVE, /^-A KUBE-SEP-R5KHDNJTNFAYK5NU -s .*\n/m, ''],
      [SAVE, /^(-A KUBE-SVC-2CMXP7HKUVJN7L6M) ! -s 10\.244\.0\.0\/16/m, '$1'],
    ],
    [],
  ],
  [
    'node ports keep clients, and their cluster IP does not',
    'ipvs',
    [['ipvsadm-Sn.txt', /^(-A -t 10\.104\.1\.1:80 -s lc) -p 10800/m, '$1']],
    [
      'notice lint.ipvs.persistence-differs: the virtual services of one service differ: clients of tcp 192.168.10.11:30880 and tcp 10.244.0.1:30880 stay with their endpoint for 10800 s, clients of tcp 10.104.1.1:80 do not stay with their endpoint',
    ],
  ],
  [
    'a node port keeps clients at one address of the node',
    'ipvs',
    [['ipvsadm-Sn.txt', /^(-A -t 10\.244\.0\.1:30080 -s lc)/m, '$1 -p 10800']],
    [
      'notice lint.ipvs.persistence-differs: the virtual services of one service differ: clients of tcp 192.168.10.11:30080 and tcp 10.101.7.80:80 do not stay with their endpoint, clients of tcp 10.244.0.1:30080 stay with their endpoint for 10800 s',
    ],
  ],
];

it.each(CASES)('%s (%s mode)', (_what, mode, edits, says) => {
  expect(edited(mode, edits).check.filter((text) => !text.startsWith('none'))).toEqual(says);
});
