import { parseIptables, printIptables } from '@netdrift/iptables';
import { expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { withoutSpans } from './corpus-files.ts';

describeCorpus('iptables/scenarios', 'a listing as a document shows it, with lost blanks and empty lines', () => {
  const published = corpusFiles('iptables/scenarios', (path) => path.endsWith('/as-published.nat.nL.txt'));

  it.each(published)('%s is read without a word against it, and printed as the tool prints it', (path) => {
    const { value, diagnostics } = parseIptables(corpusFile(path));
    expect(diagnostics).toEqual([]);
    const printed = printIptables(value);
    const again = parseIptables(printed);
    expect(again.diagnostics).toEqual([]);
    expect(withoutSpans(again.value)).toEqual({ ...withoutSpans(value) });
    // The tool itself, given the same rules: chains that the document leaves out apart, every line is one of its lines.
    const captured = new Set(corpusFile(path.replace('as-published', '1.8.4-legacy/nat').replace('/nat.nat.', '/nat.')).split('\n'));
    // The document drops packets in the nat table, which no version of the tool allows; the captured host marks them.
    const strange = printed.split('\n').filter((line) => !line.startsWith('Chain ') && !captured.has(line) && !line.startsWith('DROP  '));
    expect(strange).toEqual([]);
  });
});
