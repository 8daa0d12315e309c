import { readFileSync } from 'node:fs';
import { readTranscript } from '@netdrift/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainOutput } from '../../../packages/core/src/transcript/formats/plain-output.ts';
import { readBySections } from '../../../packages/core/src/transcript/read-transcript.ts';
import { corpusFiles, corpusFile, describeCorpus } from '../../support/corpus.ts';

const captured = (name: string): string => readFileSync(new URL(`../../../fixtures/demo/before/${name}`, import.meta.url), 'utf8');
const names = ['iptables-nat-nL', 'iptables-nat-nvL', 'iptables-filter-nL', 'iptables-save', 'ipset-save', 'ipvsadm-ln'];
const outputs = names.map((name) => captured(`${name}.txt`));

describe('a plain output', () => {
  it('is told in each of its forms', () => {
    expect(outputs.map((text) => plainOutput(text)?.tool)).toEqual(['iptables', 'iptables', 'iptables', 'iptables', 'ipset', 'ipvsadm']);
    for (const text of outputs) expect(readTranscript(text)).toEqual(readBySections(text));
  });

  it('gives the section that a line-by-line reading gives, whatever is changed in it', () => {
    const piece = fc.constantFrom(
      ...[
        '7',
        'a',
        'B',
        '-',
        ' 9',
        '\n',
        '\n\n',
        ' ',
        '   ',
        '*',
        '**',
        '_',
        '/* x */',
        '"',
        '#',
        '# ',
        '- ',
        '-A X ',
        ' -j ',
        '> ',
        '1',
        '0 0 0',
        ':',
        '(',
        ')',
      ],
      ...[
        'tcp ',
        'KUBE-SERVICES',
        'Chain INPUT (policy DROP)\n',
        '*nat\n',
        'COMMIT\n',
        'create a hash:ip family inet\n',
        'Masq',
        '10.0.0.1 ',
        '.',
        '=',
      ],
    );
    let plain = 0;
    const change = fc.record({ text: fc.constantFrom(...outputs), at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(3), piece });
    fc.assert(
      fc.property(change, ({ text, at, cut, piece }) => {
        const from = Math.floor(at * text.length);
        const changed = text.slice(0, from) + piece + text.slice(from + cut);
        if (plainOutput(changed) === undefined) return;
        plain += 1;
        expect(readTranscript(changed)).toEqual(readBySections(changed));
      }),
      { numRuns: 1500 },
    );
    expect(plain).toBeGreaterThan(25);
  });

  it('whose lines are moved, taken out and doubled gives the same section too', () => {
    let plain = 0;
    const change = fc.record({ text: fc.constantFrom(...outputs), from: fc.nat(90), to: fc.nat(90), keep: fc.boolean() });
    fc.assert(
      fc.property(change, ({ text, from, to, keep }) => {
        const lines = text.split('\n').slice(0, -1);
        const [moved = ''] = lines.slice(from % lines.length);
        if (!keep) lines.splice(from % lines.length, 1);
        lines.splice(to % (lines.length + 1), 0, moved);
        const changed = `${lines.join('\n')}\n`;
        if (plainOutput(changed) === undefined) return;
        plain += 1;
        expect(readTranscript(changed)).toEqual(readBySections(changed));
      }),
      { numRuns: 600 },
    );
    expect(plain).toBeGreaterThan(50);
  });
});

for (const folder of ['ipvsadm', 'iptables', 'kube-proxy', 'realworld'])
  describeCorpus(folder, `plain outputs of corpus/${folder}`, () => {
    it('are the sections that a line-by-line reading gives', () => {
      const plain = corpusFiles(folder, (path) => path.endsWith('.txt'))
        .map((path) => [path, corpusFile(path)] as const)
        .filter(([, text]) => plainOutput(text) !== undefined);
      for (const [path, text] of plain) expect(readTranscript(text), path).toEqual(readBySections(text));
      console.log(`corpus/${folder}: ${plain.length} plain outputs`);
    });
  });
