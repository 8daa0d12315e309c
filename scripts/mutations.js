// Captures of real nodes changed in one thing, on the side of the node or of the objects: the finding of `check` has to name it, and
// nothing else.
//   node scripts/mutations.js                 2,000 in each mode, seed 1
//   node scripts/mutations.js 300 7           so many, and another seed
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [count = '2000', seed = '1'] = process.argv.slice(2);
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const env = { ...process.env, NETDRIFT_MUTATIONS: count, NETDRIFT_FUZZ_SEED: seed };
process.exitCode =
  spawnSync(process.execPath, [vitest, 'run', 'test/drift/check/mutations.corpus.test.ts', '--disable-console-intercept'], {
    env,
    stdio: 'inherit',
  }).status ?? 1;
