// Builds dist/ of every package: JavaScript by tsup, declarations by tsc.
import { fingerprint, noteDone, runInstalled } from './workspace.js';

const made = fingerprint('build');
const status = runInstalled('tsup/dist/cli-default.js') || runInstalled('typescript/bin/tsc', ['-b']);
if (status === 0) noteDone('build', made);
process.exitCode = status;
