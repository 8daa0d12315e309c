import { describe, expect, it } from 'vitest';
import { addedClaims, captureFolders, claimsOf, filesOf, lossOf, snapshotFolders } from './partial.ts';

/** Losses tried; all 10,000 of docs/transcripts.md, with the captures of the corpus: `node scripts/losses.js`. */
const LOSSES = Number(process.env['NETDRIFT_LOSSES'] ?? 24);

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('a folder of which a file was deleted, cut or doubled', () => {
  it('claims nothing above none that the whole folder does not claim', { timeout: 3_600_000 }, () => {
    const random = numbersFrom(Number(process.env['NETDRIFT_SEED'] ?? 1));
    const folders = snapshotFolders();
    const captures = LOSSES > 100 ? captureFolders() : [];
    const known = new Map<string, ReadonlySet<string>>();
    const counts = { deleted: 0, cut: 0, duplicated: 0, unseen: 0 };
    const broken: string[] = [];
    for (let run = 0; run < LOSSES; run += 1) {
      // Captures are large: one loss in twenty is theirs.
      const from = captures.length > 0 && random() < 0.05 ? captures : folders;
      const folder = from[Math.floor(random() * from.length)] ?? '';
      const files = filesOf(folder);
      const loss = lossOf(files, random);
      // A cut that nothing shows cannot be told from a text that ends there.
      if (!loss.shown) {
        counts.unseen += 1;
        continue;
      }
      counts[loss.kind] += 1;
      if (run % 250 === 0 && run > 0) process.stderr.write(`${JSON.stringify({ run, ...counts, broken })}\n`);
      const before = known.get(folder) ?? claimsOf(files);
      known.set(folder, before);
      for (const claim of addedClaims(files, before, loss.files)) broken.push(`${folder}: ${loss.kind} ${loss.place}: ${claim}`);
    }
    if (LOSSES > 100) console.log(JSON.stringify({ losses: LOSSES, ...counts, broken: broken.length }));
    expect(broken).toEqual([]);
  });
});
