import { locateInIptables, parseIptables, type Chain, type Rule } from '@netdrift/iptables';
import type { PartPath } from '@netdrift/core';
import { describe, expect, it } from 'vitest';

function chainOf(text: string): Chain {
  const { value } = parseIptables(text);
  const chain = value.kind === 'ToolError' ? undefined : value.tables[0]?.chains[0];
  if (chain === undefined) throw new Error('the text holds no chain');
  return chain;
}

function ruleOf(text: string): Rule {
  const [rule] = chainOf(text).rules;
  if (rule === undefined) throw new Error('the chain holds no rule');
  return rule;
}

const LISTING =
  'Chain INPUT (policy DROP 12 packets, 3456 bytes)\nnum   pkts bytes target     prot opt in     out     source               destination         \n' +
  '1        7   560 MARK       tcp  --  eth0   *      !10.0.0.0/8           192.0.2.1            /* a tcp comment */ tcp dpts:80:90 ! ctstate NEW statistic mode random probability 0.50000000000 MARK or 0x4000\n';
const SAVE =
  '*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING ! -s 10.0.0.0/8 -p tcp -m comment --comment "a tcp comment" -m tcp --dport 80 -j DNAT --to-destination 10.1.1.1:8080 --random\nCOMMIT\n';

describe('a part of a rule', () => {
  const listed: readonly (readonly [PartPath, string])[] = [
    [['num'], '1'],
    [['counters', 'packets'], '7'],
    [['protocol'], 'tcp'],
    [['in', 'name'], 'eth0'],
    [['source'], '10.0.0.0/8'],
    [['destination', 'address'], '192.0.2.1'],
    [['matches', 0, 'text'], 'a tcp comment'],
    [['matches', 1, 'destinationPorts', 'low'], '80:90'],
    [['matches', 2, 'state', 'values'], 'NEW'],
    [['matches', 3, 'probability'], '0.50000000000'],
    [['target', 'value'], '0x4000'],
  ];

  it.each(listed)('%j of a listing stands where its words are', (path, words) => {
    const span = locateInIptables(LISTING, ruleOf(LISTING), path);
    expect(span === undefined ? undefined : LISTING.slice(span.start, span.end)).toBe(words);
  });

  const saved: readonly (readonly [PartPath, string])[] = [
    [['source', 'address'], '10.0.0.0/8'],
    [['matches', 0, 'text'], 'a tcp comment'],
    [['matches', 1, 'destinationPorts'], '80'],
    [['target', 'to', 'ports'], '10.1.1.1:8080'],
  ];

  it.each(saved)('%j of a save form stands where its words are', (path, words) => {
    const span = locateInIptables(SAVE, ruleOf(SAVE), path);
    expect(span === undefined ? undefined : SAVE.slice(span.start, span.end)).toBe(words);
  });

  it('that no word says, or that is not there, has no place', () => {
    expect(locateInIptables(SAVE, ruleOf(SAVE), ['destination', 'address'])).toBeUndefined();
    expect(locateInIptables(SAVE, ruleOf(SAVE), ['matches', 9])).toBeUndefined();
    expect(locateInIptables(LISTING, ruleOf(SAVE), ['source'])).toBeUndefined();
  });
});

describe('a part of a chain', () => {
  it.each([
    [['name'], 'INPUT'],
    [['policy'], 'DROP'],
    [['counters', 'bytes'], '3456'],
  ] as const)('%j stands in its header', (path, words) => {
    const span = locateInIptables(LISTING, chainOf(LISTING), path);
    expect(span === undefined ? undefined : LISTING.slice(span.start, span.end)).toBe(words);
  });
});
