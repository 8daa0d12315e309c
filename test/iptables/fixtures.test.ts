import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decode } from '@netdrift/core';
import { parseIptables, printIptables, type IptablesValue, type Rule } from '@netdrift/iptables';
import { describe, expect, it } from 'vitest';
import { expectGoldenJson } from '../support/golden.ts';
import { withoutSpans } from './corpus-files.ts';

const folder = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const texts = readdirSync(folder)
  .filter((name) => name.startsWith('iptables-'))
  .flatMap((name) => readdirSync(folder + name).map((file) => `${name}/${file}`))
  .filter((path) => path.endsWith('.txt'))
  .sort();
const read = (path: string): string => decode(readFileSync(folder + path));

function rulesOf(value: IptablesValue): readonly Omit<Rule, 'in' | 'out' | 'span'>[] {
  if (value.kind === 'ToolError') return [];
  return value.tables.flatMap(({ chains }) =>
    chains.flatMap(({ rules }) =>
      rules.map(({ in: inside, out: outside, span, ...rule }) => {
        void [inside, outside, span];
        return rule;
      }),
    ),
  );
}

describe('a fixture', () => {
  it.each(texts)('%s prints to the same bytes from a copy of its tree without spans', (path) => {
    expect(printIptables(withoutSpans(parseIptables(read(path)).value))).toBe(read(path));
  });

  it.each(texts.filter((path) => path.endsWith('.nL.txt') && texts.includes(path.replace('.nL.', '.S.'))))(
    '%s gives the rules of its save form',
    (path) => {
      const listed = parseIptables(read(path));
      expect(listed.diagnostics).toEqual([]);
      expect(rulesOf(listed.value)).toEqual(rulesOf(parseIptables(read(path.replace('.nL.', '.S.'))).value));
    },
  );

  it.each(texts.filter((path) => !/\/[a-z]+\.(?:nL|S)\.txt$/.test(path)))('%s gives its tree', (path) => {
    expectGoldenJson(`fixtures/${path.replace(/\.txt$/, '.json')}`, parseIptables(read(path)));
  });
});
