import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Expects `actual` to be exactly the text of a file; `path` is relative to the repository.
 *
 * `UPDATE_GOLDENS=1 npx vitest run test/<area>` writes the file instead; read its diff before committing it.
 * A missing file is a failure, and under `CI` no file is ever written.
 *
 * @example
 * expectGolden('fixtures/demo/drifted.report.txt', renderText(report))
 */
export function expectGolden(path: string, actual: string): void {
  const file = join(repository, path);
  if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) {
    if (existsSync(file) && readFileSync(file, 'utf8') === actual) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  if (!existsSync(file)) expect.fail(`the golden ${path} does not exist: run with UPDATE_GOLDENS=1, read it, commit it`);
  expect(actual).toBe(readFileSync(file, 'utf8'));
}

/** As {@link expectGolden} for plain data, kept as JSON with two blanks of indent and a final newline. */
export function expectGoldenJson(path: string, actual: unknown): void {
  expectGolden(path, `${JSON.stringify(actual, null, 2)}\n`);
}
