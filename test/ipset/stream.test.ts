import { readdirSync, readFileSync } from 'node:fs';
import { parseIpset, parseIpsetStream, type IpsetStreamItem } from '@netdrift/ipset';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../fixtures/ipset-7.17/', import.meta.url);
const files = readdirSync(folder).filter((name) => /^(?:list|save).*\.txt$/.test(name) && name !== 'list-names.txt');

async function items(text: string, size: number): Promise<IpsetStreamItem[]> {
  async function* pieces(): AsyncGenerator<string> {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  }
  const all: IpsetStreamItem[] = [];
  for await (const item of parseIpsetStream(pieces())) all.push(item);
  return all;
}

describe('a stream of sets', () => {
  it.each(files)('gives the sets and members of the whole text, however it is cut: %s', async (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const { value, diagnostics } = parseIpset(text);
    if (value.kind === 'ToolError') throw new Error('no sets');
    for (const size of [3, 70, text.length]) {
      const all = await items(text, size);
      const heads = all.flatMap((item) => (item.type === 'set' ? [{ ...item.set, span: undefined }] : []));
      expect(heads).toEqual(value.sets.map(({ members: _, ...set }) => ({ ...set, span: undefined })));
      const members = all.flatMap((item) => (item.type === 'member' ? [[item.set, item.member]] : []));
      expect(members).toEqual(value.sets.flatMap((set) => (set.members ?? []).map((member) => [set.name, member])));
      expect(all.flatMap((item) => (item.type === 'diagnostic' ? [item.diagnostic] : []))).toEqual(diagnostics);
      expect(all.at(-1)).toEqual({ type: 'value', value: { ...value, sets: [] } });
    }
  });

  it('counts members that it has given, and gives a member before the next piece comes', async () => {
    const head =
      'Name: A\nType: hash:ip\nRevision: 5\nHeader: family inet\nSize in memory: 1\nReferences: 0\nNumber of entries: 3\nMembers:\n';
    const seen: string[] = [];
    async function* pieces(): AsyncGenerator<string> {
      yield head;
      yield '10.0.0.1\n10.0.0.2\n';
      seen.push('asked');
      yield '\nName: B\nType: hash:ip\nRevision: 5\nHeader: family inet\nMembers:\n';
    }
    for await (const item of parseIpsetStream(pieces()))
      seen.push(item.type === 'set' ? item.set.name : item.type === 'diagnostic' ? item.diagnostic.message : item.type);
    expect(seen).toEqual(['A', 'member', 'asked', 'member', 'set "A" says it has 3 entries and 2 are listed', 'B', 'value']);
  });

  it('reads an error and a text of no form whole', async () => {
    const [error] = await items('ipset v7.17: The set with the given name does not exist\n', 9);
    expect(error).toMatchObject({ type: 'value', value: { kind: 'ToolError', error: 'set-not-found' } });
    expect((await items('nothing\n', 3)).map(({ type }) => type)).toEqual(['diagnostic', 'value']);
  });
});
