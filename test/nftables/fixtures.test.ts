import { parseNftables, printNftables, type Nftables, type NftablesRuleset } from '@netdrift/nftables';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseByGrammar } from '../../packages/nftables/src/parse.ts';
import { expectGoldenJson } from '../support/golden.ts';
import '../support/object-group-by.ts';
import { disagreements } from './shown-by-both.ts';
import { withoutSpans } from './without-spans.ts';

const folder = 'fixtures/nftables-1.0.6';
const home = new URL(`../../${folder}/`, import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, home), 'utf8');
const listings = readdirSync(home).filter((name) => name.endsWith('.txt') && !name.includes('json'));
const inputs = ['statements', 'programs', 'kube-proxy-1.37', 'more'];

const rulesetOf = (text: string): NftablesRuleset => {
  const { value } = parseNftables(text);
  if (value.kind !== 'NftablesRuleset') throw new Error(value.wording);
  return value;
};

describe('rule sets that nft 1.0.6 loaded and listed', () => {
  it.each(listings)('%s is read whole and printed back to the byte, from a clone without spans', (name) => {
    const text = read(name);
    const { value, diagnostics } = parseNftables(text);
    expect(diagnostics).toEqual([]);
    expect(printNftables(withoutSpans(value))).toBe(text);
  });

  it.each(['programs', 'kube-proxy-1.37'])('%s gives the expected tree', (name) => {
    expectGoldenJson(`${folder}/${name}.json`, withoutSpans(rulesetOf(read(`${name}.list.txt`))));
  });

  it.each(inputs)('%s gives from JSON the tree of the text, in every field that both show', (name) => {
    const { value, diagnostics } = parseNftables(read(`${name}.list.json.txt`));
    expect(diagnostics).toEqual([]);
    expect(disagreements(rulesetOf(read(`${name}.list.txt`)), value)).toEqual([]);
    expect(disagreements(rulesetOf(read(`${name}.list-a.txt`)), value)).toEqual([]);
    expect(JSON.stringify(value)).not.toMatch(/"kind":"Unknown/);
  });

  it('show more under -a, and are otherwise the same', () => {
    for (const name of inputs) {
      const bare = (value: Nftables): unknown =>
        withoutSpans(JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === 'handle' || key === 'expires' ? undefined : part))));
      expect(bare(rulesetOf(read(`${name}.list-a.txt`)))).toEqual(bare(rulesetOf(read(`${name}.list.txt`))));
    }
  });

  it('have no elements in a terse listing, which is not the same as empty sets', () => {
    const setsOf = (text: string): readonly unknown[] =>
      rulesetOf(text).tables.flatMap(({ sets = [] }) => sets.map(({ name, elements }) => [name, elements?.length]));
    expect(setsOf(read('kube-proxy-1.37.list.txt'))).toEqual([
      ['hairpin-connections', 1],
      ['cluster-ips', 2],
      ['nodeport-ips', 0],
      ['service-ips', 2],
      ['service-nodeports', 1],
    ]);
    expect(setsOf(read('kube-proxy-1.37.list-t.txt')).map((entry) => entry)).toEqual(
      ['hairpin-connections', 'cluster-ips', 'nodeport-ips', 'service-ips', 'service-nodeports'].map((name) => [name, undefined]),
    );
    const empty = 'table ip t {\n\tset s {\n\t\ttype ipv4_addr\n\t}\n}\n';
    expect(rulesetOf(empty).tables[0]?.sets?.[0]).not.toHaveProperty('elements');
    const told = parseNftables(empty, { command: 'nft list ruleset' }).value;
    expect(told).toMatchObject({ tables: [{ sets: [{ elements: [] }] }] });
    expect(parseNftables(empty, { command: 'sudo /usr/sbin/nft -at list table ip t' }).value).toEqual(parseNftables(empty).value);
  });

  it('have no rules in a listing of chains, and no content in one of tables', () => {
    expect(rulesetOf(read('programs.chains.txt')).tables.flatMap(({ chains = [] }) => chains.filter((chain) => 'rules' in chain))).toEqual(
      [],
    );
    expect(withoutSpans(rulesetOf(read('kube-proxy-1.37.tables.txt')))).toEqual({
      kind: 'NftablesRuleset',
      layout: { form: 'tables' },
      tables: [{ kind: 'Table', family: 'ip', name: 'kube-proxy' }],
    });
  });

  it.each(inputs)('%s as people type it is the rule set that nft made of it, in what both say', (name) => {
    const { value, diagnostics } = parseNftables(read(`${name}.nft`));
    expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
    if (name !== 'kube-proxy-1.37') return;
    const [listed] = rulesetOf(read(`${name}.list.txt`)).tables;
    const rulesOf = (tables: NftablesRuleset['tables']): unknown =>
      tables.map(({ chains = [] }) =>
        Object.fromEntries(
          chains.map((chain) => [
            chain.name,
            chain.rules?.map(({ statements }) => JSON.stringify(statements).replaceAll(/,"text":"[^"]*"/g, '')),
          ]),
        ),
      );
    if (value.kind !== 'NftablesRuleset' || listed === undefined) throw new Error(value.kind);
    const [typed = {}] = rulesOf(value.tables) as Record<string, string[]>[];
    const [made = {}] = rulesOf([listed]) as Record<string, string[]>[];
    // nft puts a condition in front where the old form of dnat names a family; everything else is as typed.
    expect(Object.keys(typed).sort()).toEqual(Object.keys(made).sort());
    expect(Object.keys(made).filter((chain) => JSON.stringify(typed[chain]) !== JSON.stringify(made[chain]))).toEqual([
      'service-42NFTM6N-ns2/svc2/tcp/p80',
    ]);
  });

  it.each(['statements.list-a.txt', 'kube-proxy-1.37.list.txt'])('%s is read alike when shapes are not remembered', (name) => {
    expect(parseByGrammar(read(name))).toEqual(parseNftables(read(name)));
  });

  it('are read alike from bytes, and with CRLF', () => {
    const plain = withoutSpans(rulesetOf(read('programs.list.txt')));
    expect(withoutSpans(parseNftables(new TextEncoder().encode(read('programs.list.txt'))).value)).toEqual(plain);
    expect(withoutSpans(parseNftables(read('programs.list.txt').replaceAll('\n', '\r\n')).value)).toEqual(plain);
  });

  it('stand under spans that give their text back', () => {
    const text = read('programs.list.txt');
    for (const { family, name, chains = [], sets = [], span } of rulesetOf(text).tables) {
      expect(text.slice(span.start, span.end)).toMatch(new RegExp(`^table ${family} ${name} \\{[^]*\\}$`));
      for (const chain of chains) {
        expect(text.slice(chain.span.start, chain.span.end).startsWith(`chain ${chain.name} {\n`)).toBe(true);
        for (const rule of chain.rules ?? []) expect(text.slice(rule.span.start, rule.span.end)).not.toMatch(/^\s|\s$|\n/);
      }
      for (const { elements = [] } of sets)
        for (const { span: place } of elements) expect(text.slice(place?.start, place?.end)).not.toMatch(/^\s|[\s,]$/);
    }
  });
});
