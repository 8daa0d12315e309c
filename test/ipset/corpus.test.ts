import { parseIpset, printIpset, type Ipset } from '@netdrift/ipset';
import { expect, it } from 'vitest';
import { parseByGrammar } from '../../packages/ipset/src/parse.ts';
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

  it('show the same sets in a listing and in a save of one moment', () => {
    const comparable = (path: string): unknown => {
      const { value } = parseIpset(corpusFile(path));
      const sets = value.kind === 'ToolError' ? [] : value.sets;
      return sets.map(({ name, type, options, members = [] }) => ({
        name,
        type,
        options,
        members: members.map((member) => JSON.stringify({ ...member, span: undefined })).sort(),
      }));
    };
    const listings = files.filter((path) => path.endsWith('ipset-list.txt'));
    const differing = listings.filter(
      (path) => JSON.stringify(comparable(path.replace('ipset-list.txt', 'ipset-save.txt'))) !== JSON.stringify(comparable(path)),
    );
    // In these kube-proxy made more sets, or added a source range, between the two commands.
    const stillAdding = ['ipvs-v1.30-kitchen-sink', 'ipvs-v1.30-lb-source-ranges', 'ipvs-v1.30-pair-manual-drift/before'];
    expect(differing).toEqual(stillAdding.map((folder) => `kube-proxy/${folder}/ipset-list.txt`));
    expect(listings.length).toBe(44);
  });

  it('are read alike with and without remembered shapes', () => {
    for (const path of files) expect(parseByGrammar(corpusFile(path)), path).toEqual(parseIpset(corpusFile(path)));
  });
});
