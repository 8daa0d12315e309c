// esbuild goes through an index as a whole when it decides which command needs which file: with `import { decode } from
// '@netdrift/core'` every command would load everything. This plugin makes of it an import from the file that `decode` is in.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** `export { a, type B } from './file.ts'`, `import { c as d } from '@netdrift/core'`; not those of types alone. */
const NAMED = /^(import|export) \{([^}]*)\} from '([^']+)';$/gm;

/**
 * The file that each name of a package's index comes from.
 * @param {string} folder
 */
function exportsOf(folder) {
  /** @type {Map<string, string>} */
  const files = new Map();
  const source = join(folder, 'src');
  for (const [, kind, names = '', from = ''] of readFileSync(join(source, 'index.ts'), 'utf8').matchAll(NAMED)) {
    if (kind === 'export') for (const name of valuesOf(names)) files.set(name, resolve(source, from));
  }
  return files;
}

/**
 * The values among the names of an import; types are gone when it runs.
 * @param {string} names
 */
const valuesOf = (names) =>
  names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));

/** @type {import('esbuild').Plugin} */
export const directImports = {
  name: 'direct-imports',
  setup(build) {
    /** @type {Map<string, Map<string, string>>} */
    const indexes = new Map();
    /** @param {string} folder */
    const indexOf = (folder) => {
      const known = indexes.get(folder) ?? exportsOf(join('packages', folder));
      indexes.set(folder, known);
      return known;
    };
    build.onLoad({ filter: /[\\/]packages[\\/]\w+[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replaceAll(NAMED, (statement, kind, names, from) => {
        const folder = /^@netdrift\/(\w+)$/.exec(from)?.[1];
        if (folder === undefined) return statement;
        return valuesOf(names)
          .map((name) => `${kind} { ${name} } from '${indexOf(folder).get(name.split(' as ')[0] ?? name) ?? from}';`)
          .join(' ');
      });
      return { contents, loader: 'ts' };
    });
  },
};
