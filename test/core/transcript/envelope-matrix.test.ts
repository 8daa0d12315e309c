import { readTranscript, type Section } from '@netdrift/core';
import { parseSection } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { OUTPUTS, type Output } from '../../support/outputs.ts';

/** What people and programs put around an output. */
interface Envelope {
  readonly name: string;
  readonly wrap: (output: Output) => string | Uint8Array;
  /** Codes of what is told of it, once each. */
  readonly told?: readonly string[];
  /** Outputs that it cannot be put around, or is not taken off, by their commands. */
  readonly except?: RegExp;
}

function eachLine(text: string, change: (line: string, number: number) => string): string {
  return `${text
    .slice(0, -1)
    .split('\n')
    .map((line, index) => change(line, index + 1))
    .join('\n')}\n`;
}

/** The first line with a figure and without quotes, in which a remark may be part of a comment. */
function rowOf(text: string): number {
  return text.split('\n').findIndex((line) => /\d/.test(line) && !line.includes('"') && !line.startsWith('#')) + 1;
}

function before(prefix: string): Envelope['wrap'] {
  return ({ text }) => eachLine(text, (line) => prefix + line);
}

function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function utf16(text: string, bigEndian: boolean): Uint8Array {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return new Uint8Array(bigEndian ? bytes.swap16() : bytes);
}

const PREFIX = ['transcript/envelope'];
const OTHER = 'Linux node-1 6.1.0-50-cloud-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02) x86_64 GNU/Linux\n';

const ENVELOPES: readonly Envelope[] = [
  ...[
    '$ ',
    '# ',
    '% ',
    '> ',
    '+ ',
    '[root@node-1 ~]# ',
    'root@node-1:~# ',
    'user@node-1 ~ % ',
    'bash-5.1# ',
    'node-1# ',
    '❯ ',
    '➜  ~ ',
    'PS C:\\> ',
  ].map((prompt): Envelope => ({
    name: `the prompt ${JSON.stringify(prompt)}`,
    wrap: ({ command, text }) => `${prompt}${command}\n${text}`,
  })),
  {
    name: 'a prompt in colours',
    wrap: ({ command, text }) => `\u001b[01;32mroot@node-1\u001b[00m:\u001b[01;34m~\u001b[00m# ${command}\n${text}`,
    told: ['transcript/colours'],
  },
  { name: 'a prompt before and after', wrap: ({ command, text }) => `root@node-1:~# ${command}\n${text}root@node-1:~# \n` },
  {
    name: 'the title of watch',
    wrap: ({ command, text }) => `Every 2.0s: ${command}${' '.repeat(20)}node-1: Thu Nov 17 10:03:18 2016\n\n${text}`,
  },
  { name: 'a title of ansible', wrap: ({ text }) => `node-1 | CHANGED | rc=0 >>\n${text}` },
  { name: 'a title of tail', wrap: ({ text }) => `==> node-1 <==\n${text}` },
  { name: 'an indent', wrap: before('    '), told: PREFIX },
  { name: 'an indent of tabs', wrap: before('\t'), told: PREFIX },
  { name: 'a quote', wrap: before('> '), told: PREFIX },
  { name: 'a quote in a quote', wrap: before('> > '), told: PREFIX },
  { name: 'an added side of a diff', wrap: before('+'), told: PREFIX },
  { name: 'a removed side of a diff', wrap: before('-'), told: PREFIX },
  // A rule of a save behind a comment sign is commented out.
  { name: 'a comment', wrap: before('# '), told: PREFIX, except: /-S/ },
  { name: 'a border', wrap: before('│ '), told: PREFIX },
  { name: 'a border on both sides', wrap: ({ text }) => eachLine(text, (line) => `│ ${line.padEnd(240)} │`), told: PREFIX },
  { name: 'a prefix of journald', wrap: before('Nov 22 22:25:00 node-1 dump[12]: '), told: PREFIX },
  { name: 'a prefix of kubectl logs', wrap: before('[pod/kube-proxy-x/kube-proxy] '), told: PREFIX },
  { name: 'a prefix of kubectl logs --timestamps', wrap: before('2020-07-30T15:45:41.123456789Z '), told: PREFIX },
  { name: 'a prefix of a container runtime', wrap: before('2020-07-30T15:45:41.123456789Z stdout F '), told: PREFIX },
  // One kind of thing, told for each prefix that is taken off.
  {
    name: 'prefixes of kubectl logs and of its timestamps',
    wrap: before('[pod/kube-proxy-x/kube-proxy] 2020-07-30T15:45:41.123456789Z '),
    told: PREFIX,
  },
  { name: 'a prefix of klog', wrap: before('I0102 03:04:05.000000       1 dump.go:12] '), told: PREFIX },
  {
    name: 'prefixes of klog with times of their own',
    wrap: ({ text }) => eachLine(text, (line, number) => `W0102 03:04:05.${String(number).padStart(6, '0')} ${number} dump.go:12] ${line}`),
    told: PREFIX,
  },
  {
    name: 'prefixes of kubectl logs and of klog',
    wrap: before('[pod/kube-proxy-x/kube-proxy] I0102 03:04:05.000000       1 dump.go:12] '),
    told: PREFIX,
  },
  {
    name: 'prefixes of a container runtime and of klog',
    wrap: before('2020-07-30T15:45:41.123456789Z stdout F I0102 03:04:05.000000       1 dump.go:12] '),
    told: PREFIX,
  },
  { name: 'a prefix of docker compose', wrap: before('ipvs_1  | '), told: PREFIX },
  { name: 'a host before each line', wrap: before('node-1: '), told: PREFIX },
  { name: 'line numbers', wrap: ({ text }) => eachLine(text, (line, number) => `${number}:${line}`), told: PREFIX },
  { name: 'a fence', wrap: ({ text }) => `\`\`\`\n${text}\`\`\`\n` },
  { name: 'a fence with a language and a prompt', wrap: ({ command, text }) => `\`\`\`console\n# ${command}\n${text}\`\`\`\n` },
  { name: 'a fence with attributes', wrap: ({ text }) => `\`\`\`{.bash .numberLines}\n${text}\`\`\`\n` },
  {
    name: 'HTML in capital letters, in a quotation',
    wrap: ({ text }) => `<BLOCKQUOTE><PRE>${entities(text).replaceAll('&gt;', '&#x3E;')}</PRE></BLOCKQUOTE>\n`,
    told: ['transcript/html'],
  },
  { name: 'HTML', wrap: ({ text }) => `<pre><code>${entities(text)}</code></pre>\n`, told: ['transcript/html'] },
  {
    name: 'a JSON string',
    wrap: ({ text }) => `"stdout": ${JSON.stringify(text)},\n`,
    told: ['transcript/json-escapes', 'transcript/set-aside'],
  },
  { name: 'line ends of Windows', wrap: ({ text }) => text.replaceAll('\n', '\r\n') },
  { name: 'UTF-16', wrap: ({ text }) => utf16(text, false), told: ['transcript/byte-order-mark'] },
  { name: 'UTF-16, big end first', wrap: ({ text }) => utf16(text, true), told: ['transcript/byte-order-mark'] },
  { name: 'a byte order mark', wrap: ({ text }) => `\ufeff${text}`, told: ['transcript/byte-order-mark'] },
  {
    name: 'colours of grep',
    wrap: ({ text }) => text.replaceAll(/\d+/g, '\u001b[01;31m\u001b[K$&\u001b[m\u001b[K'),
    told: ['transcript/colours'],
  },
  // Inside quotes they may be the tool's own.
  {
    name: 'no-break spaces',
    wrap: ({ text }) => text.replaceAll(/ {2}/g, '\u00a0 '),
    told: ['transcript/no-break-spaces'],
    except: /-S|save|modules\.builtin|ipset/,
  },
  { name: 'blanks at line ends', wrap: ({ text }) => eachLine(text, (line) => `${line}  `), except: /iptables -S|iptables-save|lsmod/ },
  { name: 'no blanks at line ends', wrap: ({ text }) => eachLine(text, (line) => line.trimEnd()) },
  // A blank line ends the members of a set.
  { name: 'blank lines doubled', wrap: ({ text }) => eachLine(text, (line) => `${line}\n`), except: /ipset list/ },
  { name: 'blank lines missing', wrap: ({ text }) => text.replaceAll('\n\n', '\n') },
  // Told by several lines of one length, which other outputs do not have.
  {
    name: 'lines broken by a terminal',
    wrap: ({ text }) => text.replaceAll(/^(.{76})(?=.)/gm, '$1\n'),
    told: ['transcript/wrapped'],
    except: /ipvsadm|proc|iptables-save|ipset|modules|lsmod/,
  },
  { name: 'another output before and after', wrap: ({ command, text }) => `# uname -a\n${OTHER}# ${command}\n${text}# uname -a\n${OTHER}` },
  { name: 'prose around', wrap: ({ text }) => `this is what I see:\n\n${text}\nwhat do you think?\n`, told: ['transcript/set-aside'] },
  { name: 'filler behind', wrap: ({ text }) => `${text}...\n`, told: ['transcript/left-out'] },
  {
    name: 'a remark beside the first row',
    wrap: ({ text }) => eachLine(text, (line, number) => (number === rowOf(text) ? `${line.trimEnd()}   <--- here` : line)),
    told: ['transcript/annotation'],
  },
];

/** What a section holds, without spans, and what is said of it above `info`. */
function meaning(section: Section): unknown {
  const { value, diagnostics } = parseSection(section);
  const plain: unknown = JSON.parse(JSON.stringify(value ?? null, (key, held: unknown) => (key === 'span' ? undefined : held)));
  return { value: plain, told: diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code} ${message}`) };
}

describe.each(ENVELOPES)('an output with $name', ({ wrap, told = [], except }) => {
  it.each(OUTPUTS.filter(({ command }) => except?.test(command) !== true))('$command means what it means alone', (output) => {
    const { sections, diagnostics } = readTranscript(wrap(output));
    const found = sections.filter(({ tool }) => tool !== 'uname');
    expect(found).toHaveLength(1);
    const [bare] = readTranscript(output.text).sections as [Section];
    // The command tells the family where the output does not.
    const { family } = found[0] as Section;
    expect(meaning(found[0] as Section)).toEqual(meaning({ ...bare, ...(family === undefined ? {} : { family }) }));
    expect(diagnostics.map(({ code }) => code).sort()).toEqual(told);
  });
});
