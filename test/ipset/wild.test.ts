import { readTranscript } from '@netdrift/core';
import { parseIpset } from '@netdrift/ipset';
import { expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import '../support/object-group-by.ts';

describeCorpus('realworld', 'ipset as people paste it', () => {
  it('is read as far as it goes: cut and masked members are told', () => {
    const told = corpusFiles('realworld/ipset').map((path) =>
      readTranscript(corpusFile(path)).sections.map(({ text }) => {
        const { value, diagnostics } = parseIpset(text);
        const sets = value.kind === 'ToolError' ? [] : value.sets;
        return [...sets.map(({ name, members = [] }) => `${name} ${members.length}`), ...diagnostics.map(({ code }) => code)];
      }),
    );
    expect(told).toEqual([
      [['KUBE-CLUSTER-IP 6']],
      [['KUBE-CLUSTER-IP 2', 'ipset/entries-differ', 'ipset/unknown-member', 'ipset/no-final-newline']],
      [['KUBE-IPVS-IPS 29']],
      [['KUBE-IPVS-IPS 5', 'ipset/unknown-member']],
    ]);
  });
});
