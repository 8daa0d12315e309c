import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as ipvsadm from '@netdrift/ipvsadm';
import { describe, expect, it } from 'vitest';
import { readmeExamples, runExample } from '../support/readme-example.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const modules = { '@netdrift/ipvsadm': ipvsadm, 'node:fs': { readFileSync: (path: string) => readFileSync(repository + path) } };

describe('the pages about ipvsadm', () => {
  it.each([
    ['docs/ipvsadm.md', 3],
    ['packages/ipvsadm/README.md', 1],
  ])('%s shows what its examples print', (path, count) => {
    const examples = readmeExamples(path);
    expect(examples.map((example) => runExample(example, modules))).toEqual(examples.map(({ shown }) => shown));
    expect(examples.length).toBe(count);
  });

  it('give services with endpoints as typed values in five lines of code', () => {
    const [first] = readmeExamples('docs/ipvsadm.md');
    expect(first?.code.trimEnd().split('\n')).toHaveLength(5);
  });

  it('list every diagnostic with its severity and meaning', () => {
    const page = readFileSync(`${repository}docs/ipvsadm.md`, 'utf8');
    const rows = Object.entries(ipvsadm.ipvsadmDiagnostics).map(
      ([code, { severity, meaning }]) => `| \`${code}\` | ${severity} | ${meaning} |`,
    );
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});
