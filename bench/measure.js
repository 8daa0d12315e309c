// How the bench measures: CPU time, the rounds of all contenders interleaved, so that a slow moment of the machine meets all of them.
import { spawnSync } from 'node:child_process';

/** CPU milliseconds so far. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @param {readonly number[]} values */
const median = (values) => [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;

/**
 * The median of the CPU milliseconds of each contender.
 * @template {string} Name
 * @param {Readonly<Record<Name, () => unknown>>} contenders
 * @param {number} rounds
 * @returns {Record<Name, number>}
 */
export function measure(contenders, rounds = 5) {
  const times = /** @type {Record<string, number[]>} */ ({});
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, work] of Object.entries(contenders)) {
      const start = cpu();
      /** @type {() => unknown} */ (work)();
      (times[name] ??= []).push(cpu() - start);
    }
  }
  return /** @type {Record<Name, number>} */ (Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)])));
}

/** Runs a program by a shell that says what CPU time it took. */
const TIMED = '"$@" >/dev/null 2>&1; times';

/**
 * CPU milliseconds of a program, its start included.
 * @param {readonly string[]} command
 */
export function timeOf(command) {
  const { stdout } = spawnSync('sh', ['-c', TIMED, 'sh', ...command], { encoding: 'utf8' });
  // The second line of `times` is that of the children: 0m0.12s 0m0.03s
  const [user = 0, system = 0] = (stdout.trim().split('\n')[1] ?? '').split(' ').map((time) => {
    const [, minutes = '0', seconds = '0'] = /^(\d+)m([\d.]+)s$/.exec(time) ?? [];
    return (Number(minutes) * 60 + Number(seconds)) * 1000;
  });
  return user + system;
}

/** @param {readonly string[]} titles @param {readonly (readonly (string | number)[])[]} rows */
export function table(titles, rows) {
  return [`| ${titles.join(' | ')} |`, `|${' --- |'.repeat(titles.length)}`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}
