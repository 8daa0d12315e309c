import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
const manifests = packages.map((folder) => join(folder, 'package.json'));

/**
 * The package manager, as npx knows it. It is not named in `packageManager` of package.json: pnpm would then want
 * to find itself in the lock file.
 */
export const pnpm = 'pnpm@12.21.0';

/** What is made from what, and the file that keeps the fingerprint of the last time it was made. */
const steps = {
  install: {
    stamp: 'node_modules/.netdrift-install',
    inputs: () => ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests].map(contentOf),
    outputs: () => ['node_modules/.pnpm'],
  },
  build: {
    stamp: 'node_modules/.netdrift-build',
    inputs: () => ['pnpm-lock.yaml', 'tsup.config.ts', ...manifests, ...packages.flatMap(sourcesOf)].map(timeOf),
    outputs: () => [...packages.map((folder) => join(folder, 'dist/index.js')), 'packages/cli/dist/netdrift.js'],
  },
};

/**
 * Whether a step has to run: what it makes is missing, or what it reads has changed since it last ran.
 * @param {keyof typeof steps} step
 */
export function isStale(step) {
  const { stamp, outputs } = steps[step];
  if (![stamp, ...outputs()].every((path) => existsSync(join(root, path)))) return true;
  return readFileSync(join(root, stamp), 'utf8') !== fingerprint(step);
}

/**
 * Notes that a step has just run on the inputs as they were at `fingerprint`.
 * @param {keyof typeof steps} step
 * @param {string} made
 */
export function noteDone(step, made) {
  const stamp = join(root, steps[step].stamp);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, made);
}

/**
 * What the inputs of a step are now, as a short text.
 * @param {keyof typeof steps} step
 */
export function fingerprint(step) {
  return createHash('sha256').update(steps[step].inputs().join('\n')).digest('hex');
}

/**
 * Runs a command in the project's folder, with all that it prints on stderr.
 * Gives its exit status.
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

/**
 * Runs a program of an installed package, by the path of its script.
 * @param {string} script
 * @param {readonly string[]} args
 */
export function runInstalled(script, args = []) {
  return run(process.execPath, [join(root, 'node_modules', script), ...args]);
}

/** @param {string} folder */
function sourcesOf(folder) {
  const start = join(root, folder, 'src');
  return readdirSync(start, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, 'src', name))
    .sort();
}

/** @param {string} path */
function contentOf(path) {
  return `${path}\n${readFileSync(join(root, path), 'utf8')}`;
}

/** @param {string} path */
function timeOf(path) {
  const { mtimeMs, size } = statSync(join(root, path));
  return `${path} ${mtimeMs} ${size}`;
}
