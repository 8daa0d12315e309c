// Builds dist/ of every package, JavaScript by tsup and declarations by tsc, and packages/cli/types, which the tarball of
// `netdrift` carries in place of its neighbours. With --if-stale, only what is not built from the sources as they are now.
import { copyFileSync } from 'node:fs';
import { buildDeclarations, buildJavaScript, isBuilt, noteBuilt, sourcesFingerprint } from './workspace.js';
import { areTypesBuilt, collectTypes } from './published-types.js';

function build() {
  const sources = sourcesFingerprint();
  if (process.argv.includes('--if-stale') && isBuilt(sources) && areTypesBuilt(sources)) return 0;
  const status = buildJavaScript() || buildDeclarations();
  if (status !== 0) return status;
  collectTypes(sources);
  // `npm pack` knows no licence of the workspace.
  copyFileSync(new URL('../LICENSE', import.meta.url), new URL('../packages/cli/LICENSE', import.meta.url));
  noteBuilt(sources);
  return 0;
}

process.exitCode = build();
