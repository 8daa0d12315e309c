import { appendFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeCorpus } from '../../../support/corpus.ts';
import { checkMutations, emptyTally, savedTables } from './mutation-check.ts';

/** `npm run space` names more of each, and where to put what was found. */
const setting = (name: string, usual: number): number => Number(process.env[`NETDRIFT_SPACE_${name}`] ?? usual);
const MUTATIONS = setting('MUTATIONS', 24);
const PACKETS = setting('PACKETS', 60);
const SEED = setting('SEED', 20_261_130);

describeCorpus('iptables/scenarios', 'the packet space, on tables with one thing changed', () => {
  it('says of no packet that it is treated alike, or otherwise, which one rule after the other is not', { timeout: 36_000_000 }, () => {
    const tally = emptyTally();
    const tables = savedTables();
    for (let made = 0; made < MUTATIONS; made++) {
      // Steps through the list so that a small sample meets tables of each kind.
      const table = tables[(made * 7) % tables.length];
      if (table !== undefined) checkMutations(table, { mutations: 1, packets: PACKETS, seed: SEED + made }, tally);
    }
    const { faults, reasons, ...counts } = tally;
    if (process.env['NETDRIFT_SPACE_RESULTS'] !== undefined)
      appendFileSync(
        process.env['NETDRIFT_SPACE_RESULTS'],
        `${JSON.stringify({ seed: SEED, ...counts })}\n${reasons.map((reason) => `undecided: ${reason}\n`).join('')}`,
      );
    expect(faults).toEqual([]);
    expect(counts).toMatchObject({ undecided: 0, wrongEqual: 0, outside: 0, notDiffering: 0 });
    expect(counts.undecidedReports).toBeLessThanOrEqual(Math.ceil(counts.pairs / 100));
    expect(counts.different).toBeGreaterThan(0);
    expect(counts.differing).toBeGreaterThan(0);
  });
});
