import { readdirSync, readFileSync } from 'node:fs';
import { parseIptables } from '@netdrift/iptables';
import { describe, expect, it } from 'vitest';
import { parseByGrammar, parseInPieces } from '../../packages/iptables/src/parse.ts';

const TITLES = 'target     prot opt source               destination         ';

describe('values that rules share', () => {
  it('are one frozen object where rules say the same, from the second one on', () => {
    const rule = 'DROP       tcp  --  10.0.0.1             0.0.0.0/0            tcp dpt:80';
    const { value } = parseIptables(`Chain INPUT (policy ACCEPT)\n${TITLES}\n${rule}\n${rule}\n${rule}\n`);
    const [, first, second] = value.kind === 'IptablesListing' ? (value.tables[0]?.chains[0]?.rules ?? []) : [];
    expect(second).toEqual({ ...first, span: { start: 236, end: 308 } });
    for (const key of ['protocol', 'source', 'destination', 'target'] as const) expect(second?.[key], key).toBe(first?.[key]);
    expect(second?.matches[0]).toBe(first?.matches[0]);
    expect(Object.isFrozen(first?.matches[0])).toBe(true);
  });

  it('are not those of another name of characters outside ASCII', () => {
    const names = ['é1', 'è1', 'é1'];
    const rules = names.map((name) => `${name.padEnd(10)} all  --  0.0.0.0/0            0.0.0.0/0            /* ${name} */`);
    const { value } = parseIptables(`Chain INPUT (policy ACCEPT)\n${TITLES}\n${rules.join('\n')}\n`);
    const read = value.kind === 'IptablesListing' ? (value.tables[0]?.chains[0]?.rules ?? []) : [];
    expect(read.map(({ target }) => target?.name)).toEqual(names);
    expect(read.map(({ matches }) => matches[0])).toEqual(names.map((text) => ({ kind: 'CommentMatch', text })));
  });

  it('are no values that were refused: a protocol that is none is none in every line', () => {
    const rule = 'DROP       t@p  --  10.0.0.1             0.0.0.0/0           ';
    const { diagnostics } = parseIptables(`Chain INPUT (policy ACCEPT)\n${TITLES}\n${rule}\n${rule}\n`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['iptables/unread-line', 'iptables/unread-line']);
  });
});

describe('a text that is read in pieces', () => {
  const folders = readdirSync('fixtures').filter((name) => name.startsWith('iptables-') || name === 'demo');
  const files = folders.flatMap((folder) =>
    readdirSync(`fixtures/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.txt'))
      .map((name) => `fixtures/${folder}/${name}`),
  );

  it('gives the tree of the whole, as text and as bytes', () => {
    expect(files.length).toBeGreaterThan(50);
    for (const file of files) {
      const bytes = new Uint8Array(readFileSync(file));
      const whole = parseByGrammar(bytes);
      expect(parseInPieces(bytes, 1), file).toEqual(whole);
      expect(parseInPieces(new TextDecoder().decode(bytes), 300), file).toEqual(parseIptables(new TextDecoder().decode(bytes)));
    }
  });

  it('gives a rule whose comment takes several lines whole', () => {
    const text = `Chain INPUT (policy ACCEPT)\n${TITLES}\nDROP       all  --  0.0.0.0/0            0.0.0.0/0            /* a\nb\nc */\nDROP       all  --  0.0.0.0/0            0.0.0.0/0           \n`;
    for (const size of [1, 50, 100, 200]) expect(parseInPieces(text, size)).toEqual(parseByGrammar(text));
  });
});
