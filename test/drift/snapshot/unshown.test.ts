import { readFileSync } from 'node:fs';
import { checkSnapshot, explainSnapshot, readSnapshot } from '@netdrift/drift';
import { parseIptables, printIptables, tablesThatHold } from '@netdrift/iptables';
import { describe, expect, it } from 'vitest';

function fixture(name: string): string {
  return readFileSync(new URL(`../../../fixtures/drift/reading/${name}.txt`, import.meta.url), 'utf8');
}

function findings(name: string): string[] {
  return checkSnapshot(readSnapshot([{ name, content: fixture(name) }]))
    .findings.filter(({ severity }) => severity !== 'none')
    .map(({ text }) => text);
}

describe('what a text does not show', () => {
  it('takes shares and "no endpoints" from a service of which a row was lost', () => {
    const { servicePorts } = explainSnapshot(readSnapshot([{ name: 'x', content: fixture('cut-row2') }]));
    expect(servicePorts.map(({ frontends }) => frontends.map(({ partialBecause, sharesKnown }) => [partialBecause, sharesKnown]))).toEqual([
      [['1 line could not be read', false]],
    ]);
  });

  it('of one chain that was asked for is no cut', () => {
    expect(findings('m23-one-chain')).toEqual([]);
  });
});

describe('the table of rules that name none', () => {
  const tables = (text: string): unknown => {
    const { value } = parseIptables(text);
    return 'tables' in value ? value.tables.map(tablesThatHold) : undefined;
  };

  it('is that which alone can hold what is shown, else it is not known', () => {
    expect(['m10-table-guess', 'm10d-svc-jump', 'm11-headless-mangle', 'm09-warning-first'].map((name) => tables(fixture(name)))).toEqual([
      [['mangle']],
      [['nat']],
      [['mangle']],
      [['nat']],
    ]);
    expect(tables('-A OUTPUT -p tcp -j ACCEPT\n')).toEqual([['filter', 'nat', 'mangle', 'raw', 'security']]);
    expect(tables('-A INPUT -j REJECT\n')).toEqual([['filter']]);
    expect(tables('-A PREROUTING -j CT --notrack\n-A OUTPUT -j DNAT --to-destination 10.0.0.1\n')).toEqual([[]]);
  });

  it('is not printed where no line names it', () => {
    expect(printIptables(parseIptables(fixture('m11-headless-mangle')).value)).toBe(fixture('m11-headless-mangle'));
  });

  it('is read behind a warning in the first line, which is a notice', () => {
    expect(findings('m09-warning-first')).toEqual(['iptables says that tables of the other backend hold rules too']);
  });
});
