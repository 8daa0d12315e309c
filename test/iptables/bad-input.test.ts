import { parseIptables, printIptables, type IptablesValue, type Rule } from '@netdrift/iptables';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { listingFiles, saveFiles, withoutSpans } from './corpus-files.ts';

function rulesOf(value: IptablesValue): readonly Rule[] {
  return value.kind === 'ToolError' ? [] : value.tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules));
}

/** Each line that is not empty is under a node or a diagnostic. */
function uncovered(text: string): readonly string[] {
  const { value, diagnostics } = parseIptables(text);
  if (value.kind === 'ToolError') return [];
  const spans = [
    ...diagnostics.map(({ span }) => span),
    ...value.notices.map(({ span }) => span),
    ...value.tables.flatMap((table) => [table.span, ...table.chains.map(({ span }) => span)]),
    ...rulesOf(value).map(({ span }) => span),
  ];
  let at = 0;
  return text.split('\n').filter((line) => {
    const start = at;
    at += line.length + 1;
    if (line.trim() === '' || line.startsWith('# Generated') || line.startsWith('# Completed')) return false;
    return !spans.some((span) => span.start <= start + line.length && span.end >= start);
  });
}

describeCorpus('iptables/scenarios', 'damaged output of the corpus', () => {
  const some = (files: readonly string[], every: number): readonly string[] => files.filter((_, index) => index % every === 0);

  it('cut off at any byte never throws, and leaves no line unsaid', () => {
    for (const path of [...some(listingFiles(), 300), ...some(saveFiles(), 80)]) {
      const text = corpusFile(path).slice(0, 2500);
      for (let end = 0; end <= text.length; end += 1) parseIptables(text.slice(0, end));
      for (let end = 0; end <= text.length; end += 97) expect(uncovered(text.slice(0, end)), `${path} cut at ${end}`).toEqual([]);
    }
  }, 120_000);

  it('with CRLF, without its last line end, or with one blank between columns gives the same rules', () => {
    for (const path of some(
      [...listingFiles()].filter((name) => /\/1\.8\.11.*\.nL\.txt$/.test(name)),
      3,
    )) {
      const text = corpusFile(path);
      if (text.includes('\r')) continue;
      const whole = rulesOf(parseIptables(text).value).map(withoutSpans);
      expect(rulesOf(parseIptables(text.replaceAll('\n', '\r\n')).value).map(withoutSpans), path).toEqual(whole);
      expect(rulesOf(parseIptables(text.slice(0, -1)).value).map(withoutSpans), path).toEqual(whole);
    }
  }, 60_000);

  it('without its column titles still has its rules, and says so', () => {
    for (const path of some(
      listingFiles().filter((name) => !name.includes('newline') && /\/1\.8\.(?:9|11).*\.(?:nL|nvL)\.txt$/.test(name)),
      7,
    )) {
      const text = corpusFile(path);
      const whole = rulesOf(parseIptables(text).value).map(withoutSpans);
      const { value, diagnostics } = parseIptables(text.replaceAll(/^(?:num +)?(?: *pkts +bytes )?target +prot .*\n/gm, ''));
      expect(rulesOf(value).map(withoutSpans), path).toEqual(whole);
      if (whole.length > 0)
        expect(
          diagnostics.map(({ code }) => code),
          path,
        ).toContain('iptables/columns-missing');
    }
  }, 60_000);

  it('printed and read again gives the same tree', () => {
    for (const path of some(listingFiles(), 9)) {
      const damaged = corpusFile(path).replaceAll(/ {2,}/g, ' ').slice(0, 20_000);
      const first = withoutSpans(parseIptables(damaged).value);
      const second = withoutSpans(parseIptables(printIptables(first)).value);
      expect(rulesOf(second), path).toEqual(rulesOf(first));
    }
  }, 60_000);

  it('of another tool is no listing: every line is said to be unread', () => {
    const others = corpusFiles('ipvsadm', (path) => path.endsWith('.txt')).filter((_, index) => index % 25 === 0);
    for (const path of others) {
      const { value } = parseIptables(corpusFile(path));
      expect(rulesOf(value), path).toEqual([]);
      expect(uncovered(corpusFile(path)), path).toEqual([]);
    }
  }, 60_000);
});

describe('any text', () => {
  it('never throws, and every line of it is under a node or a diagnostic', () => {
    const word = fc.constantFrom(
      'Chain',
      'INPUT',
      '(policy',
      'ACCEPT)',
      'target',
      'prot',
      '--',
      '-f',
      'tcp',
      '0.0.0.0/0',
      '::/0',
      '!',
      '/*',
      '*/',
      '"',
      'match',
      'mark',
      'dpt:80',
      '-A',
      '-m',
      '-j',
      '*nat',
      ':X',
      '[0:0]',
      'COMMIT',
      '\u0000',
      '\r',
      'é',
    );
    const line = fc.array(fc.oneof(word, fc.string({ maxLength: 8 })), { maxLength: 14 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        expect(uncovered(lines.join('\n'))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  }, 60_000);
});
