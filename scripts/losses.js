#!/usr/bin/env node
// Deletes, cuts and doubles files of snapshots, 10,000 times, and fails where that adds a claim: the law of test/laws/partial.test.ts at
// length, over the fixtures and, where it is there, the corpus. `node scripts/losses.js [times] [seed]`; its last figures stand in
// docs/transcripts.md.
import { spawnSync } from 'node:child_process';

const [times = '10000', seed = '1'] = process.argv.slice(2);
const environment = { ...process.env, NETDRIFT_LOSSES: times, NETDRIFT_SEED: seed };
const { status } = spawnSync('npx', ['vitest', 'run', 'test/laws/partial.test.ts', '--maxWorkers=1'], {
  stdio: 'inherit',
  env: environment,
});
process.exitCode = status ?? 1;
