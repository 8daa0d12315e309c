import { diffSnapshots, readSnapshot, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const INPUT = ['-A INPUT -i lo -j ACCEPT', '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'];

/** The rules of a host whose filter chains drop what no rule accepts. */
function host(nat: readonly string[], filter: readonly string[]): ReturnType<typeof readSnapshot> {
  const chains = (rules: readonly string[]): string[] => [...new Set(rules.map((rule) => /^-A (DOCKER\S*)/.exec(rule)?.[1]).filter((name) => name !== undefined))].map((name) => `:${name} - [0:0]`);
  const lines = [
    ['*nat', ':PREROUTING ACCEPT [0:0]', ':INPUT ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ':POSTROUTING ACCEPT [0:0]', ...chains(nat), ...nat, 'COMMIT'],
    ['*filter', ':INPUT DROP [0:0]', ':FORWARD DROP [0:0]', ':OUTPUT ACCEPT [0:0]', ...chains(filter), ...filter, 'COMMIT', ''],
  ];
  return readSnapshot([{ name: 'iptables-save.txt', content: lines.flat().join('\n') }]);
}

const told = ({ changes }: Report): string[] =>
  changes.flatMap(({ severity, id, text, details }) => [`${severity} ${id}: ${text}`, ...details.filter(({ label }) => label === 'also').map((detail) => `also ${detail.text}`)]);

describe('a rule that asks for something else is told of the packets that its change is about', () => {
  const compared = (before: string, after: string): string[] => told(diffSnapshots(host([], [...INPUT, before]), host([], [...INPUT, after])));

  it('where it takes fewer sources: those that it no longer takes', () => {
    expect(compared('-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT', '-A INPUT -s 10.1.0.0/16 -p tcp -m tcp --dport 22 -j ACCEPT')).toEqual([
      'critical iptables.filter.newly-rejected: packets of tcp from 10.0.0.0/8 to port 22 that no longer meet the rule: new connections from outside are dropped; they passed',
    ]);
  });

  it('where it takes more sources: those that it takes now', () => {
    expect(compared('-A INPUT -s 10.1.0.0/16 -p tcp -m tcp --dport 22 -j ACCEPT', '-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT')).toEqual([
      'warning iptables.filter.newly-accepted: packets of tcp from 10.0.0.0/8 to port 22 that did not meet the rule before: new connections from outside are no longer dropped; they pass',
    ]);
  });

  it('where it asks for another port: the port that was open first, then the one that is', () => {
    expect(compared('-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT')).toEqual([
      'critical iptables.filter.newly-rejected: packets of tcp to port 8080 that no longer meet the rule: new connections from outside are dropped; they passed',
      'also packets of tcp to port 80 that did not meet the rule before: new connections from outside are no longer dropped; they pass',
    ]);
  });
});
