import * as modules from '@netdrift/modules';
import { expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { readmeExamples, runExample } from '../support/readme-example.ts';

const examples = readmeExamples('packages/modules/README.md');

it('the README of modules shows what its example prints', () => {
  expect(examples.map((example) => runExample(example, { '@netdrift/modules': modules }))).toEqual(examples.map(({ shown }) => shown));
  expect(examples.length).toBe(1);
});
