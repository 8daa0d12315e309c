import { readFileSync } from 'node:fs';
import { parseNftables, parseNftablesStream, type Nftables, type NftablesStreamItem } from '@netdrift/nftables';
import { describe, expect, it } from 'vitest';
import { corpusBytes, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { shareOf } from '../support/share.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/nftables-1.0.6/${name}`, import.meta.url), 'utf8');
const LISTING = fixture('kube-proxy-1.37.list.txt');

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function itemsOf(input: AsyncIterable<string | Uint8Array>, options = {}): Promise<NftablesStreamItem[]> {
  const items: NftablesStreamItem[] = [];
  for await (const item of parseNftablesStream(input, options)) items.push(item);
  return items;
}

/** The stream's items put together again. */
function whole(items: readonly NftablesStreamItem[]): { readonly value: Nftables | undefined; readonly diagnostics: readonly object[] } {
  const last = items.at(-1);
  const tables = items.flatMap((item) => (item.type === 'table' ? [item.table] : []));
  const diagnostics = items.flatMap((item) => (item.type === 'diagnostic' ? [item.diagnostic] : []));
  const value = last?.type === 'value' ? last.value : undefined;
  return { value: value?.kind === 'NftablesRuleset' ? { ...value, tables } : value, diagnostics };
}

const COMMAND = { command: 'nft list ruleset' };

describe('a stream of nft', () => {
  it.each([1, 7, 100, 65_536])('gives the tables of the whole text, spans included, in pieces of %i characters', async (size) => {
    expect(whole(await itemsOf(pieces(LISTING, size), COMMAND))).toEqual(parseNftables(LISTING, COMMAND));
  });

  it('takes bytes, with characters cut between two pieces', async () => {
    const text = 'table ip t {\n\tchain c {\n\t\taccept comment "für alle"\n\t}\n}\n';
    const bytes = new TextEncoder().encode(text);
    async function* single(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 1) yield bytes.slice(at, at + 1);
    }
    expect(whole(await itemsOf(single(), COMMAND))).toEqual(parseNftables(text, COMMAND));
  });

  it('gives a table as soon as it is closed, before more of the input is asked for', async () => {
    let asked = 0;
    async function* counted(): AsyncGenerator<string> {
      for (const piece of ['table ip a {\n}\ntable ip b {\n', '}\n']) {
        asked += 1;
        yield piece;
      }
    }
    const stream = parseNftablesStream(counted());
    expect((await stream.next()).value).toMatchObject({ type: 'table', table: { name: 'a' } });
    expect(asked).toBe(1);
    expect((await stream.next()).value).toMatchObject({ type: 'table', table: { name: 'b', span: { start: 15, end: 29 } } });
  });

  it('gives a listing that comes again once more', async () => {
    const twice = await itemsOf(pieces(LISTING + LISTING, 500), COMMAND);
    const once = await itemsOf(pieces(LISTING, 500), COMMAND);
    expect(twice.filter(({ type }) => type === 'table')).toHaveLength(2 * once.filter(({ type }) => type === 'table').length);
  });

  it.each([
    ['a file of commands', 'flush ruleset\nadd table ip t\ntable ip t {\n}\nadd chain ip t c\n'],
    ['JSON', '{"nftables": [{"table": {"family": "ip", "name": "t", "handle": 1}}]}\n'],
    ['an error message', 'Error: No such file or directory\n'],
    ['a table that is cut', 'table ip t {\n}\ntable ip u {\n\tchain c {\n\t\taccept\n'],
    ['nothing', ''],
    ['text of something else', 'hello\n'],
    ['a last line without its end', 'table ip t {\n}\ntable ip u {\n}'],
  ])('%s is read as the whole text is', async (_what, text) => {
    expect(whole(await itemsOf(pieces(text, 5), COMMAND))).toEqual(parseNftables(text, COMMAND));
  });
});

describeCorpus('kube-proxy-modes', 'streams of nft over the corpus', () => {
  it('equal the whole text', async () => {
    const files = corpusFiles('.', (path) => /nft[^/]*ruleset\.txt(?:\.gz)?$/.test(path) && path.includes('kube-proxy'));
    for (const path of shareOf(files, 24)) {
      const bytes = corpusBytes(path);
      const text = new TextDecoder().decode(bytes);
      expect(whole(await itemsOf(pieces(text, 10_000), COMMAND)), path).toEqual(parseNftables(text, COMMAND));
    }
  });
});
