import { expect, it } from 'vitest';
import { grammar } from '../../packages/nftables/src/grammar.ts';
import { statementKinds } from '../../packages/nftables/src/statements/table.ts';
import { parseNftables, printNftables } from '@netdrift/nftables';
import '../support/object-group-by.ts';

it('the grammar of nft is valid: no token stands in two alternatives of one decision', () => {
  expect(grammar.validate()).toEqual([]);
});

it('each sample of each statement is read as that statement and printed back', () => {
  const samples = Object.values(statementKinds).flatMap(({ kind, samples: lines }) => lines.map((line) => [kind, line] as const));
  const seen = samples.map(([, line]) => {
    const text = `table ip t {\n\tchain c {\n\t\t${line}\n\t}\n}\n`;
    const { value } = parseNftables(text);
    expect(printNftables(value)).toBe(text);
    return [
      value.kind === 'NftablesRuleset' ? value.tables[0]?.chains?.[0]?.rules?.[0]?.statements.map(({ kind }) => kind) : value.kind,
      line,
    ];
  });
  expect(seen).toEqual(samples.map(([kind, line]) => [[kind], line]));
});
