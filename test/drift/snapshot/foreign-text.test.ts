import { readTranscript } from '@netdrift/core';
import { completenessOf, diffSnapshots, parseSection, readSnapshot } from '@netdrift/drift';
import { parseIpset } from '@netdrift/ipset';
import { parseIptables } from '@netdrift/iptables';
import { parseIpvsadm } from '@netdrift/ipvsadm';
import { parseModules } from '@netdrift/modules';
import { describe, expect, it } from 'vitest';
import { FOREIGN_TEXTS } from '../../support/foreign-texts.ts';

const TEXTS = Object.entries(FOREIGN_TEXTS);

/** Kinds of nodes that say something of the machine. */
const FACTS = new Set(['Chain', 'Connection', 'Daemon', 'Destination', 'IpSet', 'Member', 'Module', 'Rule', 'ToolError', 'VirtualService']);

function factsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(factsIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'kind' in value && typeof value.kind === 'string' && FACTS.has(value.kind) ? [value.kind] : [];
  return [...own, ...Object.values(value).flatMap(factsIn)];
}

describe('a text that is no output of a known tool', () => {
  it.each(TEXTS)('%s has no readable output', (_name, text) => {
    const transcript = readTranscript(text);
    const completeness = completenessOf(transcript, transcript.sections.map(parseSection));
    expect(completeness.filter(({ state }) => state !== 'unreadable')).toEqual([]);
    if (transcript.sections.length === 0) expect(transcript.diagnostics.map(({ code }) => code)).toContain('transcript/nothing-found');
  });

  it.each(TEXTS)('%s is a trouble in a comparison, with a sentence', (_name, text) => {
    const snapshot = readSnapshot([{ name: 'notes.txt', content: text }]);
    const { verdict, changes, troubles } = diffSnapshots(snapshot, snapshot);
    expect([verdict, changes]).toEqual(['undecided', []]);
    const messages = [...new Set(troubles.map(({ message }) => message))];
    expect([
      'is no output of a known tool',
      'is not an iptables listing',
      'is a log of kubelet: it tells what that program did, and lists neither rules nor services',
    ]).toContain(messages.join());
  });

  /**
   * What a parser makes of a text that it was told is its tool's: a shell that may not run a program says so whatever the program is, and
   * `842` is the name of a module.
   */
  const answers = new Map([
    ['parseIpvsadm: an error of another program', ['ToolError']],
    ['parseModules: numbers in columns', ['Module', 'Module']],
  ]);
  const parsers = { parseIpvsadm, parseIptables, parseModules };
  it.each(Object.entries(parsers))('%s makes no node of it, and says so', (name, parse) => {
    for (const [title, text] of TEXTS) {
      const { value, diagnostics } = parse(text);
      const expected = answers.get(`${name}: ${title}`) ?? [];
      expect([title, factsIn(value)]).toEqual([title, expected]);
      if (expected.length === 0) expect([title, diagnostics.some(({ severity }) => severity === 'error')]).toEqual([title, true]);
    }
  });

  it('parseIpset makes no node of it but of a line that says Name, and says so', () => {
    for (const [title, text] of TEXTS) {
      const { value, diagnostics } = parseIpset(text);
      expect([title, factsIn(value), diagnostics.some(({ severity }) => severity === 'error')]).toEqual([
        title,
        text.includes('\nName: ') ? ['IpSet'] : [],
        true,
      ]);
    }
  });
});
