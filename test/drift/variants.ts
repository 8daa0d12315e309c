import type { Change } from './variant.ts';

/** A pair of fixtures that is changed to another pair of the same kind. */
export interface Variant {
  /** The row of the list of cases, a folder of `fixtures/meaning` or `fixtures/referee`. */
  readonly row: string;
  readonly what: string;
  readonly changes: readonly Change[];
  /** What is asked; missing: `diff`, both ways. */
  readonly ask?: 'check' | 'nodes';
}

const SAVE = 'iptables-save.txt';
const LN = 'ipvsadm-ln.txt';
const NFT = 'nft-list-ruleset.txt';
const SETS = 'ipset-save.txt';
const ADDRESSES = 'ip-addr.txt';

/** One file of both sides, or of one. */
const both = (file: string, from: string | RegExp, to: string): Change => ({ file, from, to });
const after = (file: string, from: string | RegExp, to: string): Change => ({ file, from, to, side: 'after' });
const before = (file: string, from: string | RegExp, to: string): Change => ({ file, from, to, side: 'before' });

/** The chain in which kube-proxy drops and refuses packets to node ports since 1.24. */
const EXTERNAL_SERVICES = [
  both(SAVE, ':KUBE-FIREWALL - [0:0]\n', ':KUBE-EXTERNAL-SERVICES - [0:0]\n:KUBE-FIREWALL - [0:0]\n'),
  both(
    SAVE,
    '-A INPUT -j KUBE-FIREWALL\n',
    '-A INPUT -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES\n-A FORWARD -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES\n-A INPUT -j KUBE-FIREWALL\n',
  ),
];
const DROPS_NODE_PORT = [
  '-A KUBE-FIREWALL',
  '-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "shop/cart:http has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 32080 -j DROP\n-A KUBE-FIREWALL',
] as const;

/** Variants of rows whose own folder, or folders beside it, are not enough: see `ROWS`. */
export const VARIANTS: readonly Variant[] = [
  { row: 'nodes-stale-endpoint', what: 'UDP', changes: [both(LN, /^TCP {2}198\.18\.0\.20:80 /m, 'UDP  198.18.0.20:80 ')], ask: 'nodes' },
  {
    row: 'nodes-stale-endpoint',
    what: 'one more endpoint on one node',
    changes: [after(LN, /^( {2}-> )10\.42\.9\.9(:8080.*)$/m, '$110.42.1.7$2\n$110.42.9.9$2')],
    ask: 'nodes',
  },
  {
    row: 'nodes-stale-endpoint',
    what: 'drained on one node',
    changes: [after(LN, /10\.42\.9\.9:8080( +Masq +)1/, '10.42.1.7:8080$10')],
    ask: 'nodes',
  },
  { row: 'nodes-service-missing', what: 'UDP', changes: [both(LN, /^TCP {2}/gm, 'UDP  ')], ask: 'nodes' },
  { row: 'nodes-service-missing', what: 'another scheduler for all on one node', changes: [after(LN, / rr$/gm, ' wrr')], ask: 'nodes' },
  { row: 'nodes-service-missing', what: 'of which one node has no service at all', changes: [after(LN, /^TCP[^]*$/m, '')], ask: 'nodes' },
  {
    row: 'mark-read-by-nobody',
    what: 'the bit that is taken away stays',
    changes: [after(SAVE, '--set-xmark 0x40/0x0', '--set-xmark 0x4000/0x0')],
  },
  {
    row: 'mark-read-by-nobody',
    what: 'the mark is asked for where it is masqueraded, as up to 1.15',
    changes: [
      before(
        SAVE,
        /-A KUBE-POSTROUTING -m mark ! [^]*?-j MASQUERADE --random-fully/,
        '-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE',
      ),
      after(
        SAVE,
        /-A KUBE-POSTROUTING -m mark ! [^]*?-j MASQUERADE --random-fully/,
        '-A KUBE-POSTROUTING -m mark --mark 0x40/0x40 -j MASQUERADE',
      ),
    ],
  },
  {
    row: 'mark-read-by-nobody',
    what: 'the mark is asked for as before, and another bit taken away: nothing changes',
    changes: [after(SAVE, '! --mark 0x40/0x40', '! --mark 0x4000/0x4000')],
  },
  {
    row: 'mode-change-empty-service',
    what: 'UDP',
    changes: [before(LN, 'TCP  198.18.0.30:80', 'UDP  198.18.0.30:80'), both('ipset-save.txt', '198.18.0.30,tcp:80', '198.18.0.30,udp:80')],
  },
  {
    row: 'mode-change-empty-service',
    what: 'refused by a rule afterwards',
    changes: [
      after(
        SAVE,
        /^(\*filter\n(?::.*\n)+)/m,
        '$1:KUBE-SERVICES - [0:0]\n-A FORWARD -j KUBE-SERVICES\n-A OUTPUT -j KUBE-SERVICES\n-A KUBE-SERVICES -d 198.18.0.30/32 -p tcp -m comment --comment "shop/empty:http has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable\n',
      ),
    ],
  },
  {
    row: 'mode-change-empty-service',
    what: 'which had an endpoint that is lost',
    changes: [before(LN, /(TCP {2}198\.18\.0\.30:80 rr\n)/, '$1  -> 10.42.2.9:8080               Masq    1      0          0         \n')],
  },
  {
    row: 'fallback-wrr',
    what: 'another scheduler is missing',
    changes: [
      after('lsmod.txt', /$/, 'ip_vs_wrr              16384  0\n'),
      after('lsmod.txt', /^ip_vs_sh .*\n/m, ''),
      after('kube-proxy.log', '[ip_vs_wrr]', '[ip_vs_sh]'),
    ],
  },
  {
    row: 'fallback-wrr',
    what: 'IPVS itself is missing',
    changes: [after('lsmod.txt', /^ip_vs.*\n/gm, ''), after('kube-proxy.log', '[ip_vs_wrr]', '[ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh]')],
  },
  { row: 'repaired-dnat', what: 'the port was another one', changes: [before(SAVE, '10.42.9.9:8080', '10.42.1.7:9090')] },
  {
    row: 'repaired-dnat',
    what: 'a large cluster, without comments',
    changes: [both(SAVE, /-m comment --comment "shop\/cart:http" /g, '')],
  },
  { row: 'drop-became-reject', what: 'for the node itself', changes: [both(SAVE, /-A FORWARD/g, '-A INPUT')] },
  {
    row: 'drop-became-reject',
    what: 'with a reset',
    changes: [both(SAVE, '-A FORWARD -j REJECT --reject-with icmp-host-prohibited', '-A FORWARD -p tcp -j REJECT --reject-with tcp-reset')],
  },
  {
    row: 'drop-became-reject',
    what: 'by another policy',
    changes: [both(SAVE, '-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n', ''), both(SAVE, ':FORWARD ACCEPT', ':FORWARD DROP')],
  },
  { row: 'guard-chain-lost', what: 'for the node itself', changes: [both(SAVE, /-A FORWARD/g, '-A INPUT')] },
  { row: 'guard-chain-lost', what: 'one port', changes: [before(SAVE, '-i eth0 -j DROP', '-i eth0 -p tcp -m tcp --dport 22 -j DROP')] },
  {
    row: 'guard-chain-lost',
    what: 'two rules',
    changes: [before(SAVE, '-A SITE-GUARD -j RETURN', '-A SITE-GUARD -s 203.0.113.0/24 -j DROP\n-A SITE-GUARD -j RETURN')],
  },
  { row: 'jump-to-empty-chain', what: 'at OUTPUT', changes: [both(SAVE, /-A FORWARD/g, '-A OUTPUT')] },
  {
    row: 'jump-to-empty-chain',
    what: 'two chains, one behind the other',
    changes: [
      before(SAVE, ':SITE-GUARD - [0:0]', ':SITE-GUARD - [0:0]\n:SITE-INNER - [0:0]'),
      before(SAVE, 'COMMIT', '-A SITE-GUARD -j SITE-INNER\nCOMMIT'),
    ],
  },
  {
    row: 'jump-to-empty-chain',
    what: 'under a condition',
    changes: [before(SAVE, '-A FORWARD -j SITE-GUARD', '-A FORWARD -s 192.0.2.0/24 -p udp -j SITE-GUARD')],
  },
  {
    row: 'jump-to-return-only',
    what: 'which returns some packets alone',
    changes: [before(SAVE, '-A SITE-GUARD -j RETURN', '-A SITE-GUARD -s 192.0.2.0/24 -j RETURN')],
  },
  {
    row: 'jump-to-return-only',
    what: 'and a rule behind it that none meets',
    changes: [before(SAVE, '-A SITE-GUARD -j RETURN', '-A SITE-GUARD -j RETURN\n-A SITE-GUARD -j DROP')],
  },
  {
    row: 'jump-to-return-only',
    what: 'with a rule before it that drops',
    changes: [before(SAVE, '-A SITE-GUARD -j RETURN', '-A SITE-GUARD -s 192.0.2.0/24 -j DROP\n-A SITE-GUARD -j RETURN')],
  },
  {
    row: 'jump-added-200-times',
    what: 'three times',
    changes: [after(SAVE, /(?:-A PREROUTING -j WEB\n)+/, '-A PREROUTING -j WEB\n'.repeat(3))],
  },
  {
    row: 'jump-added-200-times',
    what: 'at OUTPUT too',
    changes: [
      after(SAVE, /((?:-A PREROUTING -j WEB\n)+)/, `$1${'-A OUTPUT -j WEB\n'.repeat(150)}`),
      before(SAVE, '-A WEB', '-A OUTPUT -j WEB\n-A WEB'),
    ],
  },
  { row: 'jump-added-200-times', what: 'to a chain that accepts', changes: [both(SAVE, '-j REDIRECT --to-ports 18080', '-j ACCEPT')] },
  { row: 'shadowed-behind-a-chain', what: 'UDP', changes: [both(SAVE, /-p tcp/g, '-p udp'), both(SAVE, /-m tcp/g, '-m udp')] },
  {
    row: 'shadowed-behind-a-chain',
    what: 'a third port that the first chain has not: it matches',
    changes: [
      after(SAVE, '--dports 8080,8443 -j PORTS-NEW', '--dports 8080,8443,8888 -j PORTS-NEW'),
      after(SAVE, 'COMMIT', '-A PORTS-NEW -p tcp -m tcp --dport 8888 -j DNAT --to-destination 10.42.0.29:88\nCOMMIT'),
    ],
  },
  { row: 'shadowed-behind-a-chain', what: 'checked', changes: [both(SAVE, /8443/g, '9443')], ask: 'check' },
  {
    row: 'ipvs-filter-hook',
    what: 'a set without members refuses nothing',
    changes: [after('ipset-save.txt', /^add KUBE-IPVS-IPS .*\n/gm, '')],
  },
  {
    row: 'ipvs-filter-hook',
    what: 'one address is missing in the set',
    changes: [after('ipset-save.txt', 'add KUBE-IPVS-IPS 203.0.113.40\n', '')],
  },
  { row: 'ipvs-filter-hook', what: 'dropped', changes: [after(SAVE, '-j REJECT --reject-with icmp-port-unreachable', '-j DROP')] },
  { row: 'old-unnamed-port', what: 'replaced', changes: [after(SAVE, /10\.42\.1\.7/g, '10.42.1.8')] },
  { row: 'old-unnamed-port', what: 'with another cluster IP', changes: [both(SAVE, /198\.18\.0\.20/g, '198.18.0.77')] },
  { row: 'old-unnamed-port', what: 'of a service with a dash', changes: [both(SAVE, /shop\/cart:/g, 'shop/cart-v2:')] },
  {
    row: 'only-service-has-no-endpoint',
    what: 'no endpoint on this node',
    changes: [
      after(SAVE, /has no endpoints/g, 'has no local endpoints'),
      after(SAVE, '-j REJECT --reject-with icmp-port-unreachable', '-j DROP'),
    ],
  },
  { row: 'only-service-has-no-endpoint', what: 'checked', changes: [both(SAVE, /198\.18\.0\.20/g, '198.18.0.77')], ask: 'check' },
  {
    row: 'only-service-has-no-endpoint',
    what: 'refused by nobody',
    changes: [after(SAVE, /^-A KUBE-SERVICES .* has no endpoints.*\n/m, '')],
  },
  {
    row: 'no-local-endpoint',
    what: 'the rule is gone, and none refuses',
    changes: [after(SAVE, /^-A KUBE-XLB-\S+ .*no local endpoints.*\n/m, '')],
  },
  {
    row: 'no-local-endpoint',
    what: 'dropped in the filter table, as since 1.24',
    changes: [...EXTERNAL_SERVICES, after(SAVE, /^-A KUBE-XLB-\S+ .*no local endpoints.*\n/m, ''), after(SAVE, ...DROPS_NODE_PORT)],
  },
  {
    row: 'no-local-endpoint',
    what: 'dropped by the mark before, and in the filter table after: an update to 1.24',
    changes: [
      ...EXTERNAL_SERVICES,
      before(SAVE, /"Balancing rule 0 for (.*)" -j KUBE-SEP.*/, '"$1 has no local endpoints" -j KUBE-MARK-DROP'),
      after(SAVE, /^-A KUBE-XLB-\S+ .*no local endpoints.*\n/m, ''),
      after(SAVE, ...DROPS_NODE_PORT),
    ],
  },
  {
    row: 'no-local-endpoint',
    what: 'dropped in the filter table and by the mark',
    changes: [...EXTERNAL_SERVICES, after(SAVE, ...DROPS_NODE_PORT)],
  },
  {
    row: 'foreign-vs-flushed',
    what: 'of two endpoints, one of them drained',
    changes: [before(LN, /( {2}-> 10\.42\.7\.55:80 .*\n)/, '$1  -> 10.42.7.56:80                Masq    0       0          0         \n')],
  },
  {
    row: 'local-policy-two-addresses',
    what: 'drained, not gone',
    changes: [
      after(
        LN,
        /(TCP {2}(?:192\.0\.2\.11:30443|203\.0\.113\.40:443) rr\n)/g,
        '$1  -> 10.42.1.7:8443               Masq    0       0          0         \n',
      ),
    ],
  },
  {
    row: 'local-policy-two-addresses',
    what: 'replaced by another endpoint of the node',
    changes: [
      after(
        LN,
        /(TCP {2}(?:192\.0\.2\.11:30443|203\.0\.113\.40:443) rr\n)/g,
        '$1  -> 10.42.1.8:8443               Masq    1       0          0         \n',
      ),
      after(LN, /10\.42\.1\.7:8443/g, '10.42.1.8:8443'),
    ],
  },
  { row: 'notrack-before-nat', what: 'by the target CT', changes: [after(SAVE, '-j NOTRACK', '-j CT --notrack')] },
  {
    row: 'notrack-before-nat',
    what: 'of the node itself',
    changes: [after(SAVE, '-A PREROUTING -d 198.18.0.10/32 -p udp', '-A OUTPUT -d 198.18.0.10/32 -p udp')],
  },
  { row: 'notrack-before-nat', what: 'checked', changes: [after(SAVE, '--dport 53 -j NOTRACK', '-j NOTRACK')], ask: 'check' },
  { row: 'fwm-port-zero', what: 'one of them to a port', changes: [after(LN, '10.42.1.8:0  ', '10.42.1.8:80 ')] },
  { row: 'fwm-port-zero', what: 'by direct routing', changes: [both(LN, /Masq {3}/g, 'Route  ')], ask: 'check' },
  { row: 'fwm-port-zero', what: 'one endpoint gone', changes: [after(LN, /^ {2}-> 10\.42\.4\.8:0 .*\n/m, '')] },
  {
    row: 'return-after-mark-masq',
    what: 'for one protocol',
    changes: [after(SAVE, '-A KUBE-NODEPORTS -j RETURN', '-A KUBE-NODEPORTS -p udp -j RETURN')],
  },
  { row: 'return-after-mark-masq', what: 'accepted', changes: [after(SAVE, '-A KUBE-NODEPORTS -j RETURN', '-A KUBE-NODEPORTS -j ACCEPT')] },
  {
    row: 'return-after-mark-masq',
    what: 'for one source',
    changes: [after(SAVE, '-A KUBE-NODEPORTS -j RETURN', '-A KUBE-NODEPORTS -s 203.0.113.0/24 -j RETURN')],
  },
  {
    row: 'local-packet-path-in-postrouting',
    what: 'UDP to one port',
    changes: [after(SAVE, '-p icmp -j DROP', '-p udp -m udp --dport 161 -j DROP')],
  },
  {
    row: 'local-packet-path-in-postrouting',
    what: 'refused',
    changes: [after(SAVE, '-p icmp -j DROP', '-p icmp -j REJECT --reject-with icmp-host-prohibited')],
  },
  {
    row: 'local-packet-path-in-postrouting',
    what: 'at an interface',
    changes: [after(SAVE, '-A INPUT -s 10.244.3.0/24 -p icmp', '-A INPUT -i eth1 -p icmp')],
  },
  {
    row: 'local-endpoint-masq-iptables',
    what: 'of the endpoint to itself',
    changes: [after(SAVE, /^-A KUBE-SEP-PNVO2D3C2MVULPBS -s .*\n/m, ''), before(SAVE, /^-A KUBE-SVC-NPX46M4PTMTKRN6Y ! -s .*\n/m, '')],
  },
  {
    row: 'local-endpoint-masq-iptables',
    what: 'for all sources',
    changes: [
      after(
        SAVE,
        /^(-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment)/m,
        '-A KUBE-SVC-NPX46M4PTMTKRN6Y -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-MARK-MASQ\n$1',
      ),
    ],
  },
  {
    row: 'local-endpoint-masq-iptables',
    what: 'for another range',
    changes: [
      after(
        SAVE,
        /^(-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment)/m,
        '-A KUBE-SVC-NPX46M4PTMTKRN6Y ! -s 10.200.0.0/16 -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-MARK-MASQ\n$1',
      ),
    ],
  },
  {
    row: 'ipvs-demo-kubernetes-masquerade',
    what: 'one protocol',
    changes: [after(SAVE, '! -d 10.244.0.0/16 -m comment', '! -d 10.244.0.0/16 -p udp -m comment')],
  },
  {
    row: 'ipvs-demo-kubernetes-masquerade',
    what: 'to a fixed address',
    changes: [after(SAVE, '--comment "added by hand" -j MASQUERADE', '--comment "added by hand" -j SNAT --to-source 192.168.10.11')],
  },
  {
    row: 'ipvs-demo-kubernetes-masquerade',
    what: 'to the API server alone',
    changes: [
      after(
        SAVE,
        '-A POSTROUTING -s 10.244.0.0/16 ! -d 10.244.0.0/16 -m comment',
        '-A POSTROUTING -s 10.244.0.0/16 -d 192.168.10.11/32 -m comment',
      ),
    ],
  },
  {
    row: 'ipvs-output-drop-vip',
    what: 'refused',
    changes: [
      after(
        SAVE,
        '-A OUTPUT -d 10.96.78.31/32 -p tcp -m tcp --dport 80 -j DROP',
        '-A OUTPUT -d 10.96.78.31/32 -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
      ),
    ],
  },
  {
    row: 'ipvs-output-drop-vip',
    what: 'of every port',
    changes: [after(SAVE, '-A OUTPUT -d 10.96.78.31/32 -p tcp -m tcp --dport 80 -j DROP', '-A OUTPUT -d 10.96.78.31/32 -j DROP')],
  },
  {
    row: 'ipvs-output-drop-vip',
    what: 'UDP',
    changes: [
      after(
        SAVE,
        '-A OUTPUT -d 10.96.78.31/32 -p tcp -m tcp --dport 80 -j DROP',
        '-A OUTPUT -d 10.96.0.10/32 -p udp -m udp --dport 53 -j DROP',
      ),
    ],
  },
  {
    row: 'ipvs-output-drop-endpoint',
    what: 'all ports of it',
    changes: [after(SAVE, '-A OUTPUT -d 10.244.1.21/32 -p tcp -m tcp --dport 80 -j DROP', '-A OUTPUT -d 10.244.1.21/32 -j DROP')],
  },
  {
    row: 'ipvs-output-drop-endpoint',
    what: 'two of three',
    changes: [
      after(
        SAVE,
        '-A OUTPUT -d 10.244.1.21/32 -p tcp -m tcp --dport 80 -j DROP',
        '-A OUTPUT -d 10.244.1.20/30 -p tcp -m tcp --dport 80 -j DROP',
      ),
    ],
  },
  {
    row: 'ipvs-output-drop-endpoint',
    what: 'refused',
    changes: [
      after(
        SAVE,
        '-A OUTPUT -d 10.244.1.21/32 -p tcp -m tcp --dport 80 -j DROP',
        '-A OUTPUT -d 10.244.1.21/32 -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
      ),
    ],
  },
  {
    row: 'ipvs-output-policy-drop',
    what: 'with an exception for pods',
    changes: [after(SAVE, /^(:OUTPUT DROP[^]*?\n)(-A )/m, '$1-A OUTPUT -d 10.244.0.0/16 -j ACCEPT\n$2')],
  },
  {
    row: 'ipvs-output-policy-drop',
    what: 'by a rule',
    changes: [after(SAVE, ':OUTPUT DROP', ':OUTPUT ACCEPT'), after(SAVE, /^(\*filter[^]*?)COMMIT/m, '$1-A OUTPUT -j DROP\nCOMMIT')],
  },
  {
    row: 'ipvs-output-policy-drop',
    what: 'TCP alone, by a rule',
    changes: [after(SAVE, ':OUTPUT DROP', ':OUTPUT ACCEPT'), after(SAVE, /^(\*filter[^]*?)COMMIT/m, '$1-A OUTPUT -p tcp -j DROP\nCOMMIT')],
  },
  {
    row: 'dnat-address-range',
    what: 'two addresses',
    changes: [after(SAVE, '10.244.0.50-10.244.0.52:80', '10.244.0.50-10.244.0.51:5140')],
  },
  { row: 'dnat-address-range', what: 'ports', changes: [after(SAVE, '10.244.0.50-10.244.0.52:80', '10.244.1.40:5140-5142')] },
  {
    row: 'dnat-address-range',
    what: 'with its own address among them',
    changes: [after(SAVE, '10.244.0.50-10.244.0.52:80', '10.244.1.40-10.244.1.41:5140')],
  },
  {
    row: 'reject-pod-range-said-outside',
    what: 'dropped',
    changes: [after(SAVE, '-j REJECT --reject-with icmp-admin-prohibited', '-j DROP')],
  },
  {
    row: 'reject-pod-range-said-outside',
    what: 'one protocol',
    changes: [after(SAVE, '-s 10.244.3.0/24 -j REJECT', '-s 10.244.3.0/24 -p udp -j REJECT')],
  },
  {
    row: 'reject-pod-range-said-outside',
    what: 'a range outside',
    changes: [after(SAVE, '-s 10.244.3.0/24 -j REJECT', '-s 203.0.113.0/24 -j REJECT')],
  },
  { row: 'negated-destination-captures-all', what: 'a network', changes: [after(SAVE, '! -d 10.96.0.1/32', '-d 10.96.0.0/24')] },
  {
    row: 'negated-destination-captures-all',
    what: 'no destination',
    changes: [after(SAVE, '-A KUBE-SERVICES ! -d 10.96.0.1/32', '-A KUBE-SERVICES')],
  },
  {
    row: 'negated-destination-captures-all',
    what: 'UDP',
    changes: [
      after(SAVE, '-A KUBE-SERVICES ! -d 10.96.0.1/32', '-A KUBE-SERVICES -d 10.96.0.1/32'),
      after(SAVE, /-A KUBE-SERVICES -d (10\.96\.0\.10\/32 -p udp)/, '-A KUBE-SERVICES ! -d $1'),
    ],
  },
  {
    row: 'postrouting-swap-reverse-direction',
    what: 'the exception is gone',
    changes: [after(SAVE, /^-A KUBE-POSTROUTING -m mark ! .*\n/m, '')],
  },
  {
    row: 'postrouting-swap-reverse-direction',
    what: 'masqueraded before all else',
    changes: [
      after(SAVE, /^-A KUBE-POSTROUTING -m mark ! .*\n/m, ''),
      after(SAVE, /^(-A KUBE-POSTROUTING )/m, '-A KUBE-POSTROUTING -j MASQUERADE\n$1'),
    ],
  },
  {
    row: 'postrouting-swap-reverse-direction',
    what: 'the exception asks for the mark',
    changes: [
      after(SAVE, /^-A KUBE-POSTROUTING -m mark ! .*\n/m, ''),
      after(SAVE, /^(-A KUBE-POSTROUTING )/m, '-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j RETURN\n$1'),
    ],
  },
  {
    row: 'nft-cluster-cidr-node-endpoint',
    what: 'a narrower range',
    changes: [after(NFT, /10\.240\.0\.0\/12/g, '10.244.0.0/17')],
  },
  {
    row: 'nft-cluster-cidr-node-endpoint',
    what: 'the addresses of the node are not given',
    changes: [both(ADDRESSES, /^ {4}inet (?:192\.168|10\.244)\..*$/gm, '')],
  },
  {
    row: 'nft-cluster-cidr-node-endpoint',
    what: 'everything is masqueraded',
    changes: [after(NFT, /ip saddr != 10\.240\.0\.0\/12 /g, '')],
  },
  {
    row: 'ipvs-node-port-chain-gone',
    what: 'the member stays',
    changes: [after(SETS, /^create KUBE-NODE-PORT-TCP .*$/m, '$&\nadd KUBE-NODE-PORT-TCP 31303')],
  },
  {
    row: 'ipvs-node-port-chain-gone',
    what: 'the addresses of the node are not given',
    changes: [both(ADDRESSES, /^\d+: (?:lo|eth0|cni0):[^]*?(?=^\d+: kube-ipvs0)/m, '')],
  },
  {
    row: 'ipvs-node-port-chain-gone',
    what: 'the rule of another protocol',
    changes: [before(SAVE, /(KUBE-NODE-PORT) -p tcp (.*)KUBE-NODE-PORT-TCP/, '$1 -p udp $2KUBE-NODE-PORT-UDP')],
  },
  { row: 'jump-for-one-interface', what: 'the bridge of pods', changes: [after(SAVE, '-i eth0', '-i cni0')] },
  { row: 'jump-for-one-interface', what: 'all but one', changes: [after(SAVE, '-i eth0', '! -i eth0')] },
  { row: 'jump-for-one-interface', what: 'all that begin alike', changes: [after(SAVE, '-i eth0', '-i eth+')] },
  {
    row: 'mark-before-refusal',
    what: 'of addresses outside',
    changes: [after(SAVE, '-s 10.244.3.0/24 -j KUBE-MARK-MASQ', '-s 198.51.100.0/24 -j KUBE-MARK-MASQ')],
  },
  {
    row: 'mark-before-refusal',
    what: 'of that service alone',
    changes: [after(SAVE, '-s 10.244.3.0/24 -j KUBE-MARK-MASQ', '-s 10.244.3.0/24 -d 10.100.14.7/32 -j KUBE-MARK-MASQ')],
  },
  {
    row: 'mark-before-refusal',
    what: 'of everyone',
    changes: [after(SAVE, '-s 10.244.3.0/24 -j KUBE-MARK-MASQ', '-j KUBE-MARK-MASQ')],
  },
];

/** Folders of `fixtures/meaning` that are variants of rows too. */
export const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'mark-set-elsewhere': ['mark-set-elsewhere-ipv6', 'mark-consistent', 'mark-in-ipvs-mode', 'mark-postrouting-other'],
  'fallback-wrr': ['fallback-ipset'],
  'new-lb-with-source-range': ['new-lb-with-source-range-ipv6', 'range-1.20', 'range-filter-given'],
  'repaired-dnat': ['repaired-other'],
  'copy-above-the-exception': ['copy-above-the-exception-ipv6', 'copy-elsewhere', 'group-exception-lost'],
  'node-port-without-masquerade': ['node-port-without-masquerade-ipv6', 'lb-without-masquerade', 'masquerade-jump-lost'],
  'no-local-endpoint': ['no-local-endpoint-ipv6'],
  'foreign-vs-flushed': ['foreign-udp', 'foreign-fwm'],
  'node-port-moved-ipvs-only': ['node-port-moved-and-endpoint-lost', 'cluster-ip-moved', 'cluster-port-moved'],
  'input-drop-by-interface-lost': ['loopback-accept-lost', 'loopback-became-wider', 'loopback-output-accept-lost', 'bridge-accept-lost'],
  'local-policy-two-addresses': ['local-one-address'],
};

/** Rows about what is not read, not shown or partial: their tests stand elsewhere. */
export const ELSEWHERE: readonly string[] = [
  'connections-listing',
  'ipset-not-found',
  'mode-file-says-nftables',
  'nftables-mode',
  'proc-persistence',
  'shares-without-weights',
  'source-range-nat-only',
];
