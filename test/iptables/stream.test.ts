import { decode } from '@netdrift/core';
import { parseIptables, parseIptablesStream, type Chain, type IptablesStreamItem, type Rule } from '@netdrift/iptables';
import { describe, expect, it } from 'vitest';
import { corpusBytes, describeCorpus } from '../support/corpus.ts';
import { listingFiles, saveFiles } from './corpus-files.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function items(input: AsyncIterable<string | Uint8Array>): Promise<IptablesStreamItem[]> {
  const all: IptablesStreamItem[] = [];
  for await (const item of parseIptablesStream(input)) all.push(item);
  return all;
}

const rulesOf = (all: readonly IptablesStreamItem[]): Rule[] => all.flatMap((item) => (item.type === 'rule' ? [item.rule] : []));
const byStart = (one: Rule, other: Rule): number => one.span.start - other.span.start;

describeCorpus('iptables/scenarios', 'a stream of a corpus file', () => {
  it.each([1, 7, 100, 65_536])(
    'gives the rules of the whole text, whatever the size of its pieces (%i bytes)',
    async (size) => {
      const files = [...listingFiles(), ...saveFiles()].filter((_, index) => index % (size === 1 ? 40 : 10) === 0);
      for (const path of files) {
        const bytes = corpusBytes(path);
        const { value, diagnostics } = parseIptables(bytes);
        if (value.kind === 'ToolError' || value.family === 'ipv6') continue;
        const all = await items(pieces(bytes, size));
        const rules = value.tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules));
        expect(rulesOf(all).sort(byStart), path).toEqual([...rules].sort(byStart));
        const told = all.flatMap((item) => (item.type === 'diagnostic' ? [item.diagnostic.code] : []));
        expect(told.sort(), path).toEqual(diagnostics.map(({ code }) => code).sort());
      }
    },
    120_000,
  );
});

describe('a stream', () => {
  const listing = 'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n';
  const rule = 'ACCEPT     tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:22\n';

  it('gives a chain before its rules, and the value last', async () => {
    const all = await items(
      (async function* () {
        yield listing + rule;
      })(),
    );
    expect(all.map(({ type }) => type)).toEqual(['chain', 'rule', 'value']);
    const [first, second] = all;
    expect(first?.type === 'chain' && (first.chain satisfies Chain).name).toBe('INPUT');
    expect(second?.type === 'rule' && second.chain).toBe('INPUT');
  });

  it('gives a rule as soon as its line is complete', async () => {
    const seen: string[] = [];
    async function* slow(): AsyncGenerator<string> {
      yield listing;
      yield rule.slice(0, 30);
      seen.push('first half');
      yield rule.slice(30);
      seen.push('asked for more');
      yield rule;
    }
    for await (const item of parseIptablesStream(slow())) seen.push(item.type);
    expect(seen).toEqual(['chain', 'first half', 'rule', 'asked for more', 'rule', 'value']);
  });

  it('keeps a comment whole whose line end falls between two pieces', async () => {
    const forged = `${listing}${rule.trimEnd()} /* a\nb */\n${rule}`;
    const [, first] = await items(pieces(new TextEncoder().encode(forged), listing.length + rule.length + 4));
    expect(first?.type === 'rule' && first.rule.matches.at(-1)).toEqual({ kind: 'CommentMatch', text: 'a\nb' });
  });

  it('does not take two bytes of a name for a byte order mark', async () => {
    const bytes = Uint8Array.from([...listing].map((letter) => letter.charCodeAt(0)));
    const name = Uint8Array.of(0xff, 0xfe, 0x41);
    const rest = new TextEncoder().encode(rule.slice(6));
    async function* three(): AsyncGenerator<Uint8Array> {
      yield bytes;
      yield name;
      yield rest;
    }
    const all = await items(three());
    expect(rulesOf(all).map(({ target }) => target?.name)).toEqual([decode(name.subarray(2)).replace('A', '\udcff\udcfeA')]);
  });

  it('gives an error of the tool as its value', async () => {
    const all = await items(
      (async function* () {
        yield 'iptables: No chain/target/match by that name.\n';
      })(),
    );
    expect(all).toEqual([
      { type: 'value', value: { kind: 'ToolError', error: 'no-such-chain', tool: 'iptables', span: { start: 0, end: 46 } } },
    ]);
  });
});
