import { expect, it } from 'vitest';
import { mutated } from './mutate.ts';
import { randomFrom } from './random.ts';
import { seedOf } from './seed.ts';

const seeds = Array.from({ length: 101 }, (_, index) => seedOf(Buffer.from(`text ${index}\n`.repeat(5))));
const inputsFrom = (texts: typeof seeds): string[] =>
  Array.from({ length: 1_000 }, (_, index) => mutated(texts, randomFrom(index)).toString('latin1'));

it('a run makes the same inputs of the same texts, in whatever order they are', () => {
  expect(inputsFrom(seeds.toReversed())).toEqual(inputsFrom(seeds));
});

it('a text more changes about one input in a hundred', () => {
  const [without, all] = [inputsFrom(seeds.slice(0, 100)), inputsFrom(seeds)];
  const changed = all.filter((input, index) => input !== without[index]);
  expect(changed.length).toBe(11);
});
