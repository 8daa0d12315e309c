import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { leanChevrotain } from './lean-chevrotain.js';

const home = fileURLToPath(new URL('../docs/page/', import.meta.url));

/** The page in which two pastes are compared, as one file that needs nothing beside it: `docs/page` with the libraries in it. */
export async function browserPage() {
  const { outputFiles } = await build({
    entryPoints: [`${home}page.js`],
    bundle: true,
    write: false,
    minify: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2023',
    conditions: ['source'],
    plugins: [leanChevrotain],
    // Nothing but ASCII: what encoding the page is saved in plays no part.
    charset: 'ascii',
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('esbuild gave no file');
  return readFileSync(`${home}index.html`, 'utf8').replace('/* page.js */', () => script.text);
}
