// `node bench/commands.js [kind...]`: whole runs of every command on a node of some services and on one of ten times as many, and how the
// time grows. The start of Node is taken off. `--size 2000` is the smaller one, `--write` puts the table into docs/performance.md.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { files } from './checking.js';
import { table, timeOf } from './measure.js';

const program = fileURLToPath(new URL('../packages/cli/dist/netdrift.js', import.meta.url));

const { values, positionals } = parseArgs({
  options: { size: { type: 'string', default: '500' }, write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const SMALL = Number(values.size);

/** Beside the rules of services, as network plugins have them. */
const MANGLE = `*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xff0000 --ctmask 0xff0000
-A PREROUTING -i eth0 -p udp -m udp --dport 8472 -j MARK --set-xmark 0x10000/0x10000
-A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
-A POSTROUTING -m mark --mark 0x10000/0x10000 -j CONNMARK --save-mark --nfmask 0xff0000 --ctmask 0xff0000
COMMIT
`;

const home = mkdtempSync(join(tmpdir(), 'netdrift-bench-'));

/**
 * Writes a node, with a mangle table and without the objects of the cluster. @param {'ipvs' | 'iptables' | 'nftables'} mode @param {number}
 * size @param {number} rolled @param {string} cluster
 */
function node(mode, size, rolled, cluster = '') {
  const folder = join(home, `${cluster}${mode}-${size}-${rolled}`);
  mkdirSync(folder);
  const all = files(mode, size, rolled);
  for (const { name, content } of all)
    if (name !== 'objects.json') writeFileSync(join(folder, name), name === 'iptables-save.txt' ? content + MANGLE : content);
  const objects = `${folder}-objects.json`;
  writeFileSync(objects, all.find(({ name }) => name === 'objects.json')?.content ?? '');
  return { folder, objects };
}

/** A firewall: rules of one chain about addresses and ports, in no order. @param {number} size @param {number} from the first of them */
function firewall(size, from) {
  const folder = join(home, `firewall-${size}-${from}`);
  mkdirSync(folder);
  const rules = Array.from({ length: size }, (_, index) => {
    const at = ((from + index) * 7_919) % 1_000_003;
    const source = `10.${(at >> 8) & 255}.${at & 255}.0/${20 + (at % 5)}`;
    return `-A INPUT -s ${source} -p ${at % 3 === 0 ? 'udp' : 'tcp'} --dport ${at % 60_000}:${(at % 60_000) + 50} -j ${at % 7 === 0 ? 'ACCEPT' : 'DROP'}\n`;
  });
  const text = `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules.join('')}COMMIT\n`;
  writeFileSync(join(folder, 'iptables-save.txt'), text);
  return folder;
}

/** @typedef {Readonly<Record<string, readonly string[]>>} Commands */

/** @param {'ipvs' | 'iptables' | 'nftables'} mode @returns {(size: number) => Commands} */
const proxy = (mode) => (size) => {
  const [one, few, every] = [node(mode, size, 0), node(mode, size, 3), node(mode, size, size)];
  const main = join(one.folder, { ipvs: 'ipvsadm-Sn.txt', iptables: 'iptables-save.txt', nftables: 'nft-list-ruleset.txt' }[mode]);
  return {
    parse: ['parse', main],
    'parse --format jsonl': ['parse', '--format', 'jsonl', main],
    'diff of equal nodes': ['diff', one.folder, one.folder],
    'diff, 3 services changed': ['diff', one.folder, few.folder],
    'diff, every service changed': ['diff', one.folder, every.folder],
    'diff --nodes, 3 nodes': ['diff', '--nodes', one.folder, one.folder, few.folder],
    check: ['check', one.folder],
    'check --expect objects': ['check', one.folder, '--expect', one.objects],
    explain: ['explain', one.folder],
    trace: ['trace', one.folder, 'tcp 10.0.0.7:80'],
    digest: ['digest', one.folder],
    expect: ['expect', one.objects, '--node', 'node-1', '--mode', mode],
  };
};

/** @type {Readonly<Record<string, (size: number) => Commands>>} */
const kinds = {
  iptables: proxy('iptables'),
  ipvs: proxy('ipvs'),
  nftables: proxy('nftables'),
  firewall: (size) => {
    const [one, few, every] = [firewall(size * 11, 0), firewall(size * 11, 3), firewall(size * 11, size * 11)];
    return {
      'diff, 3 rules gone and 3 new': ['diff', one, few],
      'diff, every rule another': ['diff', one, every],
      check: ['check', one],
      trace: ['trace', one, 'tcp 10.0.0.7 -> 192.0.2.1:80'],
    };
  },
  nodes: (size) => {
    const folders = Array.from({ length: size / 50 }, (_, index) => node('ipvs', 50, index, `${size}-`));
    return { 'diff --nodes, 10 and 100 nodes of 50 services': ['diff', '--nodes', ...folders.map(({ folder }) => folder)] };
  },
};
const start = timeOf([process.execPath, program, '--version']);
/** @param {readonly string[]} words */
const secondsOf = (words) => (timeOf([process.execPath, program, ...words]) - start) / 1000;
const rows = Object.entries(kinds)
  .filter(([kind]) => positionals.length === 0 || positionals.includes(kind))
  .flatMap(([kind, commands]) => {
    const [small, large] = [commands(SMALL), commands(SMALL * 10)];
    return Object.entries(small).map(([what, words]) => {
      const [one, ten] = [secondsOf(words), secondsOf(large[what] ?? [])];
      const row = [kind, what, one.toFixed(2), ten.toFixed(2), `× ${(ten / one).toFixed(1)}`];
      console.error(row.join(' | '));
      return row;
    });
  });
rmSync(home, { recursive: true });
const [few = '', many = ''] = [SMALL, SMALL * 10].map((size) => `${size.toLocaleString('en')} services (firewall: × 11 rules), CPU s`);
const text = table(['kind', 'command', few, many, 'grows'], rows);
console.log(text);
if (values.write) {
  const path = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
  const marks = /(<!-- commands -->\n)[\s\S]*?(<!-- \/commands -->)/;
  writeFileSync(path, readFileSync(path, 'utf8').replace(marks, `$1\n${text}\n\n$2`));
}
