import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { apiPage } from '../scripts/api-docs.js';
import { expectGolden } from './support/golden.ts';

const packages = readdirSync(fileURLToPath(new URL('../packages/', import.meta.url)));

it.each(packages)('docs/api/%s.md is what the sources say, and no public name is without a docstring', (name) => {
  const page = apiPage(name);
  expectGolden(`docs/api/${name}.md`, page);
  expect([...page.matchAll(/^### (\S+)\n\n\n/gm)].map(([, undocumented]) => undocumented)).toEqual([]);
});
