import * as drift from '@netdrift/drift';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readmeExamples, runExample } from '../support/readme-example.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const packages = { '@netdrift/drift': drift, 'node:fs': { readFileSync: (path: string) => readFileSync(repository + path, 'utf8') } };

describe('the README of the differ', () => {
  it('shows what its example prints', () => {
    const [example] = readmeExamples('packages/drift/README.md');
    expect(example === undefined ? '' : runExample(example, packages)).toBe(example?.shown);
  });

  it('names functions that exist', () => {
    const page = readFileSync(`${repository}packages/drift/README.md`, 'utf8');
    const named = [...page.matchAll(/`((?:read|diff|check|explain|compare|render|service|proxy)[A-Z]\w+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in drift))).toEqual([]);
    expect(named.length).toBeGreaterThan(8);
  });
});
