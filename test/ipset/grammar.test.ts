import { expect, it } from 'vitest';
import { grammar } from '../../packages/ipset/src/grammar.ts';
import '../support/object-group-by.ts';

it('the grammar of ipset is valid: no token stands in two alternatives of one decision', () => {
  expect(grammar.validate()).toEqual([]);
});
