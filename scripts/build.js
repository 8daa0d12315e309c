// Builds dist/ of every package: JavaScript by tsup, declarations by tsc.
import { buildDeclarations, buildJavaScript, noteBuilt, sourcesFingerprint } from './workspace.js';

const sources = sourcesFingerprint();
const status = buildJavaScript() || buildDeclarations();
if (status === 0) noteBuilt(sources);
process.exitCode = status;
