import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';

const TITLES = 'target     prot opt source               destination         \n';
const BUILT_IN = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((chain) => `Chain ${chain} (policy ACCEPT)\n${TITLES}\n`).join('');

/** A chain of somebody that no listed chain jumps to. */
const listing = (address: string, references: number): string =>
  `Chain WEB (${references} references)\n${TITLES}DNAT       tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:80 to:${address}:8080\n`;

const verdict = (before: string, after: string): string => {
  const [one, other] = [before, after].map((content) => readSnapshot([{ name: 'iptables-nat-nL.txt', content }]));
  return one === undefined || other === undefined ? '' : diffSnapshots(one, other).verdict;
};

it('a rule changed in a chain that no listed chain leads to is undecided where the chains of the kernel are not listed', () => {
  expect(verdict(listing('10.0.0.1', 2), listing('10.0.0.2', 2))).toBe('undecided');
});

it('and without effect where they are, and none leads there', () => {
  expect(verdict(BUILT_IN + listing('10.0.0.1', 0), BUILT_IN + listing('10.0.0.2', 0))).toBe('no-effect');
});
