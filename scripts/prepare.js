// Runs before `npm start` and `npm test`: installs and builds what is stale, tells of it on stderr, and
// does neither when nothing changed (about 20 ms).
import { fingerprint, isStale, noteDone, pnpm, run, runInstalled } from './workspace.js';

/** @returns {number} exit status */
function prepare() {
  if (isStale('install')) {
    process.stderr.write('netdrift: installing dependencies …\n');
    const made = fingerprint('install');
    const status = run('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--reporter=silent']);
    if (status !== 0) return fail('install', status);
    noteDone('install', made);
  }
  if (isStale('build')) {
    process.stderr.write('netdrift: building …\n');
    const made = fingerprint('build');
    const status = runInstalled('tsup/dist/cli-default.js');
    if (status !== 0) return fail('build', status);
    noteDone('build', made);
  }
  return 0;
}

/**
 * @param {string} what
 * @param {number} status
 */
function fail(what, status) {
  process.stderr.write(`netdrift: the ${what} did not work (status ${status}); what was printed above says why\n`);
  // 2 is netdrift's own status for trouble: 1 would read as "there is drift".
  return 2;
}

process.exitCode = prepare();
