import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectGolden } from './support/golden.ts';

const folders = ['core', 'ipvsadm', 'iptables', 'ipset', 'modules', 'nftables', 'drift', 'cli'];

const indexOf = (folder: string): string => readFileSync(new URL(`../packages/${folder}/src/index.ts`, import.meta.url), 'utf8');

/** The names that an index exports, sorted; types are marked as such. */
function exportedNames(index: string): string[] {
  const names: string[] = [];
  for (const [, typesOnly, list] of index.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const entry of (list ?? '').split(',')) {
      const name = entry
        .replace(/\/\/.*$/gm, '')
        .trim()
        .replace(/^.* as /, typesOnly === undefined && entry.includes('type ') ? 'type ' : '');
      if (name !== '') names.push(typesOnly === undefined ? name : `type ${name}`);
    }
  }
  return names.sort();
}

describe('the public names', () => {
  it('are those on the list: a name more or less is a decision', () => {
    const text = folders.map(
      (folder) =>
        `${folder}\n${exportedNames(indexOf(folder))
          .map((name) => `  ${name}\n`)
          .join('')}`,
    );
    expectGolden('test/public-names.txt', text.join('\n'));
  });

  it.each(folders)('of %s are listed one by one, and its index does nothing else', (folder) => {
    const rest = indexOf(folder)
      .replace(/^export (type )?\{[^}]*\}( from '[^']+')?;$/gm, '')
      .replace(/\/\*\*[\s\S]*?\*\/|^\/\/.*$/gm, '');
    expect(rest.trim()).toBe('');
  });

  it.each(folders)('of %s that are values are there when it is imported', async (folder) => {
    const module: Record<string, unknown> = await import(`../packages/${folder}/src/index.ts`);
    const values = exportedNames(indexOf(folder)).filter((name) => !name.startsWith('type '));
    expect(Object.keys(module).sort()).toEqual(values);
  });
});
