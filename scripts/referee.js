// `NETDRIFT_REFEREE=path/to/referee.sh node scripts/referee.js PAIR...`: what `netdrift diff` claims of pairs of snapshots, replayed on a
// kernel. The referee restores each snapshot in a network namespace (or a virtual machine for IPVS), sends the packets of each claim and
// says which claims the kernel confirms. It is no part of this repository; docs/packet-space.md tells what it is asked, and its last
// result. Needs root.
//
// `--captures FOLDER... [-- OPTION...]`: each step of every capture in these folders against the next, with ten random packets: those without
// IPVS in namespaces, then all others in one start of the machine. Options are the referee's; with `--kinds explain` captures of one step
// are asked too.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const referee = process.env['NETDRIFT_REFEREE'];
const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const args = process.argv.slice(2);
const foldersIn = (/** @type {string} */ folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));

/** What a kernel can be given: rules as iptables-save or nft prints them. */
const isWhole = (/** @type {string} */ step) => ['iptables-save.txt', 'nft-list-ruleset.txt'].some((name) => existsSync(join(step, name)));

/**
 * The steps of each capture with the next, as the referee takes them.
 *
 * @param {readonly string[]} folders
 * @param {boolean} single whether captures of one step are asked too, against themselves
 */
function pairsIn(folders, single) {
  const captures = folders.flatMap(foldersIn).filter((capture) => existsSync(join(capture, 'manifest.json')));
  return captures.flatMap((capture) => {
    /** @type {{ steps?: string[] }} */
    const { steps: named = [] } = JSON.parse(readFileSync(join(capture, 'manifest.json'), 'utf8'));
    const found = named.map((step) => join(capture, step)).filter((step) => existsSync(step));
    const steps = found.length === 0 ? [capture] : found;
    for (const step of steps.filter((one) => !isWhole(one)))
      process.stdout.write(`skipped: ${step}: its rules are not given as a kernel takes them\n`);
    const pairs = steps.length > 1 ? steps.slice(1).map((after, place) => [steps[place] ?? '', after]) : [[capture, capture]];
    if (steps.length === 1 && !single) process.stdout.write(`skipped: ${capture}: it has one step\n`);
    return steps.length === 1 && !single ? [] : pairs.filter((pair) => pair.every(isWhole)).map((pair) => pair.join(':'));
  });
}

/** @param {readonly string[]} options */
function ask(options) {
  const env = { ...process.env, NETDRIFT: path('packages/cli/dist/netdrift.js') };
  return spawnSync(referee ?? '', options, { env, stdio: 'inherit' }).status ?? 1;
}

if (referee === undefined) {
  process.stderr.write('skipped: NETDRIFT_REFEREE does not name a referee\n');
} else if (args[0] === '--captures') {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const options = args.slice(end + 1);
  const pairs = pairsIn(args.slice(1, end), options.includes('explain'));
  const found = ['--skip-ipvs', '--only-ipvs'].map((where) => ask([where, '--random', '10', ...options, ...pairs]));
  process.exitCode = Math.max(...found);
} else {
  process.exitCode = ask(['--random', '0', ...(args.length > 0 ? args : foldersIn(path('fixtures/referee')))]);
}
