import { parseIptables, printIptables, type Match, type Rule, type Target } from '@netdrift/iptables';
import { describe, expect, it } from 'vitest';
import type { MatchExtension, TargetExtension } from '../../packages/iptables/src/extension.ts';
import { HEADER_GRAMMAR } from '../../packages/iptables/src/header-grammar.ts';
import { LISTING_GRAMMAR } from '../../packages/iptables/src/listing/listing-grammar.ts';
import { MATCHES } from '../../packages/iptables/src/matches/table.ts';
import { SAVE_GRAMMAR } from '../../packages/iptables/src/save/save-grammar.ts';
import { TARGETS } from '../../packages/iptables/src/targets/table.ts';
import { NAMES_WITH_NEEDS } from '../../packages/iptables/src/rule/needed-options.ts';
import { withoutSpans } from './corpus-files.ts';

const matches: readonly MatchExtension<Match>[] = MATCHES;
const targets: readonly TargetExtension<Target>[] = TARGETS;

const HEADER = 'Chain C (1 references)\ntarget     prot opt source               destination         \n';

/** A listing of one rule that holds this text of an extension; `anywhere` makes it one without `-n`. */
function listingOf({ extension, sample, names }: Sample): string {
  const column = extension.type === 'target' ? (extension.column ?? extension.name) : '';
  const any = names ? 'anywhere' : '0.0.0.0/0';
  const blank = extension.type === 'match' && extension.joined === true ? '' : ' ';
  return `${HEADER}${column.padEnd(9)}  all  --  ${any.padEnd(19)}  ${any.padEnd(19)} ${blank}${sample}\n`;
}

interface Sample {
  readonly extension: MatchExtension<Match> | TargetExtension<Target>;
  readonly sample: string;
  readonly names: boolean;
}

function ruleOf(text: string): Rule | undefined {
  const { value } = parseIptables(text, { family: 'ipv4' });
  return value.kind === 'ToolError' ? undefined : withoutSpans(value).tables[0]?.chains[0]?.rules[0];
}

/** Keys that a listing does not show. */
const HIDDEN = ['name', 'not', 'ttl', 'log', 'isNew'];

const samples = [...matches, ...targets].flatMap((extension) => extension.samples.map((sample) => ({ extension, sample })));

describe('every extension', () => {
  it('has a name and a kind of its own, and shows its text', () => {
    for (const table of [matches, targets]) {
      expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
      expect(new Set(table.map(({ kind }) => kind)).size).toBe(table.length);
    }
    const silent = [...matches, ...targets].filter(({ samples }) => samples.length === 0).map(({ name }) => name);
    expect(silent).toEqual(['TRACE']);
  });

  it('is read by grammars that Chevrotain finds no fault with', () => {
    expect([...LISTING_GRAMMAR.validate(), ...SAVE_GRAMMAR.validate(), ...HEADER_GRAMMAR.validate()]).toEqual([]);
  });

  it.each(samples)('reads "$sample" to its own node and prints it to the same bytes', ({ extension, sample }) => {
    const texts = [false, true].map((names) => listingOf({ extension, sample, names }));
    const rules = texts.map((text) => ruleOf(text));
    for (const rule of rules) {
      const [found] = extension.type === 'match' ? (rule?.matches ?? []) : [rule?.target];
      expect(found?.kind).toBe(extension.kind);
      expect(
        [...(rule?.matches ?? []), ...(rule?.target === undefined ? [] : [rule.target])].filter(({ kind }) => kind.startsWith('Unknown')),
      ).toEqual([]);
    }
    // Some text is printed with `-n` alone, some without it alone.
    expect(texts.map((text) => printIptables(parseIptables(text).value) === text)).toContain(true);
  });

  it.each(samples)('keeps "$sample" in a save form', ({ extension, sample }) => {
    const listed = ruleOf(listingOf({ extension, sample, names: false }));
    const style = { names: false, family: 'ipv4', spells: () => false } as const;
    const text =
      extension.type === 'match'
        ? (listed?.matches ?? []).map((match) => ` -m ${extension.name}${extension.printSave(match, style)}`).join('')
        : ` -j ${extension.name}${listed?.target === undefined ? '' : extension.printSave(listed.target, style)}`;
    const saved = ruleOf(`*filter\n:C - [0:0]\n-A C${text}\nCOMMIT\n`);
    const held = extension.type === 'match' ? saved?.matches : [saved?.target];
    const shown = extension.type === 'match' ? listed?.matches : [listed?.target];
    const hidden = (shown ?? []).map((node, at) => ({ ...pick(held?.[at], HIDDEN), ...node }));
    expect(held).toEqual(hidden);
  });
});

function pick(node: object | undefined, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(node ?? {}).filter(([key]) => keys.includes(key)));
}

/** Options as people write them in restore files, and the rule the tools store. */
const WRITTEN: readonly (readonly [options: string, stored: string])[] = [
  ['-p dccp -m dccp --destination-port 80 --dccp-types RESET,REQUEST', '-p dccp -m dccp --dport 80 --dccp-types REQUEST,RESET'],
  [
    '-m connbytes --connbytes :1000 --connbytes-mode bytes --connbytes-dir both',
    '-m connbytes --connbytes 0:1000 --connbytes-mode bytes --connbytes-dir both',
  ],
  ['-m connlimit ! --connlimit-above 3 --connlimit-mask 24', '-m connlimit --connlimit-upto 3 --connlimit-mask 24 --connlimit-saddr'],
  [
    '-m hashlimit --hashlimit 5/minute --hashlimit-mode srcip,dstport --hashlimit-name web',
    '-m hashlimit --hashlimit-upto 5/min --hashlimit-mode srcip,dstport --hashlimit-name web',
  ],
  ['-m hashlimit ! --hashlimit-upto 2048b/s --hashlimit-name web', '-m hashlimit --hashlimit-above 2kb/s --hashlimit-name web'],
  ['-m connlabel --set --label backup', '-m connlabel --label "backup" --set'],
  ['-m iprange --src-range 10.0.0.1', '-m iprange --src-range 10.0.0.1-10.0.0.1'],
  ['-m mac ! --mac-source 00:11:22:aa:bb:cc', '-m mac ! --mac-source 00:11:22:aa:bb:cc'],
  ['-m length --length 100:', '-m length --length 100:65535'],
  ['-m ttl ! --ttl 64', '-m ttl ! --ttl-eq 64'],
  ['-m dscp --dscp-class AF41', '-m dscp --dscp 0x22'],
  ['-m tos --tos Minimize-Delay', '-m tos --tos 0x10/0x3f'],
  ['-m time --weekdays 6,Su --timestart 22:00', '-m time --timestart 22:00:00 --timestop 23:59:59 --weekdays Sat,Sun'],
  ['-m time ! --weekdays Sa,Su --datestart 2024-02', '-m time --weekdays Mon,Tue,Wed,Thu,Fri --datestart 2024-02-01T00:00:00'],
  ['-m string --algo bm --string "say \\"hi\\""', '-m string --string "say \\"hi\\"" --algo bm'],
  ['-m string --hex-string "|0D 0A|" --algo kmp --to 100', '-m string --hex-string "|0d0a|" --algo kmp --to 100'],
  [
    '-m policy --dir out --pol ipsec --mode tunnel --tunnel-dst 10.0.0.1 --next --proto esp',
    '-m policy --dir out --pol ipsec --mode tunnel --tunnel-dst 10.0.0.1 --next --proto esp',
  ],
  ['-m ipv6header --header hop,auth', '-m ipv6header --header hop-by-hop,ah'],
  ['-p ipv6-mh -m mh --mh-type bu:be', '-p mobility-header -m mh --mh-type 5:7'],
  ['-m rateest --rateest RE1 --rateest-bps 5kbit --rateest-gt', '-m rateest --rateest RE1 --rateest-gt --rateest-bps 5000bit'],
  ['-j TOS --or-tos 0x02', '-j TOS --set-tos 0x02/0x02'],
  ['-j DSCP --set-dscp-class EF', '-j DSCP --set-dscp 0x2e'],
  ['-j CLASSIFY --set-class 1:a', '-j CLASSIFY --set-class 0001:000a'],
  ['-j NFQUEUE --queue-bypass', '-j NFQUEUE --queue-num 0 --queue-bypass'],
  ['-j NFLOG --nflog-group 3 --nflog-prefix "drop it"', '-j NFLOG --nflog-prefix "drop it" --nflog-group 3'],
  ['-j TCPOPTSTRIP --strip-options wscale,md5', '-j TCPOPTSTRIP --strip-options 3,19'],
  ['-p tcp -j TPROXY --on-port 80', '-p tcp -j TPROXY --on-port 80 --tproxy-mark 0x0/0x0'],
  ['-j SET --exist --add-set seen src', '-j SET --add-set seen src --exist'],
];

describe('options as people write them', () => {
  it.each(WRITTEN)('%s are the rule %s', (options, stored) => {
    const { value, diagnostics } = parseIptables(`*mangle\n-A C ${options}\nCOMMIT\n`, { family: 'ipv4' });
    expect(diagnostics).toEqual([]);
    expect(printIptables(value)).toContain(`\n-A C ${stored}\n`);
  });
});

/** Values that an extension must refuse: the text is kept, and told. */
const REFUSED: readonly (readonly [text: string, expected: string])[] = [
  ['#conn src/129 > 1', 'src or dst with a prefix length'],
  ['limit: up to many', 'a number and /sec, /min, /hour, /day or b/s'],
  ['MAC 00:11:22:33:44', 'a hardware address'],
  ['TTL match TTL == 256', 'a whole number 0-255'],
  ['DSCP match 0x40', 'a number 0x0-0x3f'],
  ['TIME from 25:00:00 to 06:00:00 UTC', 'a time of day'],
  ['quota: -1 bytes', 'a whole number'],
];

describe('values that cannot be', () => {
  it.each(REFUSED)('"%s" is kept as text', (text, expected) => {
    const { value, diagnostics } = parseIptables(`${HEADER}${' '.repeat(11)}all  --  0.0.0.0/0            0.0.0.0/0            ${text}\n`);
    expect(diagnostics.map(({ code, message }) => [code, message.includes(expected)])).toEqual([['iptables/bad-value', true]]);
    expect(value.kind === 'ToolError' ? [] : withoutSpans(value).tables[0]?.chains[0]?.rules[0]?.matches).toEqual([
      { kind: 'UnknownMatch', text },
    ]);
  });
});

describe('options that iptables demands', () => {
  it.each(NAMES_WITH_NEEDS)('%s without them is kept as text, and told', (name) => {
    const isTarget = name === name.toUpperCase();
    const { value, diagnostics } = parseIptables(isTarget ? `-A C -j ${name}\n` : `-A C -m ${name} -j ACCEPT\n`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['iptables/missing-option']);
    const rule = value.kind === 'ToolError' ? undefined : withoutSpans(value).tables[0]?.chains[0]?.rules[0];
    expect(isTarget ? rule?.target : rule?.matches).toEqual(
      isTarget ? { kind: 'UnknownTarget', name, text: '' } : [{ kind: 'UnknownMatch', text: `-m ${name}` }],
    );
  });

  it('are named', () => {
    const { diagnostics } = parseIptables('-A C -m connlimit --connlimit-mask 24 -j DNAT --random\n');
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '"-m connlimit --connlimit-mask 24" has no option --connlimit-upto or --connlimit-above',
      '"DNAT --random" has no option --to-destination',
    ]);
  });
});
