// `npm run fuzz`: inputs made from real captures, against every parser and the whole path of the command line. docs/fuzzing.md tells more.
//   npm run fuzz                                          1,000 inputs each, as in CI
//   npm run fuzz -- --seconds 300 [--target iptables]     that much CPU time each; inputs that reach new code are mutated further
//   npm run fuzz -- --seed 7                              another run; the seed is printed
//   npm run fuzz -- --seconds 300 --write                 puts what each target came to into docs/fuzzing.md
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PAGE = fileURLToPath(new URL('../docs/fuzzing.md', import.meta.url));
const TABLE = /(?<=<!-- last run -->\n)[\s\S]*(?=<!-- \/last run -->)/;
const HEAD =
  '| target | seed | CPU s | inputs | blocks of code reached | findings | on | with |\n| --- | --- | --- | --- | --- | --- | --- | --- |';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, seconds: { type: 'string' }, target: { type: 'string' }, write: { type: 'boolean' } },
});
if (values.write && values.seconds === undefined) throw new Error('--write tells of a guided run: it takes --seconds too');
const folder = mkdtempSync(join(tmpdir(), 'netdrift-fuzz-'));
const results = join(folder, 'results.jsonl');
writeFileSync(results, '');
const settings = {
  NETDRIFT_FUZZ_SEED: values.seed,
  NETDRIFT_FUZZ_SECONDS: values.seconds,
  NETDRIFT_FUZZ_TARGET: values.target,
  NETDRIFT_FUZZ_RESULTS: results,
};
const env = { ...process.env, ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) };
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
process.exitCode =
  spawnSync(process.execPath, [vitest, 'run', 'test/fuzz/fuzz.test.ts', '--disable-console-intercept'], { env, stdio: 'inherit' }).status ??
  1;
if (values.write)
  writeFileSync(
    PAGE,
    readFileSync(PAGE, 'utf8').replace(TABLE, (table) => `\n${withRows(table)}\n\n`),
  );
rmSync(folder, { recursive: true });

/** The table with the rows of this run in place of those of the same targets. @param {string} table */
function withRows(table) {
  const rows = new Map(
    table
      .split('\n')
      .slice(3)
      .filter(Boolean)
      .map((row) => [row.split(' ')[1], row]),
  );
  const machine = `${new Date().toISOString().slice(0, 10)} | Node ${process.versions.node}, ${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown kind'}`;
  for (const line of readFileSync(results, 'utf8').split('\n').filter(Boolean)) {
    const { target, seed, inputs, blocks, findings } = JSON.parse(line);
    const counts = [inputs, blocks, findings].map((count) => count.toLocaleString('en'));
    rows.set(target, `| ${target} | ${seed} | ${values.seconds} | ${counts.join(' | ')} | ${machine} |`);
  }
  return [HEAD, ...rows.values()].join('\n');
}
