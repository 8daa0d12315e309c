import * as nftables from '@netdrift/nftables';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { readmeExamples, runExample } from '../support/readme-example.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const packages = { '@netdrift/nftables': nftables, 'node:fs': { readFileSync: (path: string) => readFileSync(repository + path) } };

describe('the pages about nft', () => {
  it.each(['packages/nftables/README.md', 'docs/nftables.md'])('%s shows what its example prints', (path) => {
    const examples = readmeExamples(path);
    expect(examples.map((example) => runExample(example, packages))).toEqual(examples.map(({ shown }) => shown));
    expect(examples.length).toBe(1);
  });

  it('list every diagnostic with its severity and meaning', () => {
    const page = readFileSync(`${repository}docs/nftables.md`, 'utf8');
    const rows = nftables.nftablesDiagnostics.map(({ code, severity, meaning }) => `| \`${code}\` | ${severity} | ${meaning} |`);
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});
