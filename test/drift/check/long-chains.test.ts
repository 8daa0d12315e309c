import { checkSnapshot, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { deadRules } from '../../../packages/drift/src/check/coverage/dead-rules.ts';
import { nodeView } from '../../../packages/drift/src/services/node-facts.ts';
import type { RuleSet } from '../../../packages/drift/src/world/ir.ts';
import { expectLinear } from '../../support/growth.ts';

const address = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

/** Conditions of the rules of a chain, no two of which take each other's packets. */
const KINDS: readonly [name: string, condition: (index: number) => string][] = [
  ['source', (index) => `-s ${address(index)}/32`],
  ['range of sources', (index) => `-s ${address(index * 16)}/28`],
  ['destination', (index) => `-d ${address(index)}/32`],
  ['source and destination', (index) => `-s ${address(index >> 5)}/32 -d ${address(index & 31)}/32`],
  ['port', (index) => `-p tcp -m tcp --dport ${1 + index}`],
  ['two ports', (index) => `-p tcp -m multiport --dports ${1 + index},${40_000 + index}`],
  ['range of ports', (index) => `-p udp -m udp --sport ${index * 3}:${index * 3 + 2}`],
  ['interface', (index) => `-i eth${index}`],
  ['set', (index) => `-m set --match-set set${index} src`],
  ['mark', (index) => `-m mark --mark 0x${index.toString(16)}`],
  [
    'hardware address',
    (index) => `-m mac --mac-source 02:00:00:00:${[index >> 8, index & 255].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`,
  ],
];

const save = (rules: readonly string[]): string =>
  `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules.map((rule) => `-A INPUT ${rule}\n`).join('')}COMMIT\n`;
const chain = (count: number, condition: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => `${condition(index)} -j DROP`);
const read = (rules: readonly string[]): ReturnType<typeof readSnapshot> =>
  readSnapshot([{ name: 'iptables-save.txt', content: save(rules) }]);

describe('rules that no packet can meet are found in a long chain of rules by', () => {
  it.each(KINDS.filter(([name]) => ['source', 'two ports', 'range of ports', 'hardware address'].includes(name)))(
    '%s in time in proportion to their number',
    (_, condition) => {
      // Reading them counts in the first of several runs alone, of which the fastest counts.
      const made = new Map<number, RuleSet>();
      expectLinear((count) => {
        const rules = made.get(count) ?? nodeView(read(chain(count, condition))).worlds.ipv4.rules;
        made.set(count, rules);
        expect(deadRules(rules)).toEqual([]);
      }, 200);
    },
  );

  // What asks for a mark may meet others than the rules before it, which may have set one.
  it.each(KINDS.filter(([name]) => name !== 'mark'))('%s, however far before them stands what takes their packets', (_, condition) => {
    const { findings } = checkSnapshot(read([...chain(1100, condition), `${condition(0)} -j ACCEPT`]));
    expect(findings.map(({ id, text }) => [id, text])).toEqual([
      [
        'lint.iptables.shadowed-rule',
        expect.stringMatching(/^rule 1101 of INPUT \(.*\) can never match: rule 1 takes all its packets first$/),
      ],
    ]);
  });
});
