import { decode } from '@netdrift/core';
import { parseIptables, printIptables } from '@netdrift/iptables';
import { expect, it } from 'vitest';
import { corpusBytes, describeCorpus } from '../support/corpus.ts';
import { listingFiles, withoutSpans } from './corpus-files.ts';

describeCorpus('iptables/scenarios', 'listings of the corpus', () => {
  it('print to the same bytes from a copy of the tree without spans', () => {
    const files = listingFiles();
    const differing = files.filter((path) => {
      const text = decode(corpusBytes(path));
      return printIptables(withoutSpans(parseIptables(text).value)) !== text;
    });
    console.log(`printed to the same bytes: ${files.length - differing.length} of ${files.length} listings`);
    expect(differing).toEqual([]);
  }, 60_000);
});
