// `netdrift check` against the objects of a cluster, beside the time of reading the same snapshot, in each mode.
import { createHash } from 'node:crypto';
import { checkSnapshot, expectedState, readSnapshot } from '@netdrift/drift';
import { measure, table } from './measure.js';

const SERVICES = 5000;
const ENDPOINTS = 3;

/** @param {number} index @param {number} first */
const address = (index, first) => `${first}.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

/** @typedef {{ name: string, namespace: string, clusterIP: string, endpoints: string[] }} Served */

/** Services by number: the endpoints of the first ones are other pods. @param {number} count @param {number} rolled @returns {Served[]} */
const servicesOf = (count, rolled) =>
  Array.from({ length: count }, (_, index) => ({
    name: `svc-${index}`,
    namespace: `ns-${index % 97}`,
    clusterIP: address(index, 10),
    endpoints: Array.from({ length: ENDPOINTS }, (__, place) => address(index * ENDPOINTS + place, index < rolled ? 12 : 11)),
  }));

/** Their objects, and one node. @param {readonly Served[]} served */
function objects(served) {
  /** @type {unknown[]} */
  const items = [{ kind: 'Node', metadata: { name: 'node-1' }, status: { addresses: [{ type: 'InternalIP', address: '192.168.10.11' }] } }];
  for (const { name, namespace, clusterIP, endpoints } of served) {
    const slice = endpoints.map((one, place) => ({ addresses: [one], conditions: { ready: true }, nodeName: `node-${place}` }));
    items.push({
      kind: 'Service',
      metadata: { name, namespace },
      spec: { clusterIP, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
    });
    items.push({
      kind: 'EndpointSlice',
      metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: slice,
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    });
  }
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** A node in ipvs mode that does what the objects ask for. @param {string} content */
function ipvsNode(content) {
  const { ipvs } = expectedState(readSnapshot([{ name: 'objects.json', content }]), { nodeName: 'node-1', version: '1.30', mode: 'ipvs' });
  const tables = (ipvs?.rules.ipv4 ?? [])
    .join('\n')
    .split(/(?=^\*)/m)
    .map((text) => `${text.replace('\n', `\n${chainsOf(text)}`).trimEnd()}\nCOMMIT\n`);
  return [
    { name: 'ipvsadm-Sn.txt', content: ipvs?.ipvsadm ?? '' },
    { name: 'ipset-save.txt', content: ipvs?.ipset ?? '' },
    { name: 'iptables-save.txt', content: tables.join('') },
  ];
}

/** @param {string} text */
function chainsOf(text) {
  const names = new Set([...text.matchAll(/^-A (\S+)| -j (KUBE-\S+)$/gm)].map(([, chain, target = '']) => chain ?? target));
  return [...names].map((name) => `:${name} ${name.startsWith('KUBE-') ? '-' : 'ACCEPT'} [0:0]\n`).join('');
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The first characters of a SHA-256 sum in base 32, as in names of chains. @param {string} text @param {number} length */
function hash(text, length) {
  const bits = [...createHash('sha256').update(text).digest().subarray(0, 10)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length }, (_, index) => BASE32[Number.parseInt(bits.slice(index * 5, index * 5 + 5), 2)]).join('');
}

/** The same in iptables mode. @param {readonly Served[]} served */
function iptablesNode(served) {
  /** @type {string[]} */
  const nat = [
    '-A PREROUTING -j KUBE-SERVICES',
    '-A OUTPUT -j KUBE-SERVICES',
    '-A POSTROUTING -j KUBE-POSTROUTING',
    '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
  ];
  nat.push(
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
    '-A KUBE-POSTROUTING -j MASQUERADE --random-fully',
  );
  for (const { name, namespace, clusterIP, endpoints } of served) {
    const port = `${namespace}/${name}:http`;
    const chain = `KUBE-SVC-${hash(`${port}tcp`, 16)}`;
    const place = `-d ${clusterIP}/32 -p tcp -m comment --comment "${port} cluster IP" -m tcp --dport 80`;
    nat.push(`-A KUBE-SERVICES ${place} -j ${chain}`, `-A ${chain} ! -s 11.0.0.0/8 ${place} -j KUBE-MARK-MASQ`);
    for (const [index, endpoint] of endpoints.entries()) {
      const to = `KUBE-SEP-${hash(`${port}tcp${endpoint}:8080`, 16)}`;
      const share =
        index === endpoints.length - 1 ? '' : ` -m statistic --mode random --probability ${(1 / (endpoints.length - index)).toFixed(11)}`;
      nat.push(`-A ${chain} -m comment --comment "${port} -> ${endpoint}:8080"${share} -j ${to}`);
      nat.push(
        `-A ${to} -s ${endpoint}/32 -m comment --comment "${port}" -j KUBE-MARK-MASQ`,
        `-A ${to} -p tcp -m comment --comment "${port}" -m tcp -j DNAT --to-destination ${endpoint}:8080`,
      );
    }
  }
  nat.push('-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS');
  const state = '-m conntrack --ctstate';
  const filter = [
    `-A INPUT ${state} NEW -j KUBE-PROXY-FIREWALL`,
    '-A INPUT -j KUBE-NODEPORTS',
    `-A INPUT ${state} NEW -j KUBE-EXTERNAL-SERVICES`,
  ];
  filter.push(
    `-A FORWARD ${state} NEW -j KUBE-PROXY-FIREWALL`,
    '-A FORWARD -j KUBE-FORWARD',
    `-A FORWARD ${state} NEW -j KUBE-SERVICES`,
    `-A FORWARD ${state} NEW -j KUBE-EXTERNAL-SERVICES`,
  );
  filter.push(
    `-A OUTPUT ${state} NEW -j KUBE-PROXY-FIREWALL`,
    `-A OUTPUT ${state} NEW -j KUBE-SERVICES`,
    `-A KUBE-FORWARD ${state} INVALID -j DROP`,
    '-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT',
    `-A KUBE-FORWARD ${state} RELATED,ESTABLISHED -j ACCEPT`,
  );
  const empty = {
    nat: [':KUBE-NODEPORTS - [0:0]'],
    filter: ['PROXY-FIREWALL', 'NODEPORTS', 'EXTERNAL-SERVICES', 'SERVICES'].map((name) => `:KUBE-${name} - [0:0]`),
  };
  const save = (/** @type {'nat' | 'filter'} */ name, /** @type {string[]} */ lines) =>
    `*${name}\n${empty[name].join('\n')}\n${chainsOf(lines.join('\n'))}${lines.join('\n')}\nCOMMIT\n`;
  return [{ name: 'iptables-save.txt', content: save('nat', nat) + save('filter', filter) }];
}

/** The same in nftables mode. @param {readonly Served[]} served */
function nftablesNode(served) {
  const chain = (/** @type {string} */ name, /** @type {string[]} */ ...rules) =>
    `\tchain ${name} {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`;
  const set = (/** @type {string} */ head, /** @type {string} */ type, /** @type {string[]} */ elements) =>
    `\t${head} {\n\t\ttype ${type}\n${elements.length === 0 ? '' : `\t\telements = { ${elements.join(',\n\t\t\t     ')} }\n`}\t}\n`;
  /** @type {string[]} */
  const chains = [];
  const places = served.map(({ name, namespace, clusterIP, endpoints }) => {
    const base = `${namespace}/${name}/tcp/http`;
    const named = (/** @type {string} */ role, /** @type {string} */ text) => `${role}-${hash(text, 8)}-${text}`;
    const targets = endpoints.map((one) => named('endpoint', `${base}__${one}/8080`));
    for (const [index, one] of endpoints.entries())
      chains.push(chain(targets[index] ?? '', `ip saddr ${one} jump mark-for-masquerade`, `meta l4proto tcp dnat to ${one}:8080`));
    chains.push(
      chain(
        named('service', base),
        `ip daddr ${clusterIP} tcp dport 80 ip saddr != 11.0.0.0/8 jump mark-for-masquerade`,
        `numgen random mod ${targets.length} vmap { ${targets.map((target, index) => `${index} : goto ${target}`).join(', ')} }`,
      ),
    );
    return `${clusterIP} . tcp . 80 : goto ${named('service', base)}`;
  });
  const triple = 'ipv4_addr . inet_proto . inet_service : verdict';
  const sets = [
    set(
      'set cluster-ips',
      'ipv4_addr',
      served.map(({ clusterIP }) => clusterIP),
    ),
    set('set nodeport-ips', 'ipv4_addr', ['192.168.10.11']),
    set('map service-ips', triple, places),
  ];
  sets.push(
    ...['no-endpoint-services', 'firewall-ips'].map((name) => set(`map ${name}`, triple, [])),
    ...['no-endpoint-nodeports', 'service-nodeports'].map((name) => set(`map ${name}`, 'inet_proto . inet_service : verdict', [])),
  );
  const fixed = [
    chain('nat-prerouting', 'type nat hook prerouting priority dstnat; policy accept;', 'jump services'),
    chain('nat-output', 'type nat hook output priority -100; policy accept;', 'jump services'),
    chain('nat-postrouting', 'type nat hook postrouting priority srcnat; policy accept;', 'jump masquerading'),
    chain(
      'services',
      'ip daddr . meta l4proto . th dport vmap @service-ips',
      'ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports',
    ),
    chain('masquerading', 'meta mark & 0x00004000 == 0x00000000 return', 'meta mark set meta mark ^ 0x00004000', 'masquerade fully-random'),
    chain('mark-for-masquerade', 'meta mark set meta mark | 0x00004000'),
  ];
  return [{ name: 'nft-list-ruleset.txt', content: `table ip kube-proxy {\n${[...sets, ...fixed, ...chains].join('\n')}}\n` }];
}

/**
 * The files of a node and its cluster. @param {'ipvs' | 'iptables' | 'nftables'} mode @param {number} count of services @param {number} rolled
 * services whose endpoints are other pods
 */
export function files(mode, count = SERVICES, rolled = 0) {
  const served = servicesOf(count, rolled);
  const content = objects(served);
  const node = { ipvs: () => ipvsNode(content), iptables: () => iptablesNode(served), nftables: () => nftablesNode(served) }[mode];
  return [...node(), { name: 'objects.json', content }, { name: 'kube-proxy-version.txt', content: 'Kubernetes v1.30.3\n' }];
}

/** CPU time of reading a snapshot and of checking it, and how many findings are above `none`: no service is one. */
export function checking() {
  const rows = /** @type {const} */ (['ipvs', 'iptables', 'nftables']).map((mode) => {
    const texts = files(mode);
    const snapshot = readSnapshot(texts);
    const { read, check } = measure({ read: () => readSnapshot(texts), check: () => checkSnapshot(snapshot) }, 3);
    const loud = checkSnapshot(snapshot).findings.filter(({ severity }) => severity !== 'none');
    if (process.env['BENCH_FINDINGS'] !== undefined) for (const { id, text } of loud) console.log(mode, id, text);
    return [mode, SERVICES, ENDPOINTS, `${Math.round(read)} ms`, `${Math.round(check)} ms`, `${(check / read).toFixed(2)} ×`, loud.length];
  });
  return table(['check against objects', 'services', 'endpoints each', 'reading', 'check', 'check / reading', 'findings'], rows);
}
