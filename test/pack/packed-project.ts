import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pnpm } from '../../scripts/workspace.js';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The oldest TypeScript that reads our declarations; the README promises it. */
export const oldestTypeScript = '5.7';

export const packages = ['core', 'ipvsadm', 'iptables', 'ipset', 'modules', 'drift', 'cli'].map((folder) => {
  const manifest: { readonly name: string; readonly version: string } = JSON.parse(
    readFileSync(join(repository, 'packages', folder, 'package.json'), 'utf8'),
  );
  const { name, version } = manifest;
  return { folder, name, version, tarball: `${name.replace('@', '').replace('/', '-')}-${version}.tgz` };
});

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program and waits for its end. */
export function run(folder: string, command: string, ...args: string[]): Finished {
  // The project's .npmrc makes npm silent, and npm hands that down: here its errors have to be seen.
  const env = { ...process.env, npm_config_loglevel: 'error' };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

function mustRun(folder: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = run(folder, command, ...args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

export interface PackedProject {
  /** A project with every package installed from its tarball, and nothing else of the workspace. */
  readonly folder: string;
  readonly tarballs: string;
  /** What `npm run pack` made: the tarball of the command, and the one file. */
  readonly packed: { readonly tarball: string; readonly file: string };
  remove(): void;
}

/** Packs every package, and installs the tarballs in an empty project outside the repository. */
export function packedProject(): PackedProject {
  const home = mkdtempSync(join(tmpdir(), 'netdrift-pack-'));
  const folder = join(home, 'project');
  const tarballs = join(home, 'tarballs');
  mustRun(repository, 'npx', '--yes', pnpm, '--recursive', '--filter', './packages/*', 'pack', '--pack-destination', tarballs);
  const packed = mustRun(repository, process.execPath, 'scripts/pack.js', home).trim().split('\n');
  cpSync(fileURLToPath(new URL('consumer/', import.meta.url)), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const paths = readdirSync(tarballs).map((name) => join(tarballs, name));
  mustRun(folder, 'npm', 'install', '--no-audit', '--no-fund', ...paths);
  return { folder, tarballs, packed: { tarball: packed[0] ?? '', file: packed[1] ?? '' }, remove: () => rmSync(home, { recursive: true }) };
}

/** Installs packages of the registry beside a project, and gives their folder; undefined where they are not to be had. */
export function installTool(project: PackedProject, name: string, ...specifiers: string[]): string | undefined {
  const folder = join(project.folder, '..', name);
  const { status } = run(project.folder, 'npm', 'install', '--no-audit', '--no-fund', '--prefix', folder, ...specifiers);
  return status === 0 ? join(folder, 'node_modules') : undefined;
}
