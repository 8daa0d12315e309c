import { diffSnapshots, readSnapshot, type Report } from '@netdrift/drift';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusBytes, describeCorpus } from '../support/corpus.ts';

const listing = (form: string): string => readFileSync(new URL(`../../fixtures/drift/host-names/${form}.txt`, import.meta.url), 'utf8');

function diff(before: string | Uint8Array, after: string | Uint8Array): Report {
  return diffSnapshots(readSnapshot([{ name: 'listing.txt', content: before }]), readSnapshot([{ name: 'listing.txt', content: after }]));
}

const ASSUMED =
  'names in a listing without -n are read as the files of Debian have them (http = port 80, localhost = 127.0.0.1); hosts of other names are compared by name';

describe('a listing that names hosts and ports (without -n)', () => {
  it.each(['numbers', 'save'])('of one state is neither changed nor surely equal beside the form %s', (form) => {
    for (const side of ['before', 'after'] as const) {
      const report = side === 'before' ? diff(listing('names'), listing(form)) : diff(listing(form), listing('names'));
      expect(report.changes).toEqual([]);
      expect(report.verdict).toBe('undecided');
      expect(report.undecided).toEqual([
        `filter: ${side} names hosts (listed without -n), and whether web.example is 10.0.0.1, db.example is 10.0.0.2 cannot be told`,
      ]);
      expect(report.scopeNotes).toContain(ASSUMED);
    }
  });

  it('with standard names alone is equal to one with numbers, under an assumption', () => {
    const standard = (form: string): string =>
      listing(form)
        .split('\n')
        .filter((line) => !/\.example|10\.0\.0\.1/.test(line))
        .join('\n');
    const report = diff(standard('names'), standard('numbers'));
    expect([report.verdict, report.changes]).toEqual(['no-change', []]);
    expect(report.scopeNotes).toContain(ASSUMED);
  });

  it('against itself is equal by name, and says so', () => {
    const report = diff(listing('names'), listing('names'));
    expect([report.verdict, report.changes]).toEqual(['no-change', []]);
    expect(report.scopeNotes).toContain(ASSUMED);
  });

  it('tells what changed beside the names', () => {
    const report = diff(listing('names'), listing('web-dropped'));
    expect(report.changes.map(({ id, severity, text }) => `${severity} ${id}: ${text}`)).toEqual([
      'critical iptables.filter.newly-rejected: packets of tcp from 10.0.0.1 to port 80: new connections from outside and from this node itself are dropped; they passed',
    ]);
  });

  it('beside a listing of numbers in one snapshot adds no services or rules', () => {
    const both = readSnapshot([
      { name: 'names.txt', content: listing('names') },
      { name: 'numbers.txt', content: listing('numbers') },
    ]);
    const report = diffSnapshots(readSnapshot([{ name: 'numbers.txt', content: listing('numbers') }]), both);
    expect([report.changes, report.findings, report.stats.rulesAfter]).toEqual([[], [], 5]);
  });
});

describeCorpus('ipvsadm', 'virtual services listed by name', () => {
  it.each([
    ['ln.txt', 'names.txt', 'after'],
    ['names.txt', 'ln.txt', 'before'],
    ['save.txt', 'save-n.txt', 'before'],
  ])('%s against %s of one table: no service is said to be gone', (before, after, side) => {
    const report = diff(corpusBytes(`ipvsadm/names/${before}`), corpusBytes(`ipvsadm/names/${after}`));
    expect([report.verdict, report.changes]).toEqual(['undecided', []]);
    expect(report.undecided).toEqual([
      expect.stringMatching(
        new RegExp(`^IPVS: ${side} names hosts \\(listed without -n\\), and whether a\\.example\\.com is 10\\.77\\.1\\.1, `),
      ),
    ]);
  });
});
