import { readTranscript } from '@netdrift/core';
import { parseModules } from '@netdrift/modules';
import { expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import '../support/object-group-by.ts';

describeCorpus('realworld', 'lsmod as people paste it', () => {
  it('is read whole in every paste', () => {
    const counts = corpusFiles('realworld/lsmod').map((path) =>
      readTranscript(corpusFile(path)).sections.map(({ text }) => {
        const { value, diagnostics } = parseModules(text);
        expect(diagnostics, path).toEqual([]);
        return 'modules' in value ? `${value.kind} ${value.modules.length}` : value.kind;
      }),
    );
    expect(counts).toEqual([
      ['ModuleErrors', 'ModuleErrors', 'ModuleErrors'],
      ['Lsmod 8'],
      ['Lsmod 6'],
      ['Lsmod 8'],
      ['Lsmod 7'],
      ['Lsmod 8'],
      ['Lsmod 2', 'Lsmod 2', 'Lsmod 2'],
      ['Lsmod 4'],
      ['Lsmod 16'],
    ]);
  });
});
