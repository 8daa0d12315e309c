// The tarball of `netdrift` has all packages built into its JavaScript, so it carries their declarations too: a copy of those in
// packages/*/dist that its own need, in packages/cli/types, where each package is reached by a path and not by its name.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));
const home = join(packages, 'cli/types');
const stamp = join(home, '.sources');

/** Declarations are tsc's own output: the name of a module stands there in quotes behind `from` or `import(`, and nowhere else. */
const MODULE_NAME = /(?<=from |import\()(['"])([^'"]+)\1/g;

/**
 * Whether the copies were made from the sources as they are now.
 * @param {string} sources what `sourcesFingerprint` gives
 */
export function areTypesBuilt(sources) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sources;
}

/**
 * Makes the copies anew.
 * @param {string} sources what `sourcesFingerprint` gave before the build began
 */
export function collectTypes(sources) {
  rmSync(home, { recursive: true, force: true });
  /** @type {{ readonly exports: Readonly<Record<string, { readonly types?: string }>> }} */
  const manifest = JSON.parse(readFileSync(join(packages, 'cli/package.json'), 'utf8'));
  const entries = Object.values(manifest.exports).flatMap(({ types }) => (types === undefined ? [] : [types.replace('./types/', '')]));
  // Grows while it is gone through: each file adds those that it names.
  const wanted = new Set(entries);
  for (const name of wanted) {
    const copy = join(home, name);
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, withPaths(readFileSync(join(packages, name.replace('/', '/dist/')), 'utf8'), posix.dirname(name), wanted));
  }
  writeFileSync(stamp, sources);
}

/** @param {string} declarations @param {string} from the folder of the file @param {Set<string>} wanted takes the files that are named */
function withPaths(declarations, from, wanted) {
  return declarations.replaceAll(MODULE_NAME, (all, quote, module) => {
    const neighbour = /^@netdrift\/([a-z]+)$/.exec(module)?.[1];
    if (neighbour === undefined && !module.startsWith('.')) return all;
    const target = neighbour === undefined ? posix.join(from, module.replace(/\.[tj]s$/, '.d.ts')) : `${neighbour}/index.d.ts`;
    wanted.add(target);
    const path = posix.relative(from, target).replace(/\.d\.ts$/, '.js');
    return `${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
  });
}
