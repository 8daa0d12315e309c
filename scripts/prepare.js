// Runs before `npm start` and `npm test`: installs and builds what is stale, tells of it on stderr, and does
// neither when nothing changed, which takes about 20 ms beyond the start of Node.
import { buildJavaScript, isBuilt, isInstalled, noteBuilt, pnpm, run, sourcesFingerprint } from './workspace.js';

/** Gives the exit status: 2 is netdrift's own for trouble, where 1 would read as "there is drift". */
function prepare() {
  if (!isInstalled()) {
    process.stderr.write('netdrift: installing dependencies …\n');
    const status = run('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--reporter=silent']);
    if (status !== 0) return trouble('install', status);
  }
  const sources = sourcesFingerprint();
  if (!isBuilt(sources)) {
    process.stderr.write('netdrift: building …\n');
    const status = buildJavaScript();
    if (status !== 0) return trouble('build', status);
    noteBuilt(sources);
  }
  return 0;
}

/**
 * @param {string} step
 * @param {number} status
 */
function trouble(step, status) {
  process.stderr.write(`netdrift: the ${step} ended with status ${status}; what is printed above says why\n`);
  return 2;
}

process.exitCode = prepare();
