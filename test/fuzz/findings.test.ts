import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { TARGETS } from './targets.ts';

const findings = fileURLToPath(new URL('../../fixtures/fuzz-findings', import.meta.url));
const found = TARGETS.flatMap((target) => {
  const names = readdirSync(findings).includes(target.name) ? readdirSync(join(findings, target.name)) : [];
  return names.map((name) => [`${target.name}/${name}`, target] as const);
});

it.each(found)('%s breaks no law any more', async (path, target) => {
  await expect(target.check(readFileSync(join(findings, path)))).resolves.toBeUndefined();
});
