import type { Random } from './random.ts';
import { chosen, type Seed } from './seed.ts';

type Mutation = (bytes: Buffer, random: Random, other: () => Buffer) => Buffer;

/** Words that mean something to one of the readers, or that are known to be hard. */
const WORDS: readonly string[] = [
  '/*',
  '*/',
  '/* ',
  ' */',
  '"',
  '\\"',
  "'",
  '`',
  '\\',
  '!',
  '! ',
  '--',
  '->',
  '  -> ',
  ':',
  '[',
  ']',
  '[goto] ',
  '0.0.0.0/0',
  '::/0',
  'anywhere',
  '10.96.0.10',
  '[fd00::1]:80',
  ':65536',
  'tcp',
  'TCP  ',
  'UDP  ',
  'FWM  1',
  'IPv6',
  'all',
  '6',
  'rr',
  'persistent 360',
  'ops',
  'mask 255.255.255.0',
  'Masq',
  'Route',
  '-1',
  '99999999999999999999',
  '1234K',
  '0x4000/0x4000',
  'Chain ',
  'Chain X (1 references)',
  '(policy ACCEPT)',
  'target     prot opt source               destination',
  '*nat',
  'COMMIT',
  ':INPUT ACCEPT [0:0]',
  '-A INPUT',
  '-j ',
  '-m comment --comment ',
  'tcp dpt:80',
  'multiport dports 80,443',
  'match-set KUBE-CLUSTER-IP dst,dst',
  'MARK or 0x4000',
  'to:10.0.0.1:80',
  'statistic mode random probability 0.5',
  'UNKNOWN match',
  'Name: ',
  'Type: hash:ip',
  'Members:',
  'create X hash:ip',
  'add X ',
  'kernel/net/ip_vs.ko',
  'ip_vs 1 0',
  '__proto__',
  'constructor',
  '\u0000',
  '\u001b[31m',
  '\u001b]0;x\u0007',
  '\r',
  '\r\n',
  '\n',
  '\n\n',
  '\t',
  ' ',
  '    ',
  '\u00a0',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\ud83d\ude00',
  '$ ',
  '# ',
  'root@node:~# ipvsadm -ln\n',
  '$ iptables -t nat -nL\n',
  '> ',
  '```',
  '&gt;',
  '<pre>',
  '│ ',
  '...',
  '\\n',
  '\\u001b',
  '{"a":"',
  'I0101 00:00:00.000000       1 x.go:1] ',
  '# Warning: iptables-legacy tables present, use iptables-legacy to see them\n',
  "Can't initialize ipvs: Protocol not available\n",
];

const MUTATIONS: readonly Mutation[] = [
  // A bit, a byte, a run of bytes.
  (bytes, random) => replaced(bytes, random.below(bytes.length + 1), 1, Buffer.from([1 << random.below(8)])),
  (bytes, random) => replaced(bytes, random.below(bytes.length + 1), 1, Buffer.from([random.below(256)])),
  (bytes, random) => replaced(bytes, random.below(bytes.length + 1), random.below(20), Buffer.alloc(0)),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  // A word in place of nothing, of a few bytes, or many times over.
  (bytes, random) => replaced(bytes, random.below(bytes.length + 1), 0, Buffer.from(random.pick(WORDS))),
  (bytes, random) => replaced(bytes, random.below(bytes.length + 1), random.below(8), Buffer.from(random.pick(WORDS))),
  (bytes, random) => replaced(bytes, random.below(bytes.length + 1), 0, Buffer.from(random.pick(WORDS).repeat(1 + random.below(40)))),
  // Lines: gone, doubled, exchanged, taken from another text, given a prefix.
  onLines((lines, random) => lines.splice(random.below(lines.length), 1 + random.below(3))),
  onLines((lines, random) => lines.splice(random.below(lines.length), 0, lines[random.below(lines.length)] ?? '')),
  onLines((lines, random) => {
    const [one, other] = [random.below(lines.length), random.below(lines.length)];
    [lines[one], lines[other]] = [lines[other] ?? '', lines[one] ?? ''];
  }),
  onLines((lines, random, other) => {
    const others = linesOf(other());
    lines.splice(random.below(lines.length), 0, ...others.slice(random.below(others.length)).slice(0, 1 + random.below(6)));
  }),
  onLines((lines, random) => {
    const prefix = random.pick(WORDS);
    for (const [index, line] of lines.entries()) lines[index] = prefix + line;
  }),
  // Columns: two words of a line exchanged, a blank more or less.
  onLines((lines, random) => {
    const at = random.below(lines.length);
    const words = (lines[at] ?? '').split(' ');
    words.splice(random.below(words.length), 0, ...words.splice(random.below(words.length), 1));
    lines[at] = words.join(' ');
  }),
  // The form of the whole.
  (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
  (bytes) => Buffer.from(`\ufeff${bytes.toString('latin1')}`, 'utf16le'),
  (bytes) => Buffer.from(JSON.stringify(bytes.toString('latin1'))),
];

/** A text made from real ones by a few changes. */
export function mutated(seeds: readonly Seed[], random: Random): Buffer {
  const other = (): Buffer => chosen(seeds, random);
  let bytes = other();
  for (let count = random.below(6); count >= 0; count -= 1) bytes = random.pick(MUTATIONS)(bytes, random, other);
  return bytes;
}

function replaced(bytes: Buffer, at: number, length: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(Math.min(bytes.length, at + length))]);
}

function linesOf(bytes: Buffer): string[] {
  return bytes.toString('latin1').split('\n');
}

function onLines(change: (lines: string[], random: Random, other: () => Buffer) => void): Mutation {
  return (bytes, random, other) => {
    const lines = linesOf(bytes);
    change(lines, random, other);
    return Buffer.from(lines.join('\n'), 'latin1');
  };
}
