import { nftablesDiagnostics, parseNftables, printNftables } from '@netdrift/nftables';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { expectLinear } from '../support/growth.ts';
import { withoutSpans } from './without-spans.ts';

const LISTING = `table ip kube-proxy {
	comment "rules for kube-proxy"
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.1 . tcp . 443 : goto service-A,
			     10.96.0.10 . udp . 53 comment "x" : drop }
	}

	chain service-A {
		ip daddr 10.96.0.1 tcp dport 443 ip saddr != 10.244.0.0/16 jump mark
		numgen random mod 2 vmap { 0 : goto endpoint-B, 1 : goto endpoint-C }
	}
}
`;

const report = (text: string): string[] =>
  parseNftables(text).diagnostics.map(({ code, message, span }) => `${code} ${span.start}-${span.end} ${message}`);
const inChain = (...lines: readonly string[]): string =>
  `table ip t {\n\tchain c {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n}\n`;
const statementsOf = (text: string): unknown => {
  const { value } = parseNftables(text);
  return value.kind === 'ToolError'
    ? value
    : value.tables.flatMap(({ chains = [] }) => chains.flatMap(({ rules = [] }) => rules.map(({ statements }) => statements)));
};

describe('damaged output of nft', () => {
  it('cut at any byte never throws, and says so wherever something is missing', () => {
    for (let length = 1; length < LISTING.length; length += 1) {
      const cut = LISTING.slice(0, length);
      const { value, diagnostics } = parseNftables(cut);
      expect(diagnostics.length, JSON.stringify(cut.slice(-20))).toBeGreaterThan(0);
      expect(() => printNftables(value)).not.toThrow();
    }
  });

  it('printed in its canonical form is read as the same tree', () => {
    for (let length = 0; length < LISTING.length; length += 1) {
      const { value } = parseNftables(LISTING.slice(0, length));
      const again = parseNftables(printNftables(value)).value;
      const bare = (one: typeof value): unknown =>
        JSON.parse(
          JSON.stringify(withoutSpans(one), (key, part: unknown) => (key === 'layout' || key === 'UnknownExpression' ? undefined : part)),
        );
      if (JSON.stringify(value).includes('"Unknown')) continue;
      expect(bare(again), String(length)).toEqual(bare(value));
    }
  });

  it('with a brace that nothing closes costs that rule', () => {
    const text = inChain('tcp dport { 22, 80 accept', 'udp dport 53 drop');
    expect(report(text)).toEqual(['nftables/unclosed-brace 26-51 a brace is not closed']);
    expect(statementsOf(text)).toMatchObject([
      [{ kind: 'UnknownStatement', text: 'tcp dport { 22, 80 accept' }],
      [{ kind: 'Match' }, { verdict: 'drop' }],
    ]);
  });

  it('with a statement that is not known keeps it as text between those that are', () => {
    const text = inChain('tcp dport 80 shine brightly accept', 'glow');
    expect(statementsOf(text)).toMatchObject([
      [{ kind: 'Match' }, { kind: 'UnknownStatement', text: 'shine brightly' }, { verdict: 'accept' }],
      [{ text: 'glow' }],
    ]);
    expect(report(text)).toEqual([
      'nftables/unknown-statement 26-60 "shine brightly" is not known',
      'nftables/unknown-statement 63-67 "glow" is not known',
    ]);
    expect(printNftables(parseNftables(text).value)).toBe(text);
  });

  it('never takes a verdict for the value of a condition that lacks one', () => {
    for (const rule of ['tcp dport accept', 'ip saddr != drop', 'meta mark & 0x1 == return', 'tcp dport jump c', 'ct state goto c']) {
      const text = inChain(rule);
      expect(JSON.stringify(statementsOf(text)), rule).toMatch(/UnknownStatement/);
      expect(printNftables(parseNftables(text).value)).toBe(text);
    }
  });

  it('with an element that is none keeps it and says so', () => {
    const text = LISTING.replace('10.96.0.1 . tcp . 443 : goto service-A', '10.96.0.1 . . 443 goto');
    expect(report(text)).toEqual(['nftables/unknown-statement 143-165 "10.96.0.1 . . 443 goto" is not known']);
    expect(printNftables(parseNftables(text).value)).toBe(text);
  });

  it('with lines of a set and blocks of a table that are not known leaves them out, and says so', () => {
    const text =
      'table ip t {\n\tset s {\n\t\tcolour blue\n\t\ttype ipv4_addr\n\t}\n\n\tgarden g {\n\t\tbed { rose }\n\t}\n\n\tchain c {\n\t}\n}\n';
    expect(report(text)).toEqual([
      'nftables/unreadable-line 24-30 "colour blue" is not read here, at "colour"',
      'nftables/unknown-block 58-66 the block of "garden g" is not known',
    ]);
    expect(withoutSpans(parseNftables(text).value)).toMatchObject({
      tables: [{ sets: [{ type: ['ipv4_addr'] }], chains: [{ name: 'c' }] }],
    });
  });

  it('that is the output of another tool gives no table', () => {
    const texts = [
      'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\n',
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n',
      '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n',
      'Name: web\nType: hash:ip\nMembers:\n',
      '\u0000\u001b[2J\udcff',
      '}}}}',
      '{{{{',
    ];
    for (const text of texts) {
      const { value, diagnostics } = parseNftables(text);
      expect(withoutSpans(value), text).toMatchObject({ kind: 'NftablesRuleset', tables: [] });
      expect(
        diagnostics.map(({ severity }) => severity),
        text,
      ).toEqual(['error']);
    }
  });

  it('reads names that are words of nft as names', () => {
    const names = ['input', 'chain', 'table', 'ip', '__proto__', 'accept', 'constructor'];
    const text = `table ip table {\n${names.map((name) => `\tchain ${name} {\n\t\tjump ${name}\n\t}\n`).join('\n')}}\n`;
    expect(report(text)).toEqual([]);
    expect(printNftables(parseNftables(text).value)).toBe(text);
  });

  it('is told by its error message', () => {
    const answers = [
      ['Error: No such file or directory\nlist table ip nope\n              ^^^^\n', 'no-such-table'],
      [
        'Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted\n',
        'permission-denied',
      ],
      ['netlink: Error: cache initialization failed: Protocol not supported\n', 'not-supported'],
      ['bash: nft: command not found\n', 'command-not-found'],
      ['sh: 1: nft: not found\n', 'command-not-found'],
    ] as const;
    for (const [text, error] of answers) expect(parseNftables(text).value).toMatchObject({ kind: 'ToolError', error });
  });

  it.each([
    ['rules that are not known', 'table ip t {\n\tchain c {\n', '\t\tmeta meta tcp udp ip x y z\n'],
    ['braces that are not closed', 'table ip t {\n\tchain c {\n', '\t\ttcp dport { 1,\n'],
    ['braces in braces', 'table ip t {\n\tset s {\n\t\telements = ', '{ '],
    ['quotes that are not closed', 'table ip t {\n\tchain c {\n', '\t\taccept comment "\n'],
    ['blocks that are not closed', '', 'table ip t {\n'],
    ['elements', 'table ip t {\n\tset s {\n\t\telements = { 1', ', 10.0.0.1 . tcp . 80 : drop'],
    ['operators', 'table ip t {\n\tchain c {\n\t\tmeta mark set 1', ' | 1 & 2'],
    ['closing braces', '', '}\n'],
    ['parentheses', 'table ip t {\n\tchain c {\n\t\tmeta mark set ', '('],
    ['blanks in a table of iptables-nft', 'table ip nat {\n\tchain c {\n', '\t\tcounter   packets  0 bytes 0  \n'],
  ])('takes time in proportion to its length: %s', (_name, head, line) => {
    // Of some each line is a diagnostic, and ten times as many objects cost more than ten times to collect.
    expectLinear((copies) => void parseNftables(head + line.repeat(copies)), 1000, 24);
  });
});

describe('JSON of nft that is damaged', () => {
  it('is told, and gives no table', () => {
    expect(report('{"nftables": [{"table": ')).toEqual(['nftables/bad-json 0-24 the text is not complete JSON']);
    expect(report('{"items": []}\n')).toEqual(['nftables/bad-json 0-14 the JSON has no list "nftables"']);
  });

  it('keeps what it does not know', () => {
    const rule = {
      family: 'ip',
      table: 't',
      chain: 'c',
      handle: 1,
      expr: [{ shine: null }, { match: { op: '==', left: { star: 1 }, right: 5 } }, { __proto__: 1 }],
    };
    const { value } = parseNftables(`${JSON.stringify({ nftables: [{ chain: { family: 'ip', table: 't', name: 'c' } }, { rule }] })}\n`);
    expect(JSON.stringify(value)).toContain('{"kind":"UnknownStatement","text":"{\\"shine\\":null}"}');
    expect(JSON.stringify(value)).toContain('{"kind":"UnknownExpression","text":"{\\"star\\":1}"}');
  });

  it('of one expression that nests more than a tree may be deep is read and printed', () => {
    const text = inChain(
      `meta mark set ${'1 | '.repeat(5000)}1`,
      `meta mark set ${'('.repeat(500)}1`,
      `meta mark set ${'jhash '.repeat(500)}`,
    );
    expect(() => printNftables(parseNftables(text).value)).not.toThrow();
  });

  it('nested deeper than nft nests anything does not throw', () => {
    const deep = `${'{"|":['.repeat(5000)}1${',2]}'.repeat(5000)}`;
    const text = `{"nftables":[{"rule":{"family":"ip","table":"t","chain":"c","expr":[{"match":{"op":"==","left":${deep},"right":1}}]}}]}`;
    expect(() => printNftables(parseNftables(text).value)).not.toThrow();
  });
});

describe('the diagnostics of nftables', () => {
  it.each(nftablesDiagnostics.map((entry) => [entry.code, entry] as const))(
    '%s is raised by its sample, with its severity',
    (code, entry) => {
      const { diagnostics } = parseNftables(entry.sample);
      expect(diagnostics.map((found) => `${found.severity} ${found.code}`)).toContain(`${entry.severity} ${code}`);
      for (const { span, message } of diagnostics) {
        expect(span.start >= 0 && span.start <= span.end && span.end <= entry.sample.length).toBe(true);
        expect(message).toMatch(/^[^\n]*[^.\n]$/);
      }
    },
  );

  it('are all in the table', () => {
    const source = readFileSync(new URL('../../packages/nftables/src/diagnostics.ts', import.meta.url), 'utf8');
    const used = [...source.matchAll(/diagnostic\(\s*'([^']+)'/g)].map(([, code]) => code);
    expect([...new Set(used)].sort()).toEqual(nftablesDiagnostics.map(({ code }) => code).sort());
  });
});
