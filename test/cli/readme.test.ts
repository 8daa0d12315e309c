import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readmePicture } from '../../scripts/readme-picture.js';
import { expectGolden } from '../support/golden.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const readme = fileURLToPath(new URL('../../README.md', import.meta.url));
const shownOutput = /(<!-- output of the first command[^>]*-->\n```text\n)([\s\S]*?)(```\n<!-- end of output -->)/;
const firstCommand = /```sh\n(npm start [^#\n]*?) +# exit status (\d)/;

/** Runs a command line as a user types it, in the project's folder. */
function typed(command: string): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(command, { cwd: repository, shell: true, encoding: 'utf8', timeout: 120_000 });
  return { status, stdout, stderr };
}

describe('the README', () => {
  it('shows what its first command prints, and the exit status it ends with', { timeout: 120_000 }, () => {
    const text = readFileSync(readme, 'utf8');
    const [, command = '', status = ''] = firstCommand.exec(text) ?? [];
    typed('node scripts/prepare.js');
    const told = typed(command);
    if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) {
      writeFileSync(
        readme,
        text.replace(shownOutput, (_, opening: string, __, closing: string) => opening + told.stdout + closing),
      );
      return;
    }
    expect(told).toEqual({ status: Number(status), stdout: shownOutput.exec(text)?.[2], stderr: '' });
  });
});

it('the picture of the README is drawn from the report of the demo as it is', () => {
  expectGolden('docs/picture.svg', readmePicture());
});

describe('npm start', () => {
  it('takes the paths of the folder it is typed in', { timeout: 120_000 }, () => {
    const told = typed(`cd fixtures && npm --prefix .. start -- diff demo/before demo/before`);
    expect({ status: told.status, stderr: told.stderr, lines: told.stdout.split('\n').length }).toEqual({
      status: 0,
      stderr: '',
      lines: 2,
    });
  });
});
