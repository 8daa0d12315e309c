// `node bench/worst-cases.js`: inputs made to be expensive, each in a process of its own, at two sizes. Prints CPU time, peak memory and
// how they grow, and how many times its size each kind of work takes at most; `--write` puts that into docs/limits.md. Decides nothing.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TITLES = 'target     prot opt source               destination         \n';
const ANY = '0.0.0.0/0            0.0.0.0/0           ';
const HEADER = `Chain INPUT (policy ACCEPT)\n${TITLES}`;
const IPVS =
  'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';

const WORDS = [
  'tcp dpt:1',
  'udp dpt:1',
  'state NEW',
  'mac 00:00:00:00:00:01',
  'owner UID match 1',
  'tcp spt:1',
  'mark match 0x1',
  'length 1',
  'ttl match TTL == 1',
  'icmptype 8',
];

/** @param {number} count @param {(index: number) => string} make */
const rows = (count, make) => {
  const all = new Array(count);
  for (let index = 0; index < count; index += 1) all[index] = make(index);
  return all.join('');
};
/**
 * The same, as pieces of a thousand that are made when they are asked for. @param {number} count @param {(index: number) => string} make
 */
function* pieces(count, make) {
  for (let from = 0; from < count; from += 1_000) yield rows(Math.min(1_000, count - from), (index) => make(from + index));
}
/** @param {number} index */
const address = (index) => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

/**
 * What each input is, how it is made of a size, and what is done with it.
 * @type {readonly (readonly [what: string, task: 'parse' | 'diff' | 'check' | 'stream', size: number, make: (size: number) => string | Uint8Array])[]}
 */
const CASES = [
  ['one line of 10 / 100 MB', 'parse', 10_000_000, (size) => `${HEADER}${'x'.repeat(size)}`],
  ['one rule of 1 / 10 million "!"', 'parse', 1_000_000, (size) => `${HEADER}ACCEPT     all  --  ${ANY}${' !'.repeat(size)}\n`],
  ['openers of comments on one line', 'parse', 100_000, (size) => `${HEADER}ACCEPT     all  --  ${ANY} ${'/* '.repeat(size)}\n`],
  ['openers of quotes on one line', 'parse', 100_000, (size) => `-A INPUT -m comment --comment ${'"a '.repeat(size)}\n`],
  ['dashes of a word processor on one line', 'parse', 100_000, (size) => `*filter\n-A INPUT -m comment ${'–ab '.repeat(size)}\nCOMMIT\n`],
  [
    'rules of shapes of their own, as a stream',
    'stream',
    100_000,
    (size) =>
      pieces(
        size,
        (index) =>
          `${index === 0 ? HEADER : ''}ACCEPT     all  --  ${ANY} ${[...String(index).padStart(7, '0')].map((digit) => WORDS[Number(digit)]).join(' ')}\n`,
      ),
  ],
  ['chains', 'parse', 100_000, (size) => rows(size, (index) => `Chain C${index} (0 references)\n${TITLES}\n`)],
  [
    'rules in chains of their own, as a stream',
    'stream',
    100_000,
    (size) => pieces(size, (index) => `Chain C${index} (1 references)\n${TITLES}ACCEPT     all  --  ${ANY}\n\n`),
  ],
  ['copies of one rule', 'diff', 100_000, (size) => HEADER + `ACCEPT     all  --  ${ANY}\n`.repeat(size)],
  [
    'jumps that lead ever deeper',
    'diff',
    10_000,
    (size) =>
      `*filter\n:INPUT ACCEPT [0:0]\n${rows(size, (index) => `:C${index} - [0:0]\n`)}-A INPUT -j C0\n${rows(size - 1, (index) => `-A C${index} -j C${index + 1}\n`)}COMMIT\n`,
  ],
  [
    'jumps in a circle',
    'check',
    10_000,
    (size) =>
      `*filter\n:INPUT ACCEPT [0:0]\n${rows(size, (index) => `:C${index} - [0:0]\n`)}-A INPUT -j C0\n${rows(size, (index) => `-A C${index} -j C${(index + 1) % size}\n`)}COMMIT\n`,
  ],
  [
    'jumps from every rule into one long chain',
    'diff',
    2_000,
    (size) =>
      `*filter\n:INPUT ACCEPT [0:0]\n:C - [0:0]\n${rows(size, (index) => `-A INPUT -s ${address(index)}/32 -j C\n`)}${rows(size, (index) => `-A C -d ${address(index)}/32 -j DROP\n`)}COMMIT\n`,
  ],
  [
    'comments of escapes alone',
    'diff',
    10_000,
    (size) => HEADER + rows(size, (index) => `ACCEPT     all  --  ${ANY} /* ${'\u001b[31m'.repeat(20)}${index} */\n`),
  ],
  [
    'colours between all letters',
    'parse',
    100_000,
    (size) => HEADER + `\u001b[0mA\u001b[1mC\u001b[0mCEPT     all  --  ${ANY}\n`.repeat(size / 10),
  ],
  ['virtual services without destinations', 'diff', 100_000, (size) => IPVS + rows(size, (index) => `TCP  ${address(index)}:80 rr\n`)],
  [
    'destinations of one virtual service',
    'diff',
    100_000,
    (size) =>
      `${IPVS}TCP  10.96.0.1:80 rr\n${rows(size, (index) => `  -> ${`${address(index)}:80`.padEnd(28)} Masq    1      0          0         \n`)}`,
  ],
  [
    'members of one set',
    'diff',
    100_000,
    (size) => `create X hash:ip family inet hashsize 1024 maxelem 10000000\n${rows(size, (index) => `add X ${address(index)}\n`)}`,
  ],
  [
    'sets',
    'diff',
    10_000,
    (size) => rows(size, (index) => `create X${index} hash:ip family inet hashsize 1024 maxelem 65536\nadd X${index} 10.0.0.1\n`),
  ],
  ['names of modules', 'diff', 100_000, (size) => rows(size, (index) => `kernel/net/m${index}.ko\n`)],
  ['outputs behind prompts', 'check', 10_000, (size) => `root@node:~# ipvsadm -ln\n${IPVS}root@node:~# uname -r\n6.1.0\n`.repeat(size)],
  ['lines of prose', 'check', 100_000, (size) => 'the quick brown fox -> jumps over 10.0.0.1:80 of the lazy dog\n'.repeat(size)],
  ['lines that cannot be read', 'parse', 20_000, (size) => HEADER + rows(size, (index) => `ACCEPT ${index} 0.0.0.0/0 \u0000\n`)],
  ['JSON inside JSON', 'parse', 1_000, (size) => `${'[{"a":'.repeat(size)}1${'}]'.repeat(size)}`],
  [
    'objects nested in each other',
    'check',
    10_000,
    (size) => `{"apiVersion":"v1","kind":"List","items":${'['.repeat(size)}${']'.repeat(size)}}`,
  ],
  [
    'YAML that indents ever more',
    'check',
    1_000,
    (size) =>
      `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n${rows(size, (index) => `${' '.repeat(index)}a:\n`)}`,
  ],
  ['entities of HTML', 'parse', 100_000, (size) => `<pre>\n${IPVS}${'-&gt;&amp;&lt;'.repeat(size)}\n</pre>`],
  ['bytes that are no UTF-8', 'parse', 1_000_000, (size) => Buffer.concat([Buffer.from(HEADER), Buffer.alloc(size, 0xff)])],
  ['zero bytes', 'parse', 1_000_000, (size) => HEADER + '\u0000'.repeat(size)],
  [
    'rules, each put in before the last',
    'parse',
    100_000,
    (size) => `*filter\n:INPUT ACCEPT [0:0]\n${rows(size, (index) => `-I INPUT -s ${address(index)}/32 -j DROP\n`)}COMMIT\n`,
  ],
  [
    'rules put in anywhere',
    'parse',
    100_000,
    (size) =>
      `*filter\n:INPUT ACCEPT [0:0]\n${rows(size, (index) => `-I INPUT ${Math.floor(index / 2) + 1} -s ${address(index)}/32 -j DROP\n`)}COMMIT\n`,
  ],
  [
    'numbers of a thousand digits',
    'parse',
    1_000,
    (size) => HEADER + `ACCEPT     all  --  ${ANY} tcp dpt:${'9'.repeat(1_000)}\n`.repeat(size),
  ],
];

/**
 * Does the task and gives the size of the input. @param {string} task @param {string | Uint8Array | Iterable<string>} input @returns
 * {Promise<number>}
 */
async function work(task, input) {
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) return stream(input);
  const { readTranscript, decode } = await import('@netdrift/core');
  const {
    checkSnapshot,
    diffSnapshots,
    explainSnapshot,
    parseSection,
    readSnapshot,
    renderCheckText,
    renderExplanationText,
    renderMarkdown,
    renderText,
  } = await import('@netdrift/drift');
  const files = [{ name: 'input.txt', content: input }];
  switch (task) {
    case 'parse':
      for (const section of readTranscript(decode(input)).sections) parseSection(section);
      return input.length;
    case 'check': {
      const snapshot = readSnapshot(files);
      renderCheckText(checkSnapshot(snapshot));
      renderExplanationText(explainSnapshot(snapshot));
      return input.length;
    }
    case 'diff': {
      const text = decode(input);
      const half = text.indexOf('\n', text.length / 2) + 1;
      const cut = readSnapshot([{ name: 'input.txt', content: text.slice(0, half) }]);
      const report = diffSnapshots(readSnapshot(files), cut);
      renderText(report);
      renderMarkdown(report);
      return input.length;
    }
    default:
      throw new Error(`there is no task ${task}`);
  }
}

/** @param {Iterable<string>} input */
async function stream(input) {
  const { parseIptablesStream } = await import('@netdrift/iptables');
  let bytes = 0;
  const counted = async function* () {
    for (const piece of input) {
      bytes += piece.length;
      yield piece;
    }
  };
  for await (const item of parseIptablesStream(counted())) void item;
  return bytes;
}

/** CPU seconds and MB of one case in a process of its own. @param {number} index @param {number} times */
function measured(index, times) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--case', String(index), String(times)], {
    encoding: 'utf8',
    timeout: 600_000,
  });
  if (status !== 0)
    return {
      error:
        stderr
          .trim()
          .split('\n')
          .find((line) => /Error|killed/.test(line)) ?? `status ${status}`,
    };
  return JSON.parse(stdout);
}

/** What Node takes by itself. */
const NODE_MB = 60;
/** Of less text than this, what is measured is Node and the readers. */
const LEAST_MB = 1;

function table() {
  const lines = [
    '| input (size, and ten times that) | done with it | MB | CPU s | peak MB | MB × 10 | CPU s | peak MB | time grows |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  /** @type {Map<string, { what: string, multiple: number }>} */
  const most = new Map();
  for (const [index, [what, task, size]] of CASES.entries()) {
    const [one, ten] = [measured(index, 1), measured(index, 10)];
    const growth = ten.error === undefined ? `× ${(Math.max(ten.cpu, 0.05) / Math.max(one.cpu, 0.05)).toFixed(1)}` : ten.error;
    const shown = [one, ten].map(({ error, bytes, cpu, peak }) =>
      error === undefined ? `${(bytes / 1e6).toFixed(1)} | ${cpu.toFixed(1)} | ${peak}` : '– | – | –',
    );
    lines.push(`| ${/\d/.test(what) ? what : `${size.toLocaleString('en')} ${what}`} | ${task} | ${shown.join(' | ')} | ${growth} |`);
    console.error(lines.at(-1));
    const multiple = ten.error === undefined && ten.bytes >= LEAST_MB * 1e6 ? Math.round((ten.peak - NODE_MB) / (ten.bytes / 1e6)) : 0;
    if (multiple > (most.get(task)?.multiple ?? 0)) most.set(task, { what, multiple });
  }
  const multiples = [...most].map(([task, { what, multiple }]) => `\`${task}\` ${multiple} times (${what})`);
  return `${lines.join('\n')}\n\nBeyond the ${NODE_MB} MB of Node itself, the most at the peak, in times of the input: ${multiples.join(', ')}.`;
}

const [flag, index, times] = process.argv.slice(2);
if (flag === '--case') {
  const [, task, size, make] = CASES[Number(index)] ?? [];
  if (make === undefined || size === undefined || task === undefined) throw new Error(`there is no case ${index}`);
  const input = make(size * Number(times));
  const start = process.cpuUsage();
  const bytes = await work(task, input);
  const { user, system } = process.cpuUsage(start);
  console.log(JSON.stringify({ bytes, cpu: (user + system) / 1e6, peak: Math.round(process.resourceUsage().maxRSS / 1024) }));
} else {
  const text = table();
  console.log(text);
  const path = fileURLToPath(new URL('../docs/limits.md', import.meta.url));
  if (flag === '--write')
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/(<!-- worst cases -->\n)[\s\S]*?(<!-- \/worst cases -->)/, `$1\n${text}\n\n$2`),
    );
}
