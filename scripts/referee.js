// `NETDRIFT_REFEREE=path/to/referee.sh node scripts/referee.js PAIR...`: what `netdrift diff` claims of pairs of snapshots, replayed on a
// kernel. The referee restores each snapshot in a network namespace (or a virtual machine for IPVS), sends the packets of each claim and
// says which claims the kernel confirms. It is no part of this repository; docs/packet-space.md tells what it is asked, and its last
// result. Needs root.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const referee = process.env['NETDRIFT_REFEREE'];
const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const pairs = process.argv.slice(2);
const usual = readdirSync(path('fixtures/referee'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => path(`fixtures/referee/${name}`));

if (referee === undefined) {
  process.stderr.write('skipped: NETDRIFT_REFEREE does not name a referee\n');
} else {
  const env = { ...process.env, NETDRIFT: path('packages/cli/dist/netdrift.js') };
  process.exitCode = spawnSync(referee, ['--random', '0', ...(pairs.length > 0 ? pairs : usual)], { env, stdio: 'inherit' }).status ?? 1;
}
