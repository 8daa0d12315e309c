import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { connectionsGrammar } from '../../packages/ipvsadm/src/connections/grammar.ts';
import { listingGrammar } from '../../packages/ipvsadm/src/listing/grammar.ts';
import { saveGrammar } from '../../packages/ipvsadm/src/save/grammar.ts';
import { statusGrammar } from '../../packages/ipvsadm/src/status/grammar.ts';

describe('the grammars of ipvsadm', () => {
  it.each([
    ['listings', listingGrammar],
    ['saves', saveGrammar],
    ['connections', connectionsGrammar],
    ['timeouts, daemons and statistics', statusGrammar],
  ] as const)('for %s are valid by the parser library own rules', (_, grammar) => {
    expect(grammar.validate()).toEqual([]);
  });
});
