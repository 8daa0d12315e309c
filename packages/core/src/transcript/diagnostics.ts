import type { Severity } from '../diagnostic.ts';

/** One code of the transcript stage: what it means, and a minimal input that raises it. */
export interface TranscriptCode {
  readonly severity: Severity;
  readonly meaning: string;
  readonly sample: string;
}

const LISTING = 'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n';

/** Every code that `readTranscript` gives. */
export const transcriptCodes: ReadonlyMap<string, TranscriptCode> = new Map([
  ['transcript/nothing-found', { severity: 'error', meaning: 'the text holds no output of a known tool', sample: 'hello\n' }],
  ['transcript/set-aside', { severity: 'info', meaning: 'lines that are not output of a known tool', sample: `see below\n${LISTING}` }],
  [
    'transcript/terminal-lines',
    {
      severity: 'info',
      meaning: 'a terminal filled up its lines with blanks',
      sample: LISTING.replace(/^.*$/gm, (line) => (line === '' ? line : line.padEnd(100))).repeat(2),
    },
  ],
  [
    'transcript/shell-messages',
    { severity: 'info', meaning: 'a shell answered in another language', sample: 'bash: ipvsadm: Kommando nicht gefunden.\n' },
  ],
  [
    'transcript/json-lines',
    {
      severity: 'info',
      meaning: 'the lines of an output were a list of JSON strings',
      sample: LISTING.replace(/^.+$/gm, (line) => `    "${line}",`),
    },
  ],
  [
    'transcript/mixed-machines',
    {
      severity: 'info',
      meaning: 'lines of several machines or pods, each with a name before it, stood mixed and are read one machine after the other',
      sample: LISTING.replace(/^.+\n/gm, (line) => `lb1: ${line}lb2: ${line}`),
    },
  ],
  [
    'transcript/other-programs',
    {
      severity: 'info',
      meaning: "lines of other programs stand between those of kube-proxy's log",
      sample: `${['kube-proxy', 'kubelet']
        .map((name) => `Jan 02 03:04:05 node-1 ${name}[1]: I0102 03:04:05.000000       1 main.go:12] "x"\n`)
        .join('')}`,
    },
  ],
  [
    'transcript/left-out',
    {
      severity: 'warning',
      meaning: 'lines were left out where the output was pasted',
      sample: `${LISTING}TCP  10.0.0.1:80 rr\n...\nTCP  10.0.0.2:80 rr\n`,
    },
  ],
  [
    'transcript/envelope',
    {
      severity: 'info',
      meaning: 'a prefix before each line of an output is removed',
      sample: `> ${LISTING.trimEnd().replace('\n', '\n> ')}`,
    },
  ],
  [
    'transcript/annotation',
    {
      severity: 'warning',
      meaning: 'a remark after a row is removed',
      sample: `${LISTING}TCP  10.0.0.1:80 rr   <--- here\n`,
    },
  ],
  [
    'transcript/wrapped',
    {
      severity: 'warning',
      meaning: 'a line wrapped by a terminal is joined again',
      sample: `*nat\n${`-A KUBE-SERVICES -m comment --comment "${'x'.repeat(41)}\n" -j KUBE-SVC\n`.repeat(2)}COMMIT\n`,
    },
  ],
  [
    'transcript/long-line',
    {
      severity: 'error',
      meaning: 'a line is longer than a line of any output can be and is not read',
      sample: `${LISTING}${'x'.repeat(1_048_577)}\n`,
    },
  ],
  [
    'transcript/too-many-sections',
    {
      severity: 'error',
      meaning: 'the text holds more outputs than are read',
      sample: 'Timeout (tcp tcpfin udp): 900 120 300\n'.repeat(10_001),
    },
  ],
  ['transcript/byte-order-mark', { severity: 'info', meaning: 'the text begins with a byte order mark', sample: `\ufeff${LISTING}` }],
  [
    'transcript/colours',
    {
      severity: 'info',
      meaning: 'terminal colours are removed',
      sample: `${LISTING}TCP  \u001b[01;31m\u001b[K10.0.0.1\u001b[m\u001b[K:80 rr\n`,
    },
  ],
  [
    'transcript/stderr-inside',
    {
      severity: 'info',
      meaning: 'a message from standard error was in the middle of a line',
      sample: '*nat\n:PREROUTING ACC# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\nEPT [0:0]\n',
    },
  ],
  [
    'transcript/json-escapes',
    {
      severity: 'info',
      meaning: 'an output was inside a JSON string',
      sample: `"stdout": "${LISTING.replaceAll('\n', '\\n')}"\n`,
    },
  ],
  [
    'transcript/html',
    { severity: 'info', meaning: 'HTML tags and entities are undone', sample: `<pre>${LISTING}  -&gt; RemoteAddress:Port\n</pre>\n` },
  ],
  [
    'transcript/quoted-printable',
    { severity: 'info', meaning: 'the text of a mail was encoded as quoted-printable', sample: LISTING.replace('size=', 'size=3D') },
  ],
  [
    'transcript/markdown',
    { severity: 'info', meaning: 'rows had Markdown emphasis or table bars around them', sample: `${LISTING}**TCP  10.0.0.1:80 rr**\n` },
  ],
  [
    'transcript/trailing-comments',
    { severity: 'info', meaning: 'a comment followed a saved line', sample: '-A -t 10.0.0.1:80 -s rr # web\n' },
  ],
  [
    'transcript/mail-wrapping',
    {
      severity: 'info',
      meaning: 'a mail program or an editor wrapped rows over two lines',
      sample:
        'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\nDROP       tcp  --  0.0.0.0/0            192.0.2.10\ntcp dpt:22\n',
    },
  ],
  [
    'transcript/lost-line-ends',
    {
      severity: 'info',
      meaning: 'lines were run together, and are taken apart again',
      sample: '-A INPUT -i lo -j ACCEPT -A INPUT -j DROP\n',
    },
  ],
  [
    'transcript/typography',
    {
      severity: 'info',
      meaning: 'dashes and quotes of typography were read as those of a keyboard',
      sample: '-A INPUT -p tcp -m comment \u2013comment \u201cweb\u201d -j ACCEPT\n-A INPUT -j DROP\n',
    },
  ],
  [
    'transcript/no-break-spaces',
    {
      severity: 'info',
      meaning: 'no-break spaces were used as blanks',
      sample: `${LISTING}\u00a0 -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n`,
    },
  ],
  [
    'transcript/terminal-padding',
    {
      severity: 'info',
      meaning: 'lines were padded with blanks where a terminal wrapped them',
      sample: `*nat\n${`-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PT${' '.repeat(20)}MTKRN6Y\n`.repeat(2)}COMMIT\n`,
    },
  ],
]);
