import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, folderOf } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const repository = fileURLToPath(new URL('../../', import.meta.url));
const program = join(repository, 'packages/cli/dist/netdrift.js');
const page = readFileSync(join(repository, 'docs/ci.md'), 'utf8');

/** The first block of a language below a heading of docs/ci.md. */
function block(heading: string, language: string): string {
  const below = page.slice(page.indexOf(`\n## ${heading}\n`));
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(below)?.[1] ?? '';
}

/** A repository with the snapshot of a node, and `netdrift` on its path. */
function stored(): {
  readonly folder: string;
  readonly run: (script: string) => { status: number | null; stdout: string; stderr: string };
} {
  const root = folderOf({ 'bin/netdrift': `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, 'work/README': 'snapshots\n' });
  chmodSync(join(root, 'bin/netdrift'), 0o755);
  const folder = join(root, 'work');
  mkdirSync(join(folder, 'nodes'));
  cpSync(join(repository, 'fixtures/demo/before'), join(folder, 'nodes/node-1'), { recursive: true });
  const env = {
    ...process.env,
    PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GITHUB_BASE_REF: 'main',
  };
  const run = (script: string) => spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8', env });
  execFileSync(
    'bash',
    ['-c', 'git init -qb main && git config user.email a@example.org && git config user.name a && git add . && git commit -qm one'],
    { cwd: folder, env },
  );
  return { folder, run };
}

describe('docs/ci.md', () => {
  it('has a hook that lets a whole listing through and names one that is not', () => {
    const { folder, run } = stored();
    writeFileSync(join(folder, '.git/hooks/pre-commit'), block('A hook before a commit', 'sh'));
    chmodSync(join(folder, '.git/hooks/pre-commit'), 0o755);
    cpSync(join(repository, 'fixtures/demo/drifted/iptables-save.txt'), join(folder, 'nodes/node-1/iptables-save.txt'));
    expect(run('git add . && git commit -qm two')).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(join(folder, 'nodes/node-1/lsmod.txt'), 'what somebody wrote by hand: nothing is loaded\n');
    const refused = run('git add . && git commit -qm three');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('nodes/node-1/lsmod.txt: not whole, or no output of a known tool\n');
  });

  it('has a workflow whose steps fail a pull request that lets traffic down, with annotations and SARIF', () => {
    const { folder, run } = stored();
    const steps = [...block('A GitHub workflow', 'yaml').matchAll(/- run: (.*)/g)].map(([, line = '']) =>
      line.replaceAll('node netdrift.mjs', 'netdrift'),
    );
    expect(steps.length).toBe(3);
    expect(run('git branch origin/main && git checkout -qb change').status).toBe(0);
    cpSync(join(repository, 'fixtures/demo/drifted'), join(folder, 'nodes/node-1'), { recursive: true });
    const [base, annotations, sarif] = steps.map((step) => run(step));
    expect(base).toMatchObject({ status: 0 });
    expect({
      status: annotations?.status,
      stderr: annotations?.stderr,
      first: /^::error [^:]*file=nodes\/node-1\//m.test(annotations?.stdout ?? ''),
    }).toEqual({ status: 1, stderr: '', first: true });
    expect(sarif).toMatchObject({ status: 0, stderr: '' });
    const [{ results }] = JSON.parse(readFileSync(join(folder, 'netdrift.sarif'), 'utf8')).runs;
    expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toMatch(/^nodes\/node-1\//);
  });
});
