import { parseNftables, printNftables } from '@netdrift/nftables';
import { expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import '../support/object-group-by.ts';
import { disagreements } from './shown-by-both.ts';
import { withoutSpans } from './without-spans.ts';

describeCorpus('kube-proxy-nftables', 'outputs of nft in the corpus', () => {
  const folders = ['kube-proxy-nftables', 'kube-proxy-modes'];
  const isListing = (path: string): boolean => /(?:\/nft-|\/k137\.)[^/]*(?<!stderr)\.txt$/.test(path) && !path.includes('nft-j-');
  const listings = folders.flatMap((folder) => corpusFiles(folder, isListing));

  it('are read whole and printed back to the byte, from a clone without spans', () => {
    for (const path of listings) {
      const text = corpusFile(path);
      const { value, diagnostics } = parseNftables(text);
      expect(
        diagnostics.filter(({ severity }) => severity !== 'info'),
        path,
      ).toEqual([]);
      expect(printNftables(withoutSpans(value)), path).toBe(text);
    }
    console.log(`${folders.join(', ')}: ${listings.length} of ${listings.length} outputs of nft byte-exact`);
    expect(listings.length).toBe(185);
  });

  it('give one tree as text and as JSON, in every field that both show', () => {
    const pairs = listings
      .filter((path) => path.endsWith('/nft-list-ruleset.txt'))
      .map((path) => [path, path.replace('nft-list-ruleset', 'nft-j-list-ruleset')] as const)
      .filter(([, json]) => folders.some((folder) => corpusFiles(folder, (one) => one === json).length > 0));
    for (const [text, json] of pairs) {
      const { value, diagnostics } = parseNftables(corpusFile(json));
      expect(
        diagnostics.filter(({ severity }) => severity !== 'info'),
        json,
      ).toEqual([]);
      expect(disagreements(parseNftables(corpusFile(text)).value, value), text).toEqual([]);
    }
    expect(pairs.length).toBe(85);
  });

  it('tell the tables of iptables-nft from those of kube-proxy', () => {
    for (const path of listings.filter((one) => one.endsWith('/nft-list-ruleset.txt'))) {
      const { value } = parseNftables(corpusFile(path));
      const tables = value.kind === 'NftablesRuleset' ? value.tables : [];
      for (const { name, managedBy } of tables)
        expect(`${name} ${managedBy ?? 'of its own'}`, path).toMatch(/^kube-proxy of its own$|^(?:nat|filter|mangle) iptables-nft$/);
    }
  });
});
