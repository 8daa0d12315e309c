// `npm run fuzz`: inputs made from real captures, against every parser and the whole path of the command line.
//   npm run fuzz                                          1,000 inputs each, as in CI
//   npm run fuzz -- --seconds 300 [--target iptables]     that much CPU time each; inputs that reach new code are mutated further
//   npm run fuzz -- --seed 7                              another run; the seed is printed
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { seed: { type: 'string' }, seconds: { type: 'string' }, target: { type: 'string' } } });
const settings = { NETDRIFT_FUZZ_SEED: values.seed, NETDRIFT_FUZZ_SECONDS: values.seconds, NETDRIFT_FUZZ_TARGET: values.target };
const env = { ...process.env, ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) };
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
process.exitCode = spawnSync(process.execPath, [vitest, 'run', 'test/fuzz/fuzz.test.ts', '--disable-console-intercept'], { env, stdio: 'inherit' }).status ?? 1;
