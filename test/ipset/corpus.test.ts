import { parseIpset, printIpset, type Ipset } from '@netdrift/ipset';
import { expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import '../support/object-group-by.ts';

describeCorpus('kube-proxy', 'ipset outputs of corpus/kube-proxy', () => {
  const files = corpusFiles('kube-proxy', (path) => /(?:^|\/)ipset-(?:list|save)(?:\.stderr)?\.txt$/.test(path));

  it('are read whole and printed back to the byte, from a clone without spans', () => {
    for (const path of files) {
      const text = corpusFile(path);
      const { value, diagnostics } = parseIpset(text);
      expect(diagnostics, path).toEqual([]);
      expect(value.kind, path).toBe(path.endsWith('stderr.txt') ? 'ToolError' : path.endsWith('save.txt') ? 'IpsetSave' : 'IpsetList');
      const clone = JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === 'span' ? undefined : part))) as Ipset;
      expect(printIpset(clone), path).toBe(text);
    }
    console.log(`corpus/kube-proxy: ${files.length} of ${files.length} ipset outputs byte-exact`);
    expect(files.length).toBe(90);
  });

  it('are read alike with and without remembered shapes', () => {
    for (const path of files) expect(parseIpset(corpusFile(path), { cache: false }), path).toEqual(parseIpset(corpusFile(path)));
  });
});
