import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { minimised } from './minimise.ts';
import { mutated } from './mutate.ts';
import { randomFrom, scattered } from './random.ts';
import { Reach } from './reach.ts';
import { effort } from '../support/share.ts';
import { seedOf } from './seed.ts';
import { TARGETS, type Target } from './targets.ts';

/** Set by scripts/fuzz.js; without them a run is the same every time, and a new fixture changes few of its inputs. */
const seed = Number(process.env['NETDRIFT_FUZZ_SEED'] ?? 20_261_123);
const seconds = Number(process.env['NETDRIFT_FUZZ_SECONDS'] ?? 0);
const wanted = process.env['NETDRIFT_FUZZ_TARGET'];
/** A file for what each target came to, one JSON to a line. */
const results = process.env['NETDRIFT_FUZZ_RESULTS'];
/** Inputs of a run that is not limited by time. */
const INPUTS = effort(200, 1_000);

async function failureOf(target: Target, input: Buffer): Promise<string | undefined> {
  try {
    await target.check(input);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The smallest input that breaks a law as this one does, kept for the next run. */
async function reported(target: Target, input: Buffer, failure: string): Promise<string> {
  const kind = failure.slice(0, 20);
  const smallest = await minimised(input, async (part) => (await failureOf(target, part))?.startsWith(kind) === true);
  const name = `${createHash('sha256').update(smallest).digest('hex').slice(0, 12)}.txt`;
  if (seconds > 0) {
    const folder = fileURLToPath(new URL(`../../fixtures/fuzz-findings/${target.name}`, import.meta.url));
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/${name}`, smallest);
  }
  return `${(await failureOf(target, smallest)) ?? failure}\ninput (latin1): ${JSON.stringify(smallest.toString('latin1'))}\nagain: npm run fuzz -- --target ${target.name} --seed ${seed}`;
}

/** Mutates until the budget is spent. With time to spend, inputs that reach new code become seeds themselves. */
async function run(
  target: Target,
): Promise<{ readonly inputs: number; readonly failures: ReadonlyMap<string, string>; readonly reach: Reach | undefined }> {
  const seeds = [...target.seeds];
  const failures = new Map<string, string>();
  const end = seconds > 0 ? process.cpuUsage().user + seconds * 1e6 : 0;
  const reach = seconds > 0 ? await Reach.start() : undefined;
  let inputs = 0;
  while (reach === undefined ? inputs < INPUTS : process.cpuUsage().user < end) {
    const batch = Array.from({ length: 20 }, (_, index) => mutated(seeds, randomFrom(scattered(seed) + inputs + index)));
    for (const input of batch) {
      inputs += 1;
      const failure = await failureOf(target, input);
      if (failure !== undefined && !failures.has(failure.slice(0, 20)))
        failures.set(failure.slice(0, 20), await reported(target, input, failure));
    }
    if (reach === undefined || !(await reach.isNew())) continue;
    for (const input of batch) {
      await failureOf(target, input);
      if (input.length < 10_000 && (await reach.isRare())) seeds.push(seedOf(input));
    }
  }
  await reach?.stop();
  return { inputs, failures, reach };
}

describe(`inputs made from seed ${seed}`, () => {
  it.each(TARGETS.filter(({ name }) => wanted === undefined || name === wanted))(
    '$name: no input breaks a law',
    async (target) => {
      const { inputs, failures, reach } = await run(target);
      console.log(
        `fuzz ${target.name}: seed ${seed}, ${inputs} inputs${reach === undefined ? '' : `, ${reach.blocks} blocks of code reached`}, ${failures.size} findings`,
      );
      if (results !== undefined)
        appendFileSync(
          results,
          `${JSON.stringify({ target: target.name, seed, inputs, blocks: reach?.blocks, findings: failures.size })}\n`,
        );
      expect([...failures.values()].join('\n\n')).toBe('');
    },
    0,
  );
});
