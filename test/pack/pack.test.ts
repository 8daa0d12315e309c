import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installTool, oldestTypeScript, packages, packedProject, repository, run, type PackedProject } from './packed-project.ts';

let project: PackedProject;
beforeAll(() => {
  project = packedProject();
});
afterAll(() => project.remove());

const installed = (name: string): string => join(project.folder, 'node_modules', name);
const libraries = packages.filter((entry) => entry.folder !== 'cli');

const demo = ['diff', join(repository, 'fixtures/demo/before'), join(repository, 'fixtures/demo/drifted')];

/** Chevrotain is built into core, the alignment of npm's diff into drift, and all of it into the command: they carry the licences. */
const WITH_BUNDLED_CODE: ReadonlySet<string> = new Set(['core', 'drift', 'cli']);

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());

describe.each(packages)('the tarball of packages/$folder', ({ folder, name, tarball }) => {
  it('holds the build, the licence and the readme, and nothing of the workspace', () => {
    const strangers = filesOf(installed(name))
      .filter((path) => !/^(dist\/.+\.(js|d\.ts)|types\/.+\.d\.ts)$/.test(path))
      .sort();
    const schemas =
      folder === 'cli'
        ? ['schemas', 'sql'].flatMap((shipped) =>
            readdirSync(join(repository, 'packages/cli', shipped)).map((file) => `${shipped}/${file}`),
          )
        : [];
    const expected = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      ...(WITH_BUNDLED_CODE.has(folder) ? ['THIRD-PARTY-LICENSES'] : []),
      'package.json',
      ...schemas.sort(),
    ];
    expect(strangers).toEqual(expected);
  });

  it('holds a changelog whose first entry is its version', () => {
    const { version } = JSON.parse(readFileSync(join(installed(name), 'package.json'), 'utf8')) as { readonly version: string };
    expect(/^## (.*)$/m.exec(readFileSync(join(installed(name), 'CHANGELOG.md'), 'utf8'))?.[1]).toBe(version);
  });

  it('names released versions of its neighbours, and no source', () => {
    const manifest = readFileSync(join(installed(name), 'package.json'), 'utf8');
    expect(manifest).not.toMatch(/workspace:|"source"/);
  });

  it('has nothing for publint to say', async () => {
    const bytes = readFileSync(join(project.tarballs, tarball));
    const { messages } = await publint({
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
      strict: true,
    });
    const manifest: Record<string, unknown> = JSON.parse(readFileSync(join(installed(name), 'package.json'), 'utf8'));
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  it('has types that resolve wherever an ES module can be imported', () => {
    const attw = join(repository, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const told = run(project.tarballs, process.execPath, attw, tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji');
    expect({ status: told.status, problems: told.status === 0 ? '' : told.stdout }).toEqual({ status: 0, problems: '' });
  });

  it('gives by require what it gives by import', () => {
    const script = `
      const imported = Object.keys(await import('${name}')).sort();
      const { createRequire } = await import('node:module');
      const required = Object.keys(createRequire(import.meta.url)('${name}')).filter((key) => key !== '__esModule').sort();
      console.log(JSON.stringify({ imported, required }));`;
    const told = run(project.folder, process.execPath, '--no-warnings', '--input-type=module', '--eval', script);
    expect(told).toMatchObject({ status: 0, stderr: '' });
    const { imported, required } = JSON.parse(told.stdout);
    expect(required).toEqual(imported);
  });
});

describe('a project that uses the tarballs', () => {
  it('runs the program', () => {
    const program = installed('.bin/netdrift');
    expect(run(project.folder, program, '--version')).toEqual({
      status: 0,
      stdout: `${packages.find(({ folder }) => folder === 'cli')?.version}\n`,
      stderr: '',
    });
    const built = run(project.folder, process.execPath, join(repository, 'packages/cli/dist/netdrift.js'), ...demo);
    expect(run(project.folder, program, ...demo)).toEqual(built);
    expect(built).toMatchObject({ status: 1, stderr: '' });
  });

  it(`is type-checked by TypeScript ${oldestTypeScript}, the oldest promised, with the declarations themselves`, (context) => {
    const tools = installTool(project, 'oldest-typescript', `typescript@~${oldestTypeScript}.0`);
    if (tools === undefined) return context.skip(`TypeScript ${oldestTypeScript} could not be installed`);
    expect(run(project.folder, process.execPath, join(tools, 'typescript/bin/tsc'))).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('is type-checked by the TypeScript that builds netdrift', () => {
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    expect(run(project.folder, process.execPath, compiler)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it.each(libraries)('bundles $folder for a browser, without Node built-ins', async ({ name }) => {
    const contents = `import * as library from '${name}'; globalThis.library = library;`;
    const result = await build({
      stdin: { contents, resolveDir: project.folder },
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    expect(result.errors).toEqual([]);
    expect(result.outputFiles[0]?.text).not.toMatch(/\bfrom\s*"node:|\brequire\("/);
  });

  // Each parser carries the half of Chevrotain that `scripts/lean-chevrotain.js` leaves, 14 KB of it.
  it.each([
    ['@netdrift/core', 'displayText', 500],
    ['@netdrift/core', 'visit', 500],
    ['@netdrift/modules', 'parseModules', 25_000],
    ['@netdrift/ipset', 'parseIpset', 36_000],
    ['@netdrift/ipvsadm', 'parseIpvsadm', 46_000],
  ])('%s: a bundle of %s alone leaves out the rest, and is at most %i bytes of gzip', async (name, exported, limit) => {
    const stdin = { contents: `import { ${exported} } from '${name}'; globalThis.used = ${exported};`, resolveDir: project.folder };
    const { outputFiles } = await build({
      stdin,
      bundle: true,
      minify: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    expect(gzipSync(outputFiles[0]?.contents ?? '').length).toBeLessThanOrEqual(limit);
  });

  it('takes at most 3.7 MB, and no package beside it', () => {
    const folder = installed('netdrift');
    const bytes = filesOf(folder).reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
    expect(bytes).toBeLessThan(3_700_000);
    const manifest: Record<string, unknown> = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
  });
});

const told = (command: string, ...args: string[]) => run(project.folder, command, ...args);
const inProcess = () => told(process.execPath, join(repository, 'packages/cli/dist/netdrift.js'), ...demo);

describe('what `npm run pack` makes', () => {
  it('is a tarball that npm installs without a network and with nothing in its cache', () => {
    const home = join(project.folder, '../offline');
    const cache = join(home, 'cache');
    mkdirSync(cache, { recursive: true });
    const install = told(
      'npm',
      'install',
      '--global',
      '--offline',
      '--cache',
      cache,
      '--prefix',
      home,
      '--no-audit',
      '--no-fund',
      project.packed.tarball,
    );
    expect(install).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(join(home, 'lib/node_modules'))).toEqual(['netdrift']);
    expect(told(join(home, 'bin/netdrift'), ...demo)).toEqual(inProcess());
  });

  it('is one file that runs alone in a folder', () => {
    const folder = join(project.folder, '../alone');
    mkdirSync(folder);
    const file = join(folder, 'netdrift.mjs');
    copyFileSync(project.packed.file, file);
    expect(told(process.execPath, file, '--version').stdout).toBe(told(installed('.bin/netdrift'), '--version').stdout);
    expect(told(process.execPath, file, ...demo)).toEqual(inProcess());
  });
});

/** What else runs JavaScript: the oldest Node that `engines` promises, its newest of each line, and two other engines. */
const ENGINES = [
  { name: 'Node 20.19', specifier: 'node@20.19', command: ['node'], version: /^v20\.19\./ },
  { name: 'Node 22', specifier: 'node@22', command: ['node'], version: /^v22\./ },
  { name: 'Node 24', specifier: 'node@24', command: ['node'], version: /^v24\./ },
  { name: 'Bun', specifier: 'bun@1', command: ['bun'], version: /^1\./ },
  { name: 'Deno', specifier: 'deno@2', command: ['deno', 'run', '--allow-read', '--allow-env', '--allow-sys'], version: /^deno 2\./ },
];

it.for(['diff', 'check', 'nodes'])("SARIF of %s has nothing that Microsoft's validator calls an error", (command, context) => {
  const tools = installTool(project, 'sarif', '@microsoft/sarif-multitool-linux@5');
  if (tools === undefined) return context.skip('the validator could not be installed');
  const program = join(tools, '@microsoft/sarif-multitool-linux/Sarif.Multitool');
  chmodSync(program, 0o755);
  const words = { diff: demo, check: ['check', demo[2] ?? ''], nodes: ['diff', '--nodes', ...demo.slice(1)] }[command] ?? [];
  const file = join(project.folder, `${command}.sarif`);
  writeFileSync(file, told(installed('.bin/netdrift'), ...words, '--format', 'sarif').stdout);
  const found = told('env', 'DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1', program, 'validate', file, '--level', 'Error');
  if (found.status === null) return context.skip('the validator does not run here');
  expect(found.stdout).toContain('Analysis completed successfully.');
  expect(found.stdout).not.toMatch(/: error /);
});

describe.each(ENGINES)('$name', ({ name, specifier, command: [engine = '', ...words], version }) => {
  it('runs the installed package and the one file', (context) => {
    const tools = installTool(project, name.replace(' ', '-'), specifier);
    if (tools === undefined) return context.skip(`${name} could not be installed`);
    const program = join(tools, '.bin', engine);
    expect(told(program, '--version').stdout).toMatch(version);
    for (const file of [installed('netdrift/dist/netdrift.js'), project.packed.file])
      expect(told(program, ...words, file, ...demo)).toEqual(inProcess());
  });
});
