import { parseIptables } from '@netdrift/iptables';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseByGrammar } from '../../packages/iptables/src/parse.ts';
import { corpusFile, describeCorpus } from '../support/corpus.ts';
import { listingFiles, saveFiles } from './corpus-files.ts';
import { extensionLines, HEADERS } from './extension-lines.ts';

describeCorpus('iptables/scenarios', 'a line of a known shape', () => {
  it('gives the node that the grammar gives it, in every file of the corpus', () => {
    let lines = 0;
    const large = (path: string): boolean => path.includes('iptables-mode-5000');
    for (const path of [...listingFiles(), ...saveFiles()].filter((name) => !large(name))) {
      const text = corpusFile(path);
      lines += text.split('\n').length - 1;
      expect(parseIptables(text), path).toEqual(parseByGrammar(text));
    }
    console.log(`cached = uncached: ${lines} lines of ${listingFiles().length + saveFiles().length} files`);
  }, 240_000);
});

describeCorpus('iptables/extensions', 'a line of a known shape with any extension', () => {
  it('gives the node that the grammar gives it', () => {
    const lines = [...extensionLines()].filter(({ family, run }) => family === 'ipv4' && run.startsWith('1.8.11'));
    const listing = HEADERS.list + lines.map(({ list }) => `${list}\n`).join('');
    const save = lines.map((line) => `${line.save}\n`).join('');
    for (const text of [listing, save])
      expect(parseIptables(text + text.slice(text.indexOf('\n', 120) + 1))).toEqual(
        parseByGrammar(text + text.slice(text.indexOf('\n', 120) + 1)),
      );
    console.log(`cached = uncached: ${lines.length * 4} lines with every extension`);
  }, 240_000);
});

describe('a line of random words', () => {
  const word = fc.constantFrom(
    'tcp',
    'dpt:80',
    'dpts:!1:2',
    'mark',
    'match',
    '0x1',
    '!',
    '/*',
    '*/',
    'a',
    '"',
    'ctstate',
    'NEW',
    'to:10.0.0.1',
    'random',
    'MARK',
    'or',
    'limit:',
    'avg',
    '5/min',
    'burst',
    '5',
    'recent:',
    'SET',
    'name:',
    'side:',
    'source',
    'match-set',
    'src',
    'PHYSDEV',
    '--physdev-is-in',
    'statistic',
    'mode',
  );
  const target = fc.constantFrom('ACCEPT', 'DNAT', 'MARK', 'LOG', 'X', '');

  it('gives the same with and without known shapes', () => {
    const line = fc
      .tuple(target, fc.array(word, { maxLength: 12 }))
      .map(([name, words]) => `${name.padEnd(9)}  tcp  --  0.0.0.0/0            0.0.0.0/0            ${words.join(' ')}`);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const text = `${HEADERS.list}${[...lines, ...lines].join('\n')}\n`;
        expect(parseIptables(text)).toEqual(parseByGrammar(text));
      }),
      { numRuns: 800 },
    );
  }, 120_000);
});
