// `npm run pack`: what a machine without a registry needs, in the folder where it was typed.
//   netdrift-<version>.tgz   npm install --global ./netdrift-*.tgz, also without a network: everything is inside
//   netdrift.html            a page in which two pastes are compared, in the browser alone
//   netdrift.mjs             the command as one file, for a node that has Node.js and nothing else: node netdrift.mjs diff before after
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { deferredModules } from './deferred-modules.js';
import { leanChevrotain } from './lean-chevrotain.js';
import { browserPage } from './browser-page.js';
import { requiredBuiltIns } from './required-built-ins.js';
import { pnpm, run } from './workspace.js';

const cli = fileURLToPath(new URL('../packages/cli/', import.meta.url));
/** @type {{ readonly version: string }} */
const { version } = JSON.parse(readFileSync(`${cli}package.json`, 'utf8'));
const folder = resolve(process.argv[2] ?? process.env['INIT_CWD'] ?? '.');

// Its prepack script builds what is stale.
const status = run('npx', ['--yes', pnpm, '--filter', 'netdrift', 'pack', '--pack-destination', folder]);
if (status === 0) {
  await writeSingleFile(resolve(folder, 'netdrift.mjs'));
  writeFileSync(resolve(folder, 'netdrift.html'), await browserPage());
  for (const name of [`netdrift-${version}.tgz`, 'netdrift.mjs', 'netdrift.html']) process.stdout.write(`${resolve(folder, name)}\n`);
}
process.exitCode = status;

/** @param {string} path */
async function writeSingleFile(path) {
  const { outputFiles } = await build({
    entryPoints: [`${cli}src/netdrift.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    conditions: ['source'],
    minifyWhitespace: true,
    loader: { '.sh': 'text' },
    define: { NETDRIFT_VERSION: JSON.stringify(version) },
    plugins: [requiredBuiltIns, deferredModules, leanChevrotain],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild gave no file');
  // Whoever has the one file has no licence texts beside it: they stand at its end.
  const licences = ['LICENSE', 'packages/cli/THIRD-PARTY-LICENSES'].map((name) =>
    readFileSync(new URL(`../${name}`, import.meta.url), 'utf8').trim(),
  );
  writeFileSync(path, `${file.text}\n/*\n${licences.join('\n\n').replaceAll('*/', '* /')}\n*/\n`);
  chmodSync(path, 0o755);
}
