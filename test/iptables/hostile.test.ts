import { parseIptables, printIptables, type IptablesListing, type Rule } from '@netdrift/iptables';
import { describe, expect, it } from 'vitest';
import { withoutSpans } from './corpus-files.ts';
import { expectLinear } from '../support/growth.ts';

const TITLES = 'target     prot opt source               destination         \n';
const ANY = '0.0.0.0/0            0.0.0.0/0           ';

function listing(...lines: readonly string[]): {
  readonly value: IptablesListing;
  readonly codes: readonly string[];
  readonly text: string;
} {
  const text = `Chain INPUT (policy ACCEPT)\n${TITLES}${lines.map((line) => `${line}\n`).join('')}`;
  const { value, diagnostics } = parseIptables(text);
  if (value.kind !== 'IptablesListing') throw new Error(`read as ${value.kind}`);
  return { value, codes: diagnostics.map(({ code }) => code), text };
}

function rules(...lines: readonly string[]): readonly Rule[] {
  return listing(...lines).value.tables[0]?.chains[0]?.rules ?? [];
}

describe('a chain with a hostile name', () => {
  const names = [
    'tcp',
    'all',
    '6',
    'target-x',
    'Chainy',
    'num1',
    'xpkts',
    '__proto__',
    'constructor',
    '[goto]',
    '(',
    'DNATx',
    '*',
    '/*',
    'ACCEPTED',
    '!x',
    '"',
  ];

  it.each(names)('%s is jumped to, listed and printed as any other', (name) => {
    const text = `Chain ${name} (1 references)\n${TITLES}${name.padEnd(9)}  all  --  ${ANY}\n${name.padEnd(9)}  tcp  --  ${ANY} tcp dpt:80\n`;
    const { value, diagnostics } = parseIptables(text);
    expect(diagnostics).toEqual([]);
    const chain = value.kind === 'IptablesListing' ? value.tables[0]?.chains[0] : undefined;
    expect(chain?.name).toBe(name);
    expect(chain?.rules.map(({ target, protocol }) => [target, protocol.name])).toEqual([
      [{ kind: 'ChainTarget', name }, 'all'],
      [{ kind: 'ChainTarget', name }, 'tcp'],
    ]);
    expect(printIptables(withoutSpans(value))).toBe(text);
  });

  it.each(['tcp', 'all', '6', 'udplite'])('%s is told from the protocol by its place', (name) => {
    const [jump, none] = rules(`${name.padEnd(9)}  all  --  ${ANY}`, `           ${name.slice(0, 4).padEnd(4)} --  ${ANY}`);
    expect(jump?.target).toEqual({ kind: 'ChainTarget', name });
    expect(none === undefined || none.target === undefined).toBe(true);
  });

  it('may be called like a target of its own table and like a verdict in small letters', () => {
    const [accept, dnat] = rules(`accept     all  --  ${ANY}`, `dnat       all  --  ${ANY}`);
    expect([accept?.target, dnat?.target]).toEqual([
      { kind: 'ChainTarget', name: 'accept' },
      { kind: 'ChainTarget', name: 'dnat' },
    ]);
  });

  it('is a chain of a save form as well', () => {
    const text = '*filter\n:__proto__ - [0:0]\n-A __proto__ -j __proto__\nCOMMIT\n';
    const { value } = parseIptables(text);
    expect(value.kind === 'IptablesSave' && value.tables[0]?.chains[0]?.rules[0]?.target).toEqual({
      kind: 'ChainTarget',
      name: '__proto__',
    });
    expect(printIptables(withoutSpans(value))).toBe(text);
  });
});

describe('a hostile comment', () => {
  const comments = [
    '-j ACCEPT',
    '# not a comment line',
    '"quotes" and \'more\'',
    'back\\slash',
    '\u001b[31mred\u001b[0m',
    'to:10.0.0.1:80',
    '[goto] ',
    'tcp dpt:22',
    '$(id) `id` %s ; | &',
    'nul \u0000 byte',
    'not UTF-8 \udcff\udcfe',
    'carriage\rreturn',
    '日本語 🚀',
    '/* nested',
    '',
    ' ',
    '*',
    '/',
  ];

  it.each(comments)('%j is one comment and nothing else', (comment) => {
    const { value, codes, text } = listing(`ACCEPT     all  --  ${ANY} /* ${comment} */`);
    expect(value.tables[0]?.chains[0]?.rules[0]?.matches).toEqual([{ kind: 'CommentMatch', text: comment }]);
    expect(codes).toEqual([]);
    expect(printIptables(withoutSpans(value))).toBe(text);
  });

  it.each(comments.filter((comment) => !/[\u0000\r]/.test(comment)))('%j is the same comment in a save form', (comment) => {
    const quoted = /^[A-Za-z0-9_-]+$/.test(comment) ? comment : `"${comment.replaceAll(/["\\']/g, '\\$&')}"`;
    const text = `-A INPUT -m comment --comment ${quoted} -j ACCEPT\n`;
    const { value, diagnostics } = parseIptables(text);
    expect(diagnostics).toEqual([]);
    expect(value.kind === 'IptablesSave' && value.tables[0]?.chains[0]?.rules[0]?.matches).toEqual([
      { kind: 'CommentMatch', text: comment },
    ]);
    expect(printIptables(withoutSpans(value))).toBe(text);
  });

  it('that holds the end of a comment is read so that all of its line is known', () => {
    const { value, codes, text } = listing(`ACCEPT     all  --  ${ANY} /* a */ b */`);
    expect(value.tables[0]?.chains[0]?.rules[0]?.matches).toEqual([{ kind: 'CommentMatch', text: 'a */ b' }]);
    expect(codes).toEqual([]);
    expect(printIptables(withoutSpans(value))).toBe(text);
  });

  it('that imitates a match is taken for a comment, and reported', () => {
    const { value, codes } = listing(`ACCEPT     tcp  --  ${ANY} /* x */ tcp dpt:80 /* y */`);
    expect(value.tables[0]?.chains[0]?.rules[0]?.matches).toEqual([{ kind: 'CommentMatch', text: 'x */ tcp dpt:80 /* y' }]);
    expect(codes).toEqual(['iptables/ambiguous-comment']);
  });

  it('beside another comment hides nothing and is not reported', () => {
    expect(listing(`ACCEPT     all  --  ${ANY} /* one */ /* two */`).codes).toEqual([]);
  });

  it('with a line end that forges a rule is one rule, and reported', () => {
    const { value, codes, text } = listing(`DROP       all  --  ${ANY} /* x\nACCEPT     all  --  ${ANY} */`, `RETURN     all  --  ${ANY}`);
    expect(value.tables[0]?.chains[0]?.rules.map(({ target }) => target?.name)).toEqual(['DROP', 'RETURN']);
    expect(codes).toEqual(['iptables/forged-lines']);
    expect(printIptables(withoutSpans(value))).toBe(text);
  });

  it('with a line end that forges a chain is one rule, and reported', () => {
    const { value, codes, text } = listing(
      `DROP       all  --  ${ANY} /* x\nChain FAKE (1 references)\n${TITLES}ACCEPT     all  --  ${ANY} */`,
    );
    expect(value.tables[0]?.chains.map(({ name }) => name)).toEqual(['INPUT']);
    expect(codes).toEqual(['iptables/forged-lines']);
    expect(printIptables(withoutSpans(value))).toBe(text);
  });

  it('with a line end in a save form is one rule, and reported', () => {
    const text = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m comment --comment "x\n-A INPUT -j ACCEPT" -j DROP\nCOMMIT\n';
    const { value, diagnostics } = parseIptables(text);
    expect(value.kind === 'IptablesSave' && value.tables[0]?.chains[0]?.rules.map(({ target }) => target?.name)).toEqual(['DROP']);
    expect(diagnostics.map(({ code }) => code)).toEqual(['iptables/forged-lines']);
    expect(printIptables(withoutSpans(value))).toBe(text);
  });

  it('that was cut off does not swallow the rules behind it', () => {
    const { value } = listing(`DROP       all  --  ${ANY} /* cut off`, `ACCEPT     all  --  ${ANY} /* whole */`);
    expect(value.tables[0]?.chains[0]?.rules.map(({ target }) => target?.name)).toEqual(['DROP', 'ACCEPT']);
  });
});

describe('hostile amounts', () => {
  const header = `Chain INPUT (policy ACCEPT)\n${TITLES}`;
  const rows: readonly (readonly [what: string, make: (count: number) => string])[] = [
    ['open comments', (count) => header + `ACCEPT     all  --  ${ANY} /* x\n`.repeat(count)],
    ['open quotes', (count) => header + `ACCEPT     all  --  ${ANY} STRING match  "x\n`.repeat(count)],
    ['open quotes of a save form', (count) => '-A INPUT -m comment --comment "x\n'.repeat(count)],
    [
      'lines of shapes of their own',
      (count) => header + Array.from({ length: count }, (_, n) => `ACCEPT     all  --  ${ANY} ${'w '.repeat(n % 500)}\n`).join(''),
    ],
    ['words that start nothing that goes on', (count) => header + `ACCEPT     all  --  ${ANY} ${'mark match '.repeat(count)}\n`],
    ['ends of comments', (count) => header + `ACCEPT     all  --  ${ANY} /* ${'*/ '.repeat(count)} */\n`],
    ['openers of comments on one line', (count) => header + `ACCEPT     all  --  ${ANY} ${'/* '.repeat(count * 20)}\n`],
    ['openers of quotes on one line', (count) => header + `ACCEPT     all  --  ${ANY} STRING match  ${'"a '.repeat(count * 20)}\n`],
    ['escaped ends of quotes on one line', (count) => header + `ACCEPT     all  --  ${ANY} STRING match  ${'"\\" '.repeat(count * 20)}\n`],
    ['one word', (count) => header + `ACCEPT     all  --  ${ANY} ${'x'.repeat(count * 20)}\n`],
    ['line ends', (count) => '\n'.repeat(count * 20)],
    ['headers', (count) => 'Chain A (1 references)\n'.repeat(count)],
    ['prose', (count) => 'the quick brown fox jumps over the lazy dog\n'.repeat(count)],
  ];

  it.each(rows)('of %s take time that grows no faster than the text', (_what, make) => {
    expectLinear((count) => void parseIptables(make(count)), 500);
  });
});
