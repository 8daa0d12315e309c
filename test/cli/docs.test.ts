import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCli } from '../support/cli.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const isUpdate = process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined;

/** Where the commands are typed: a folder with the fixtures, and with the command. */
const folder = mkdtempSync(join(tmpdir(), 'netdrift-docs-'));
symlinkSync(join(repository, 'fixtures'), join(folder, 'fixtures'));
symlinkSync(join(repository, 'packages/cli/dist/netdrift.js'), join(folder, 'netdrift'));
beforeAll(buildCli, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A block of commands, each behind `$ `, with what a shell prints for them. */
function asTyped(block: string): string {
  const commands = block.split('\n').filter((line) => line.startsWith('$ '));
  return commands
    .map((line) => {
      const run = spawnSync('sh', ['-c', line.slice(2)], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1', PATH: `${folder}:${process.env['PATH']}` },
      });
      return `${line}\n${run.stderr}${run.stdout}`;
    })
    .join('');
}

describe.each(['docs/cli.md', 'docs/check.md', 'docs/ci.md', 'docs/explain.md', 'docs/trace.md', 'docs/streams.md', 'docs/transcripts.md'])(
  '%s',
  (name) => {
    it('shows what its commands print', { timeout: 120_000 }, () => {
      const path = join(repository, name);
      const text = readFileSync(path, 'utf8');
      const run = text.replaceAll(/(?<=```console\n)[\s\S]*?(?=```\n)/g, asTyped);
      if (isUpdate) writeFileSync(path, run);
      else expect(run).toBe(text);
    });
  },
);
