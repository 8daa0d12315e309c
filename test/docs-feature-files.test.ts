import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../', import.meta.url));
const PAGES = ['docs/add-a-feature.md', 'docs/add-an-iptables-extension.md', 'docs/layout.md'];

it.each(PAGES)('every file and folder that %s names is there', (page) => {
  const text = readFileSync(join(repository, page), 'utf8');
  // What stands in a listing of `git diff --stat`, and what is named in the text from the root on.
  const named = [...text.matchAll(/(?:packages|fixtures|test|docs)\/[\w./-]*[\w-]/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThan(0);
  expect([...new Set(named)].filter((path) => !existsSync(join(repository, path)))).toEqual([]);
});
