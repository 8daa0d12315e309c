import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
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

/** Chevrotain is built into core, and the alignment of npm's diff into drift: both packages carry the licences. */
const WITH_BUNDLED_CODE: ReadonlySet<string> = new Set(['core', 'drift']);

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());

describe.each(packages)('the tarball of packages/$folder', ({ folder, name, tarball }) => {
  it('holds the build, the licence and the readme, and nothing of the workspace', () => {
    const strangers = filesOf(installed(name)).filter((path) => !/^dist\/.+\.(js|d\.ts)$/.test(path)).sort();
    const schemas = folder === 'cli' ? readdirSync(join(repository, 'packages/cli/schemas')).map((file) => `schemas/${file}`) : [];
    const expected = ['LICENSE', 'README.md', ...(WITH_BUNDLED_CODE.has(folder) ? ['THIRD-PARTY-LICENSES'] : []), 'package.json', ...schemas.sort()];
    expect(strangers).toEqual(expected);
  });

  it('names released versions of its neighbours, and no source', () => {
    const manifest = readFileSync(join(installed(name), 'package.json'), 'utf8');
    expect(manifest).not.toMatch(/workspace:|"source"/);
  });

  it('has nothing for publint to say', async () => {
    const bytes = readFileSync(join(project.tarballs, tarball));
    const { messages } = await publint({ pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) }, strict: true });
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
    expect(run(project.folder, program, '--version')).toEqual({ status: 0, stdout: `${packages.find(({ folder }) => folder === 'cli')?.version}\n`, stderr: '' });
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

  it('takes at most 2.5 MB', () => {
    const bytes = filesOf(installed('')).reduce((sum, path) => sum + statSync(join(installed(''), path)).size, 0);
    expect(bytes).toBeLessThan(2_500_000);
  });

  it.for(['22', '24'])('runs on Node %s', (major, context) => {
    const tools = installTool(project, `node-${major}`, `node@${major}`);
    if (tools === undefined) return context.skip(`Node ${major} could not be installed`);
    const node = join(tools, '.bin/node');
    expect(run(project.folder, node, '--version').stdout).toMatch(new RegExp(`^v${major}\\.`));
    const program = installed('netdrift/dist/netdrift.js');
    expect(run(project.folder, node, program, ...demo)).toEqual(run(project.folder, process.execPath, program, ...demo));
  });
});
