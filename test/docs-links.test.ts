import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(join(repository, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(repository, 'docs/api')).map((name) => `docs/api/${name}`),
  ...readdirSync(join(repository, 'packages'))
    .map((name) => `packages/${name}/README.md`)
    .filter((path) => existsSync(join(repository, path))),
];

/** A page without its examples, in which brackets mean other things. */
function prose(page: string): string {
  return readFileSync(join(repository, page), 'utf8')
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`(?!\])/g, '');
}

/** The name that a heading has as a place to link to. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(page: string): readonly string[] {
  return [...readFileSync(join(repository, page), 'utf8').matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** Links of a page that lead nowhere in the repository. */
function deadLinks(page: string): string[] {
  const targets = [...prose(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(repository, file))) return true;
    return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
  });
}

it.each(pages)('no link of %s is dead', (page) => {
  expect(deadLinks(page)).toEqual([]);
});
