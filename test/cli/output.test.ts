import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const repository = fileURLToPath(new URL('../../', import.meta.url));
const FULL_DISK = '/dev/full';

describe('a result that cannot be written', () => {
  it
    .skipIf(!existsSync(FULL_DISK))
    .each([
      [['diff', 'fixtures/demo/before', 'fixtures/demo/drifted']],
      [['parse', 'fixtures/demo/before/iptables-save.txt', '--format', 'jsonl']],
      [['rules']],
    ])('is told in one line and ends with 2, never with the status of drift: %j', (args) => {
    const full = openSync(FULL_DISK, 'w');
    const { status, stderr } = spawnSync(process.execPath, ['packages/cli/dist/netdrift.js', ...args], {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'netdrift: cannot write the result: no space is left on the device\n' });
  });
});
