// `node bench/diff-growth.js`: CPU seconds of a comparison at one size and at ten times that, each in a process of its own, reading not
// included. `--write` puts the table into docs/diff.md. Decides nothing.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderMarkdown, diffSnapshots, readSnapshot, renderText } from '@netdrift/drift';

/** @typedef {{ counters?: number, rolled?: number, cidr?: string, renamed?: boolean }} Drift */

/** @param {number} count @param {(index: number) => string} make */
const rows = (count, make) => Array.from({ length: count }, (_, index) => make(index)).join('');
/** A hash as kube-proxy writes them. @param {string} kind @param {number} index @param {boolean} renamed */
const hashed = (kind, index, renamed = false) =>
  `${kind}-${(index * 7_919 + (renamed ? 1_000_003 : 0)).toString(36).toUpperCase().padStart(16, 'A')}`;
/** @param {number} index */
const address = (index) => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

/** iptables-save of kube-proxy in iptables mode, services of 3 endpoints. @param {number} services @param {Drift} drift */
function proxyRules(services, { counters = 0, rolled = 0, cidr = '10.244.0.0/16', renamed = false } = {}) {
  const shares = [' -m statistic --mode random --probability 0.33333333349', ' -m statistic --mode random --probability 0.50000000000', ''];
  const service = (/** @type {number} */ index) => hashed('KUBE-SVC', index, renamed);
  const endpoint = (/** @type {number} */ index, /** @type {number} */ at) => hashed('KUBE-SEP', index * 3 + at, renamed);
  return [
    '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n:KUBE-POSTROUTING - [0:0]\n',
    rows(services, (index) => `:${service(index)} - [0:0]\n${[0, 1, 2].map((at) => `:${endpoint(index, at)} - [0:0]\n`).join('')}`),
    `[${counters}:0] -A PREROUTING -j KUBE-SERVICES\n[0:0] -A OUTPUT -j KUBE-SERVICES\n[0:0] -A POSTROUTING -j KUBE-POSTROUTING\n`,
    '[0:0] -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n[0:0] -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN\n[0:0] -A KUBE-POSTROUTING -j MASQUERADE\n',
    rows(services, (index) => {
      const comment = `-m comment --comment "default/s${index}:http`;
      const lines = [
        `-A KUBE-SERVICES -d ${address(index + (96 << 16))}/32 -p tcp ${comment} cluster IP" -m tcp --dport 80 -j ${service(index)}`,
        `-A ${service(index)} ! -s ${cidr} -d ${address(index + (96 << 16))}/32 -p tcp ${comment} cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ`,
      ];
      for (const at of [0, 1, 2]) {
        const pod = address(index * 3 + at + (index < rolled ? 200 << 16 : 244 << 16));
        lines.push(`-A ${service(index)} ${comment} -> ${pod}:8080"${shares[at]} -j ${endpoint(index, at)}`);
        lines.push(`-A ${endpoint(index, at)} -s ${pod}/32 ${comment}" -j KUBE-MARK-MASQ`);
        lines.push(`-A ${endpoint(index, at)} -p tcp ${comment}" -m tcp -j DNAT --to-destination ${pod}:8080`);
      }
      return lines.map((line) => `[${counters * 3}:${counters * 180}] ${line}\n`).join('');
    }),
    'COMMIT\n',
  ].join('');
}

/** KUBE-SERVICES of load balancers that each let in the ranges given. @param {number} count @param {readonly string[]} ranges */
const restricted = (count, ranges) =>
  `*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n-A PREROUTING -j KUBE-SERVICES\n-A OUTPUT -j KUBE-SERVICES\n${rows(
    count,
    (index) => {
      const balancer = `-d ${address(index + (96 << 16))}/32 -p tcp -m comment --comment "default/s${index}:http loadbalancer IP" -m tcp --dport 80`;
      const allowed = ranges.map((range) => `-A KUBE-SERVICES -s ${range} ${balancer} -j ACCEPT\n`).join('');
      return `${allowed}-A KUBE-SERVICES ${balancer} -j ${ranges.length > 0 ? 'DROP' : 'ACCEPT'}\n`;
    },
  )}COMMIT\n`;

/** One chain. @param {number} count @param {(index: number) => string} make */
const chain = (count, make) => `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rows(count, make)}COMMIT\n`;
/** @param {number} index */
const block = (index) => `-A INPUT -s ${address(index)}/32 -p tcp -m tcp --dport ${1 + (index % 65_535)} -j DROP\n`;
/** @param {number} count @param {number} weight */
const virtualServices = (count, weight) =>
  rows(
    count,
    (index) =>
      `-A -t ${address(index + (96 << 16))}:80 -s wrr\n${rows(10, (at) => `-a -t ${address(index + (96 << 16))}:80 -r ${address(index * 10 + at)}:8080 -m -w ${weight + at}\n`)}`,
  );

/** @type {readonly (readonly [what: string, size: number, before: (size: number) => string, after: (size: number) => string])[]} */
const CASES = [
  ['services in iptables mode (11 rules each), equal files', 500, (size) => proxyRules(size), (size) => proxyRules(size)],
  ['the same, counters differ', 500, (size) => proxyRules(size), (size) => proxyRules(size, { counters: 7 })],
  ['the same, 3 services roll over', 500, (size) => proxyRules(size), (size) => proxyRules(size, { rolled: 3 })],
  ['the same, every service rolls over', 500, (size) => proxyRules(size), (size) => proxyRules(size, { rolled: size })],
  ['the same, another cluster CIDR', 500, (size) => proxyRules(size), (size) => proxyRules(size, { cidr: '10.200.0.0/16' })],
  ['the same, every hashed chain renamed', 500, (size) => proxyRules(size), (size) => proxyRules(size, { renamed: true })],
  [
    'load-balancer addresses, each lets in everybody instead of one range',
    500,
    (size) => restricted(size, ['198.51.100.0/24']),
    (size) => restricted(size, []),
  ],
  ['rules of one chain, reversed', 10_000, (size) => chain(size, block), (size) => chain(size, (index) => block(size - 1 - index))],
  ['rules of one chain, all of them new', 10_000, (size) => chain(size, block), (size) => chain(size, (index) => block(index + size))],
  ['copies of one rule against one', 12_000, (size) => chain(size, () => block(0)), () => chain(1, block)],
  [
    'virtual services of 10 destinations, all weights changed',
    1_000,
    (size) => virtualServices(size, 1),
    (size) => virtualServices(size, 2),
  ],
];

/** @param {string} text */
const snapshot = (text) => readSnapshot([{ name: text.startsWith('-A -t') ? 'ipvsadm-Sn.txt' : 'iptables-save.txt', content: text }]);

/** CPU seconds of one case in a process of its own. @param {number} index @param {number} times @returns {{ read: number, cpu: number, peak: number }} */
function measured(index, times) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--case', String(index), String(times)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function table() {
  const lines = [
    '| case | CPU s | ten times as many: CPU s | grows | of reading both | peak MB |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  for (const [index, [what, size]] of CASES.entries()) {
    const [one, ten] = [measured(index, 1), measured(index, 10)];
    lines.push(
      `| ${what.startsWith('the same') ? what : `${size.toLocaleString('en')} ${what}`} | ${one.cpu.toFixed(1)} | ${ten.cpu.toFixed(1)} | × ${(ten.cpu / one.cpu).toFixed(1)} | ${(ten.cpu / ten.read).toFixed(1)} of ${ten.read.toFixed(1)} | ${ten.peak} |`,
    );
    console.error(lines.at(-1));
  }
  return lines.join('\n');
}

const [flag, index, times] = process.argv.slice(2);
if (flag === '--case') {
  const [, size, before, after] = CASES[Number(index)] ?? [];
  if (size === undefined || before === undefined || after === undefined) throw new Error(`there is no case ${index}`);
  const texts = [before, after].map((make) => make(size * Number(times)));
  const reading = process.cpuUsage();
  const [one, other] = texts.map(snapshot);
  if (one === undefined || other === undefined) throw new Error('there are two sides');
  const read = process.cpuUsage(reading);
  const start = process.cpuUsage();
  const report = diffSnapshots(one, other);
  renderText(report);
  renderMarkdown(report);
  const { user, system } = process.cpuUsage(start);
  console.log(
    JSON.stringify({
      read: (read.user + read.system) / 1e6,
      cpu: (user + system) / 1e6,
      peak: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
} else {
  const text = table();
  console.log(text);
  const path = fileURLToPath(new URL('../docs/diff.md', import.meta.url));
  if (flag === '--write')
    writeFileSync(path, readFileSync(path, 'utf8').replace(/(<!-- growth -->\n)[\s\S]*?(<!-- \/growth -->)/, `$1\n${text}\n\n$2`));
}
