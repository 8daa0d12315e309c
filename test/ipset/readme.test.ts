import * as ipset from '@netdrift/ipset';
import { expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { readmeExamples, runExample } from '../support/readme-example.ts';

const examples = readmeExamples('packages/ipset/README.md');

it('the README of ipset shows what its example prints', () => {
  expect(examples.map((example) => runExample(example, { '@netdrift/ipset': ipset }))).toEqual(examples.map(({ shown }) => shown));
  expect(examples.length).toBe(1);
});
