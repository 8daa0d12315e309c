import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { builtValues } from './scripts/built-values.js';
import { deferredModules } from './scripts/deferred-modules.js';
import { directImports } from './scripts/direct-imports.js';
import { leanChevrotain } from './scripts/lean-chevrotain.js';
import { requiredBuiltIns } from './scripts/required-built-ins.js';

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): PackageManifest =>
  // The shape is that of our own seven package.json files; publint checks them when they are packed.
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;

/** The files to build: the `source` of every export, and `src/<name>.ts` for every executable. */
function entriesOf(folder: string, manifest: PackageManifest): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const target of Object.values(manifest.exports)) {
    const source = typeof target === 'string' ? undefined : target['source'];
    if (source === undefined) continue;
    entries[source.replace(/^\.\/src\//, '').replace(/\.ts$/, '')] = join(folder, source);
  }
  // A file for each source: who bundles a library leaves out by files what it does not use, Chevrotain first of all.
  if (manifest.bin === undefined)
    for (const source of sourcesIn(join(folder, 'src'))) entries[source.replace(/\.ts$/, '')] = join(folder, 'src', source);
  for (const name of Object.keys(manifest.bin ?? {})) entries[name] = join(folder, 'src', `${name}.ts`);
  return entries;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
}

const packageFolderPattern = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** Writes the licence of each package that was built into this one to THIRD-PARTY-LICENSES. */
function licenceOfBundled(folder: string): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: 'third-party-licenses',
    setup(build) {
      build.initialOptions.metafile = true;
      build.onEnd((result) => {
        const bundled = new Map<string, string>();
        for (const input of Object.keys(result.metafile?.inputs ?? {})) {
          const home = packageFolderPattern.exec(input)?.[0];
          if (home !== undefined) bundled.set(readManifest(home).name, home);
        }
        if (bundled.size === 0) return;
        const opening = 'The JavaScript in dist/ contains code of the packages below, under the licence that follows their names.\n\n';
        writeFileSync(join(folder, 'THIRD-PARTY-LICENSES'), opening + licenceTexts([...bundled.values()]));
      });
    },
  };
}

/** Each licence text once, under the names of the packages that it covers. */
function licenceTexts(homes: readonly string[]): string {
  const names = new Map<string, string[]>();
  for (const home of homes) {
    const manifest: { name: string; version: string; license: string } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    const file = readdirSync(home).find((name) => /^licen[cs]e/i.test(name));
    if (file === undefined) throw new Error(`${manifest.name} is bundled, but ${home} holds no licence text for it`);
    const text = readFileSync(join(home, file), 'utf8').trim();
    names.set(text, [...(names.get(text) ?? []), `${manifest.name} ${manifest.version} (${manifest.license})`]);
  }
  return [...names].map(([text, covered]) => `${covered.sort().join('\n')}\n\n${text}\n`).join('\n');
}

function optionsOf(folder: string): Options {
  const manifest = readManifest(folder);
  const isExecutable = manifest.bin !== undefined;
  return {
    name: manifest.name,
    entry: entriesOf(folder, manifest),
    outDir: join(folder, 'dist'),
    tsconfig: join(folder, 'tsconfig.json'),
    format: 'esm',
    target: 'node20.19',
    // A library that reaches for a Node built-in does not build.
    platform: isExecutable ? 'node' : 'neutral',
    external: Object.keys(manifest.dependencies ?? {}),
    noExternal: Object.keys(manifest.devDependencies ?? {}),
    loader: { '.sh': 'text' },
    define: { NETDRIFT_VERSION: JSON.stringify(manifest.version) },
    skipNodeModulesBundle: false,
    treeshake: false,
    // Most of these files is other packages' code, which nobody reads there: an install stays below 3.25 MB.
    minifyWhitespace: isExecutable || manifest.name === '@netdrift/core',
    splitting: true,
    dts: false,
    removeNodeProtocol: false,
    // What an earlier build left would be packed too. Declarations of `tsc -b` stand in the same folder and stay.
    clean: ['!**/*.d.ts', '!**/*.tsbuildinfo'],
    silent: true,
    esbuildPlugins: [
      licenceOfBundled(folder),
      requiredBuiltIns,
      deferredModules,
      leanChevrotain,
      ...(isExecutable ? [builtValues, directImports] : []),
    ],
    // The executable carries its neighbours, built from their sources: their own dist/ may not be there yet.
    esbuildOptions: (options) => {
      if (isExecutable) options.conditions = ['source'];
    },
  };
}

const folders = readdirSync('packages')
  .map((name) => join('packages', name))
  .filter((folder) => existsSync(join(folder, 'package.json')));

export default defineConfig(folders.map(optionsOf));
