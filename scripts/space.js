// `node scripts/space.js`: mutated tables of the corpus, compared for all packets, against an oracle that asks rule by rule.
// docs/packet-space.md tells more.
//   node scripts/space.js                                      2,000 mutations, 1,000 random packets each
//   node scripts/space.js --mutations 200 --packets 100 --seed 7
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    mutations: { type: 'string', default: '2000' },
    packets: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '20261130' },
  },
});
const results = join(tmpdir(), `netdrift-space-${process.pid}.txt`);
const env = {
  ...process.env,
  NETDRIFT_SPACE_MUTATIONS: values.mutations,
  NETDRIFT_SPACE_PACKETS: values.packets,
  NETDRIFT_SPACE_SEED: values.seed,
  NETDRIFT_SPACE_RESULTS: results,
};
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
process.exitCode =
  spawnSync(process.execPath, [vitest, 'run', 'test/drift/packets/space/mutations.test.ts', '--disable-console-intercept'], {
    env,
    stdio: 'inherit',
  }).status ?? 1;
if (existsSync(results)) process.stdout.write(readFileSync(results, 'utf8'));
