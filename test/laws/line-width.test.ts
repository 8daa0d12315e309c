import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const WIDTH = 140;
const PACKAGES = new URL('../../packages/', import.meta.url);

it('no comment is wider than 140 columns, to which Prettier lays out code', () => {
  const files = readdirSync(PACKAGES, { recursive: true, encoding: 'utf8' }).filter((name) => /^\w+\/src\/(?!known\/).*\.ts$/.test(name));
  const wide = files.flatMap((name) =>
    readFileSync(new URL(name, PACKAGES), 'utf8')
      .split('\n')
      .flatMap((line, index) => ([...line].length > WIDTH && /^\s*(?:\*|\/[/*])/.test(line) ? [`${name}:${index + 1}`] : [])),
  );
  expect(files.length).toBeGreaterThan(500);
  expect(wide).toEqual([]);
});
