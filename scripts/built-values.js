// Modules of values that are worked out from the library while the program is built: the values stand in its place, and what they are
// made from is not loaded when it runs.
import { build } from 'esbuild';
import { deferredModules } from './deferred-modules.js';
import { directImports } from './direct-imports.js';

/** What help says of formats, from the renderers themselves. */
const BUILT = /[\\/]command-line[\\/]report-formats\.ts$/;

/** @type {import('esbuild').Plugin} */
export const builtValues = {
  name: 'built-values',
  setup({ onLoad }) {
    onLoad({ filter: BUILT }, async ({ path }) => {
      /** @type {import('esbuild').BuildOptions & { write: false }} */
      const options = { entryPoints: [path], bundle: true, write: false, format: 'esm', platform: 'node', conditions: ['source'] };
      const { outputFiles } = await build({ ...options, plugins: [deferredModules, directImports] });
      /** @type {Record<string, unknown>} */
      const values = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`);
      return {
        contents: Object.entries(values)
          .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`)
          .join(''),
      };
    });
  },
};
