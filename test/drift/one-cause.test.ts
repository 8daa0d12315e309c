import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diffSnapshots, readSnapshot, renderText } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const RULES = 'fixtures/drift/changes/policy-to-local-iptables/before/iptables-save.txt';
const DEMO = 'fixtures/demo/before';
const SETS = ['iptables-save.txt', 'ipset-save.txt', 'ip-addr-kube-ipvs0.txt', 'ipvsadm-Sn.txt'].map((name) => `${DEMO}/${name}`);

type Edit = (text: string) => string;

/** Each entry of the report without its details, where files are edited on one side. */
function told(
  paths: readonly string[],
  edit: Edit,
  more: Readonly<Record<string, readonly [string, string]>> = {},
  direction: 'forth' | 'back' = 'forth',
): string[] {
  const files = (side: 0 | 1): { name: string; content: string }[] => [
    ...paths.map((path) => {
      const content = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
      return { name: path.slice(path.lastIndexOf('/') + 1), content: side === 0 ? content : edit(content) };
    }),
    ...Object.entries(more).map(([name, contents]) => ({ name, content: contents[side] })),
  ];
  const [whole, edited] = [readSnapshot(files(0)), readSnapshot(files(1))];
  const report = renderText(direction === 'forth' ? diffSnapshots(whole, edited) : diffSnapshots(edited, whole));
  return report.split('\n').filter((line) => /^(?:CRITICAL|WARNING|NOTICE)/.test(line));
}

const same: Edit = (text) => text;
const without =
  (lines: RegExp): Edit =>
  (text) =>
    text
      .split('\n')
      .filter((line) => !lines.test(line))
      .join('\n');
const before =
  (line: string, added: string): Edit =>
  (text) =>
    text.replace(line, `${added}\n${line}`);

describe('one cause is one story', () => {
  it('where a rule drops what some endpoints get, whatever services they belong to', () => {
    expect(told([RULES], before('-A FORWARD', '-A FORWARD -d 10.244.1.0/24 -j DROP'))).toMatchInlineSnapshot(`
      [
        "CRITICAL  at least 33 service addresses of default/nginx, prod/cart, prod/chat and 11 more: all or a part of the new connections from pods and from outside are dropped; they went to the endpoints of each service.",
      ]
    `);
  });

  it('where no endpoint is masqueraded to itself any more', () => {
    expect(told([RULES], without(/^-A KUBE-SEP-\S+ -s .* -j KUBE-MARK-MASQ$/))).toMatchInlineSnapshot(`
      [
        "WARNING   default/nginx, kube-system/kube-dns:dns, kube-system/kube-dns:dns-tcp and 16 more: endpoints can no longer reach themselves through their service; connections from an endpoint to itself are no longer masqueraded.",
      ]
    `);
  });

  it('where somebody led the endpoints of many services elsewhere', () => {
    expect(told([RULES], (text) => text.replace(/--to-destination 10\.244\.1\./g, '--to-destination 10.244.7.'))).toMatchInlineSnapshot(`
      [
        "WARNING   default/nginx, prod/cart:http, prod/chat and 12 more: connections go to other endpoints now; chains are not named after them, so kube-proxy did not write this.",
      ]
    `);
  });

  it('where the jump to the services is gone, and a refusal for want of local endpoints stays', () => {
    expect(told([RULES], without(/^-A PREROUTING .* -j KUBE-SERVICES$/))).toMatchInlineSnapshot(`
      [
        "CRITICAL  PREROUTING no longer jumps to KUBE-SERVICES: connections to services are neither translated nor marked there.",
      ]
    `);
  });

  it('where a load balancer gets source ranges', () => {
    const name = 'YB6E5WHUG7DCYFZ5';
    const edit: Edit = (text) =>
      [
        before(':KUBE-FW-YFD5YCCWANAYJE2S', `:KUBE-FW-${name} - [0:0]`),
        before('-A KUBE-FW-YFD5', `-A KUBE-FW-${name} -s 10.0.0.0/8 -m comment --comment "prod/open loadbalancer IP" -j KUBE-EXT-${name}`),
        before('-A KUBE-PROXY-FIREWALL', '-A KUBE-PROXY-FIREWALL -d 192.0.2.51/32 -p tcp -m tcp --dport 80 -j DROP'),
        (one: string) => one.replace(/^(-A KUBE-SERVICES -d 192\.0\.2\.51\/32 .*) -j KUBE-EXT-/m, '$1 -j KUBE-FW-'),
      ].reduce((one, change) => change(one), text);
    expect(told([RULES], edit)).toMatchInlineSnapshot(`
      [
        "CRITICAL  prod/open (load-balancer IP, tcp 192.0.2.51:80): connections are let in from 10.0.0.0/8 alone, others are dropped (any source was let in before).",
      ]
    `);
  });

  it('where all endpoints of a node have weight 0', () => {
    const edit: Edit = (text) => text.replace(/(-r 10\.244\.1\.\d+:\d+ -m -w) 1/g, '$1 0');
    expect(told([`${DEMO}/ipvsadm-Sn.txt`], edit)).toMatchInlineSnapshot(`
      [
        "CRITICAL  no service leads to 10.244.1.0/24 any more: 10 service addresses lost 10.244.1.21, 10.244.1.22, 10.244.1.32 and 10.244.1.40, as when a node is drained or lost.",
      ]
    `);
  });

  it('where the addresses of one service without a name change alike', () => {
    const edit: Edit = (text) =>
      text.replace(/(-A -t \S+:(?:30080|80) -s rr)/g, '$1 -p 600').replace('10.96.78.31:80 -s rr -p 600', '10.96.78.31:80 -s rr');
    expect(told([`${DEMO}/ipvsadm-Sn.txt`], edit)).toMatchInlineSnapshot(`
      [
        "NOTICE    tcp 10.101.7.80:80 (also 10.244.0.1:30080 and 192.168.10.11:30080): clients now stay with their endpoint (persistence 600 s).",
      ]
    `);
  });

  it('where the interface of ipvs mode is gone', () => {
    const edit: Edit = (text) => (text.includes('kube-ipvs0:') ? 'Device "kube-ipvs0" does not exist.\n' : text);
    expect(told(SETS, edit)).toMatchInlineSnapshot(`
      [
        "CRITICAL  interface kube-ipvs0 does not exist any more: the node does not take packets to 6 service addresses, although virtual services have them.",
      ]
    `);
  });
});

describe('what no rule shows is told', () => {
  it('where the node no longer forwards', () => {
    const settings: readonly [string, string] = ['net.ipv4.ip_forward = 1\n', 'net.ipv4.ip_forward = 0\n'];
    expect(told([RULES], same, { 'sysctl.txt': settings })).toMatchInlineSnapshot(`
      [
        "CRITICAL  kernel setting net.ipv4.ip_forward 1 → 0: the node forwards no packets any more; connections of pods, and from outside to pods, get no further.",
      ]
    `);
  });

  it('where IPVS no longer tracks, and where a setting means nothing without virtual services', () => {
    const settings: readonly [string, string] = ['net.ipv4.vs.conntrack = 1\n', 'net.ipv4.vs.conntrack = 0\n'];
    expect(told(SETS, same, { 'sysctl.txt': settings })).toMatchInlineSnapshot(`
      [
        "WARNING   kernel setting net.ipv4.vs.conntrack 1 → 0: connections that IPVS forwards are not tracked any more, so no rule masquerades them; endpoints see the address of the client.",
      ]
    `);
    expect(told([RULES], same, { 'sysctl.txt': settings })).toEqual([]);
  });

  it('where bridges go past the rules, and of settings that nobody models', () => {
    const settings: readonly [string, string] = [
      'net.bridge.bridge-nf-call-iptables = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.netfilter.nf_conntrack_count = 7\n',
      'net.bridge.bridge-nf-call-iptables = 0\nnet.ipv4.conf.all.rp_filter = 1\nnet.netfilter.nf_conntrack_count = 9\n',
    ];
    expect(told([RULES], same, { 'sysctl.txt': settings })).toMatchInlineSnapshot(`
      [
        "WARNING   kernel setting net.bridge.bridge-nf-call-iptables 1 → 0: packets between ports of one bridge no longer meet the rules of iptables; a pod that gets by a service to an endpoint on the same bridge gets no answer it knows.",
        "NOTICE    kernel setting net.ipv4.conf.all.rp_filter 0 → 1; what it does to packets is not modelled.",
      ]
    `);
  });

  it('where a program that comes takes the port of a service', () => {
    const edit: Edit = (text) =>
      [
        before(':KUBE-EXT-7AEEYV6PRAAREO34', ':DOCKER - [0:0]'),
        before('-A PREROUTING', '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER'),
        before('-A OUTPUT -m comment', '-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER'),
        before('-A KUBE-EXT-7AEEYV6PRAAREO34', '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 30080 -j DNAT --to-destination 172.17.0.2:80'),
      ].reduce((one, change) => change(one), text);
    const nat: Edit = (text) => {
      const at = text.indexOf('*nat');
      return text.slice(0, at) + edit(text.slice(at));
    };
    expect(told([RULES], nat)).toMatchInlineSnapshot(`
      [
        "CRITICAL  prod/web:http (node port, tcp port 30080): new connections from pods, from outside that do not arrive by docker0 and from this node itself go to 172.17.0.2:80; they went to 10.244.0.31:8080 and 10.244.1.32:8080 (50 % each).",
        "NOTICE    Docker has rules now: built-in chains lead into its chains (1 chain or rule).",
      ]
    `);
  });
});

describe('addresses of a service that no longer lead to the same endpoints', () => {
  const CAPTURE = ['fixtures/three-modes/iptables/iptables-save.txt', 'fixtures/three-modes/iptables/ip-addr.txt'];
  const edits: readonly (readonly [what: string, edit: Edit])[] = [
    [
      'most of them are led to another service',
      (text) => text.replace(/^(-A KUBE-EXT-4U2PUDR55AT5NT2Z -j )KUBE-SVC-.*$/m, '$1KUBE-SVC-2CMXP7HKUVJN7L6M'),
    ],
    [
      'one of two is led to another service',
      (text) => text.replace(/^(-A KUBE-NODEPORTS .*--dport 31104 -j )KUBE-EXT-.*$/m, '$1KUBE-EXT-4U2PUDR55AT5NT2Z'),
    ],
    [
      'most of them lose an endpoint',
      (text) => text.replace(/^(-A KUBE-EXT-4U2PUDR55AT5NT2Z -j )KUBE-SVC-.*$/m, '$1KUBE-SEP-5NN2PYBBUW7O4PAC'),
    ],
  ];

  it.each(edits)('are told with the change that led them apart, and with the one that undoes it: %s', (_, edit) => {
    expect(told(CAPTURE, edit).length).toBe(1);
    expect(told(CAPTURE, edit, {}, 'back').length).toBe(1);
  });
});
