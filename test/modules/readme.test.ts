import * as modules from '@netdrift/modules';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { readmeExamples, runExample } from '../support/readme-example.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const packages = { '@netdrift/modules': modules, 'node:fs': { readFileSync: (path: string) => readFileSync(repository + path) } };

describe('the pages about modules', () => {
  it.each(['packages/modules/README.md', 'docs/modules.md'])('%s shows what its example prints', (path) => {
    const examples = readmeExamples(path);
    expect(examples.map((example) => runExample(example, packages))).toEqual(examples.map(({ shown }) => shown));
    expect(examples.length).toBe(1);
  });

  it('list every diagnostic with its severity and meaning', () => {
    const page = readFileSync(`${repository}docs/modules.md`, 'utf8');
    const rows = modules.modulesDiagnostics.map(({ code, severity, meaning }) => `| \`${code}\` | ${severity} | ${meaning} |`);
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });

  it('list every requirement and every alias with its source', () => {
    const page = readFileSync(`${repository}docs/modules.md`, 'utf8');
    const sources = [...modules.requiredIpvsModules().modules, ...modules.moduleAliases].map(({ source }) => `| ${source} |`);
    expect(sources.filter((source) => !page.includes(source))).toEqual([]);
  });
});
