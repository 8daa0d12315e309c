import { expect, it } from 'vitest';
import { corpusBytes, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { shareOf } from '../support/share.ts';
import { readInput } from '../support/line-fates.ts';

/** Tables that iptables-nft manages show its matches as no more than a blank: they are recognised, and the listing of iptables is read. */
const MANAGED_BY_IPTABLES = /\/nft-(?:a-)?list-ruleset\.txt$/;
/** Answers to `iptables --help` and the like, of web servers, lists that netdrift does not read, and versions of other programs. */
const NO_OUTPUT =
  /health-check-node-ports|conntrack-L|connections\.txt|proxy-mode\.txt|single-chain-and-rule\/1[1-4]-|_hosts\/.*tool-versions\.txt$/;
/** Rules with matches and targets that the iptables which lists them does not know: it prints `[unsupported revision]` and the like. */
const UNKNOWN_TO_THE_TOOL = /newer-rules-older-tool\/|missing-extension-library\//;

describeCorpus('.', 'every line of every file of the corpus', () => {
  const files = shareOf(corpusFiles('.'), 1500);

  it('is under a node, under a diagnostic, part of a frame, or set aside', () => {
    const lost = files.flatMap((path) =>
      readInput(corpusBytes(path))
        .fates.filter(({ fate }) => fate === 'lost')
        .map(({ line }) => `${path}:${line}`),
    );
    expect(lost).toEqual([]);
    expect(files.length).toBeGreaterThan(1000);
  });

  it('is typed or part of a frame where a tool printed it and nobody pasted it', () => {
    const captures = files.filter((path) => path.endsWith('.txt') && !path.startsWith('realworld/') && !NO_OUTPUT.test(path));
    const others = captures.flatMap((path) =>
      readInput(corpusBytes(path))
        .fates.filter(
          ({ fate }) =>
            !['typed', 'frame', 'blank'].includes(fate) &&
            !(fate === 'unknown' && (UNKNOWN_TO_THE_TOOL.test(path) || MANAGED_BY_IPTABLES.test(path))),
        )
        .map(({ line, fate, text }) => `${path}:${line} ${fate} ${text}`),
    );
    expect(others).toEqual([]);
    expect(captures.length).toBeGreaterThan(300);
  });
});
