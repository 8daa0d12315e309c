// What a short run of the program takes, as a multiple of Node doing nothing.
import { fileURLToPath } from 'node:url';
import { table, timeOf } from './measure.js';

const ROUNDS = 9;
const repository = fileURLToPath(new URL('../', import.meta.url));
const program = `${repository}packages/cli/dist/netdrift.js`;
const seeds = ['masquerade-all', 'cluster-cidr', 'lb-source-ranges', 'nodeport'].map(
  (name) => `${repository}fixtures/drift/seeds/${name}.published.nat.txt`,
);

/** @type {readonly (readonly [what: string, target: number, words: readonly string[]])[]} */
const RUNS = [
  ['`--version`', 1.15, ['--version']],
  ['`parse` of four listings of nat and one of IPVS', 1.6, ['parse', ...seeds, `${repository}fixtures/ipvsadm-1.31/seed/ln.txt`]],
  ['`diff` of the demo', 3, ['diff', `${repository}fixtures/demo/before`, `${repository}fixtures/demo/drifted`]],
];

/** A table. */
export function start() {
  /** @type {Record<string, number[]>} */
  const times = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    (times['node'] ??= []).push(timeOf([process.execPath, '-e', '0']));
    for (const [what, , words] of RUNS) (times[what] ??= []).push(timeOf([process.execPath, program, ...words]));
  }
  const middle = (/** @type {string} */ name) => (times[name] ?? []).sort((one, other) => one - other)[ROUNDS >> 1] ?? Number.NaN;
  const node = middle('node');
  return table(
    ['start', 'CPU ms', 'times `node -e 0`', 'target'],
    [
      ['`node -e 0`', node.toFixed(0), '1', ''],
      ...RUNS.map(([what, target]) => [what, middle(what).toFixed(0), (middle(what) / node).toFixed(2), `≤ ${target}`]),
    ],
  );
}
