import { decode, readTranscript } from '@netdrift/core';
import { expect, it } from 'vitest';
import { corpusBytes, corpusFile, corpusFiles, describeCorpus } from '../../support/corpus.ts';
import { unaccountedLines } from './accounted-for.ts';

/** Captures that are no output: usage of other programs, and dumps that only a maintainer reads. */
const NOT_CLEAN = /single-chain-and-rule\/1[1-4]-|_hosts\/|stderr\.txt$|fallback-.*\/sysctl\.txt$/;

describeCorpus('ipvsadm', 'captures of real tools', () => {
  it('are one section with nothing taken off', () => {
    const files = ['ipvsadm', 'iptables', 'kube-proxy'].flatMap((folder) =>
      corpusFiles(folder, (path) => path.endsWith('.txt') && !NOT_CLEAN.test(path)),
    );
    const others = files.filter((path) => {
      const text = decode(corpusBytes(path));
      const { sections, diagnostics } = readTranscript(text);
      return text !== '' && (sections.length !== 1 || sections[0]?.text !== text || diagnostics.length > 0);
    });
    expect(others).toEqual([]);
  });
});

interface Sample {
  readonly file: string;
  readonly kind: string;
  readonly damage: readonly string[];
}

describeCorpus('realworld', 'outputs that people pasted', () => {
  const samples = corpusFile('realworld/index.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    // Each line of the index is written by the corpus' own tool in this shape.
    .map((line) => JSON.parse(line) as Sample);
  const tools = new Map([
    ['ipvsadm', 'ipvsadm'],
    ['iptables', 'iptables'],
    ['ip6tables', 'iptables'],
    ['iptables-save', 'iptables'],
    ['iptables-rules', 'iptables'],
    ['ipset', 'ipset'],
    ['lsmod', 'modules'],
    ['modules', 'modules'],
    ['kube-proxy-log', 'kube-proxy'],
  ]);

  it('are accounted for line by line', () => {
    const missing = samples.filter(({ file }) => {
      const bytes = corpusBytes(`realworld/${file}`);
      return unaccountedLines(bytes, readTranscript(bytes)).length > 0;
    });
    expect(missing.map(({ file }) => file)).toEqual([]);
  });

  it('are whole where they are not damaged', () => {
    const others = samples.filter(({ file, damage }) => {
      if (!damage.includes('none')) return false;
      const { setAside } = readTranscript(corpusBytes(`realworld/${file}`));
      return setAside.some(({ reason }) => reason === 'other' || reason === 'left-out');
    });
    expect(others.map(({ file }) => file)).toEqual(['iptables-save/25-batfish-z2-firewall.txt']);
  });

  it('are found, but for a few that hold no line of an output as the tool prints it', () => {
    const lost = samples.filter(({ file, kind }) => {
      const { sections } = readTranscript(corpusBytes(`realworld/${file}`));
      return !sections.some(({ tool }) => tool === tools.get(kind));
    });
    expect(lost.map(({ file }) => file).sort()).toEqual([
      'iptables-rules/13-openwrt-311-missing-dash.txt',
      'ipvsadm/16-zh-article-stats-paraphrased.txt',
      'modules/03-imx-builtin-nothing-annotated.txt',
    ]);
  });
});
