import { Line, MAX_SHAPES, shapeCache } from '@netdrift/core';
import { expect, it } from 'vitest';

/** A line whose token types spell a number in base 10, so that each number is a shape of its own. */
function shape(number: number): Line {
  const line = new Line('x');
  line.begin(0, 1);
  for (const digit of String(number)) line.push(Number(digit), 0, 1);
  return line;
}

it('a shape cache grows with its shapes, keeps them all up to its limit, and then no more', () => {
  const shapes = shapeCache<number>();
  for (let number = 0; number < MAX_SHAPES + 100; number += 1) shapes.add(shape(number), number);
  expect(shapes.size).toBe(MAX_SHAPES);
  const found = Array.from({ length: MAX_SHAPES + 100 }, (_, number) => shapes.find(shape(number)));
  expect(found).toEqual(Array.from({ length: MAX_SHAPES + 100 }, (_, number) => (number < MAX_SHAPES ? number : undefined)));
});
