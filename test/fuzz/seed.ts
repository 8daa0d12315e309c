import { createHash } from 'node:crypto';
import { type Random, scattered } from './random.ts';

/** A text that inputs are made from. */
export interface Seed {
  readonly bytes: Buffer;
  /** 32 bits made of the text. */
  readonly key: number;
}

export function seedOf(bytes: Buffer): Seed {
  return { bytes, key: createHash('sha256').update(bytes).digest().readUInt32LE() };
}

/**
 * One of the texts. With one text more than before, or one less, few choices fall otherwise: they do not depend on its place in the list.
 */
export function chosen(seeds: readonly Seed[], random: Random): Buffer {
  const number = random.below(2 ** 32);
  let most = -1;
  let best: Buffer = Buffer.alloc(0);
  for (const { bytes, key } of seeds) {
    const weight = scattered(number ^ key);
    if (weight <= most) continue;
    most = weight;
    best = bytes;
  }
  return best;
}
