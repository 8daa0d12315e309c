import { expect, it } from 'vitest';
import { grammar } from '../../packages/modules/src/grammar.ts';
import '../support/object-group-by.ts';

it('the grammar of modules is valid: no token stands in two alternatives of one decision', () => {
  expect(grammar.validate()).toEqual([]);
});
