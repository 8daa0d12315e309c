import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { expectGolden } from '../../support/golden.ts';
import { readingAnswer } from '../../support/reading-answer.ts';

const folder = fileURLToPath(new URL('../../../fixtures/reading/', import.meta.url));
const kinds = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('texts as people paste them, read for what they say', () => {
  it.each(kinds)('%s', (kind) => {
    for (const file of readdirSync(`${folder}${kind}`)
      .filter((name) => !name.endsWith('.answer'))
      .sort()) {
      expectGolden(`fixtures/reading/${kind}/${file}.answer`, readingAnswer(file, readFileSync(`${folder}${kind}/${file}`, 'utf8')));
    }
  });
});
