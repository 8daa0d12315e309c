import { parseIpset, printIpset, type IpSet } from '@netdrift/ipset';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseByGrammar } from '../../packages/ipset/src/parse.ts';
import { expectGoldenJson } from '../support/golden.ts';
import '../support/object-group-by.ts';
import { withoutSpans } from './without-spans.ts';

const folder = 'fixtures/ipset-7.17';
const read = (name: string): string => readFileSync(new URL(`../../${folder}/${name}.txt`, import.meta.url), 'utf8');
const outputs = ['list', 'list-terse', 'list-sorted', 'list-one-set', 'save', 'save-sorted', 'list-names'];
const optionsOf = (name: string) => (name === 'list-names' ? { form: 'names' as const } : {});

function setsOf(name: string): readonly IpSet[] {
  const { value } = parseIpset(read(name), optionsOf(name));
  return value.kind === 'ToolError' ? [] : value.sets;
}

/** What a listing and a save taken seconds apart have in common. */
function comparable({ name, type, options, members }: IpSet): unknown {
  const list = (members ?? []).map((member) =>
    JSON.stringify(member, (key, part: unknown) => (key === 'span' || key === 'timeout' ? undefined : part)),
  );
  return { name, type, options, members: list.sort() };
}

describe('sets of every type, as ipset 7.17 prints them', () => {
  it.each(outputs)('%s is read whole and printed back to the byte, from a clone without spans', (name) => {
    const text = read(name);
    const { value, diagnostics } = parseIpset(text, optionsOf(name));
    expect(diagnostics).toEqual([]);
    expect(printIpset(withoutSpans(value))).toBe(text);
  });

  it.each(['list', 'save', 'list-one-set'])('%s gives the expected tree', (name) => {
    expectGoldenJson(`${folder}/${name}.json`, withoutSpans(parseIpset(read(name)).value));
  });

  it('are the same in a listing, a sorted one and a save', () => {
    const listed = setsOf('list').map(comparable);
    expect(setsOf('save').map(comparable)).toEqual(listed);
    expect(setsOf('list-sorted').map(comparable)).toEqual(listed);
    expect(setsOf('save-sorted').map(comparable)).toEqual(listed);
  });

  it('have no members in a terse listing, and are otherwise the same', () => {
    const listed = withoutSpans(setsOf('list'));
    expect(withoutSpans(setsOf('list-terse'))).toEqual(listed.map((set) => ({ ...set, members: undefined })));
  });

  it('are names alone under -n', () => {
    expect(withoutSpans(setsOf('list-names'))).toEqual(setsOf('list').map(({ name }) => ({ kind: 'IpSet', name })));
  });

  it.each(outputs)('%s is read alike when shapes are not remembered', (name) => {
    expect(parseByGrammar(read(name), optionsOf(name))).toEqual(parseIpset(read(name), optionsOf(name)));
  });

  it('are read alike from bytes, with CRLF, and with blanks behind the lines', () => {
    const plain = withoutSpans(parseIpset(read('list')).value);
    expect(withoutSpans(parseIpset(new TextEncoder().encode(read('list'))).value)).toEqual(plain);
    expect(withoutSpans(parseIpset(read('list').replaceAll('\n', '\r\n')).value)).toEqual(plain);
    expect(withoutSpans(parseIpset(read('list').replaceAll('\n', '  \n')).value)).toEqual(plain);
  });

  it('stand under spans that give their text back', () => {
    const text = read('list');
    for (const { name, members = [], span } of setsOf('list')) {
      expect(text.slice(span.start, span.end).startsWith(`Name: ${name}\n`)).toBe(true);
      for (const member of members) expect(text.slice(member.span.start, member.span.end)).not.toMatch(/\n|^$/);
    }
  });
});
