import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The package manager, as npx knows it. It is not named in `packageManager` of package.json: pnpm would then want
 * to find itself in the lock file.
 */
export const pnpm = 'pnpm@12.21.0';

const root = fileURLToPath(new URL('../', import.meta.url));
const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
const built = [...packages.map((folder) => join(folder, 'dist/index.js')), 'packages/cli/dist/netdrift.js'];
const buildStamp = join(root, 'node_modules/.netdrift-build');

/** Whether what is installed is what the lock file says. At the end of an install pnpm leaves a copy of the lock file. */
export function isInstalled() {
  const installed = join(root, 'node_modules/.pnpm/lock.yaml');
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
}

/**
 * Whether dist/ of every package was built from the sources as they are now.
 * @param {string} sources what {@link sourcesFingerprint} gives
 */
export function isBuilt(sources) {
  return (
    [buildStamp, ...built.map((path) => join(root, path))].every((path) => existsSync(path)) && readFileSync(buildStamp, 'utf8') === sources
  );
}

/**
 * Notes that dist/ has been built.
 * @param {string} sources what {@link sourcesFingerprint} gave before the build began
 */
export function noteBuilt(sources) {
  writeFileSync(buildStamp, sources);
}

/** Stands for the sources of all packages, by their times and sizes. */
export function sourcesFingerprint() {
  const build = [
    'tsup.config.ts',
    ...['built-values', 'deferred-modules', 'direct-imports', 'lean-chevrotain', 'required-built-ins'].map((name) => `scripts/${name}.js`),
  ];
  const files = ['pnpm-lock.yaml', ...build, ...packages.flatMap((folder) => [join(folder, 'package.json'), ...sourcesOf(folder)])];
  return createHash('sha256').update(files.map(timeOf).join('\n')).digest('hex');
}

/**
 * Runs a command in the project's folder, with all that it prints on stderr. Gives its exit status.
 * @param {string} command
 * @param {readonly string[]} args
 */
export function run(command, args) {
  // Inside `npm start` npm hands its own settings down, `loglevel=silent` of .npmrc among them: errors have to be seen.
  const env = { ...process.env, npm_config_loglevel: 'error' };
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (error !== undefined) process.stderr.write(`netdrift: ${command}: ${error.message}\n`);
  return status ?? 1;
}

/** Builds the JavaScript of every package. Gives the exit status. */
export function buildJavaScript() {
  return runInstalled('tsup/dist/cli-default.js');
}

/** Writes the declarations of every package, and checks all types on the way. Gives the exit status. */
export function buildDeclarations() {
  return runInstalled('typescript/bin/tsc', '-b');
}

/**
 * Runs the script of an installed package. Gives its exit status.
 * @param {string} script
 * @param {readonly string[]} args
 */
function runInstalled(script, ...args) {
  return run(process.execPath, [join(root, 'node_modules', script), ...args]);
}

/** @param {string} folder */
function sourcesOf(folder) {
  return readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|sh)$/.test(name))
    .map((name) => join(folder, 'src', name))
    .sort();
}

/** @param {string} path */
function timeOf(path) {
  const { mtimeMs, size } = statSync(join(root, path));
  return `${path} ${mtimeMs} ${size}`;
}
