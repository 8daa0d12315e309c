import { parseModules, printModules, type Modules } from '@netdrift/modules';
import { expect, it } from 'vitest';
import { parseByGrammar } from '../../packages/modules/src/parse.ts';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import '../support/object-group-by.ts';

const KINDS = new Map<string, Modules['kind']>([
  ['lsmod.txt', 'Lsmod'],
  ['grep-lsmod.txt', 'Lsmod'],
  ['proc-modules.txt', 'ProcModules'],
  ['modules.builtin', 'ModulesBuiltin'],
  ['modules.builtin.txt', 'ModulesBuiltin'],
  ['grep-modules.builtin.txt', 'ModulesBuiltin'],
  ['cut-proc-modules.txt', 'ModuleNames'],
]);

const FORMS = { Lsmod: 'lsmod', ProcModules: 'proc-modules', ModulesBuiltin: 'builtin', ModuleNames: 'names' } as const;

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

for (const [folder, least] of [
  ['kube-proxy', 88],
  ['ipvsadm', 6],
] as const) {
  describeCorpus(folder, `module lists of corpus/${folder}`, () => {
    const files = corpusFiles(folder, (path) => KINDS.has(baseName(path)));

    it('are read whole and printed back to the byte, from a clone without spans', () => {
      for (const path of files) {
        const text = corpusFile(path);
        const kind = KINDS.get(baseName(path));
        const form = text === '' ? { form: FORMS.ModulesBuiltin } : {};
        const { value, diagnostics } = parseModules(text, form);
        expect(diagnostics, path).toEqual([]);
        expect(value.kind, path).toBe(kind);
        const clone = JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === 'span' ? undefined : part))) as Modules;
        expect(printModules(clone), path).toBe(text);
      }
      console.log(`corpus/${folder}: ${files.length} of ${files.length} module lists byte-exact`);
      expect(files.length).toBeGreaterThanOrEqual(least);
    });

    it('are read alike with and without remembered shapes', () => {
      for (const path of files) expect(parseByGrammar(corpusFile(path)), path).toEqual(parseModules(corpusFile(path)));
    });
  });
}

describeCorpus('kube-proxy', 'lsmod and /proc/modules of one moment', () => {
  it('show the same modules with the same users', () => {
    const facts = (path: string): unknown => {
      const { value } = parseModules(corpusFile(path));
      if (!('modules' in value)) throw new Error(value.kind);
      return value.modules.map(({ name, size, usedBy = [] }) => ({ name, size, usedBy: [...usedBy].sort() }));
    };
    const lists = corpusFiles('kube-proxy', (path) => path.endsWith('/proc-modules.txt'));
    for (const path of lists) expect(facts(path.replace('proc-modules.txt', 'lsmod.txt')), path).toEqual(facts(path));
    expect(lists.length).toBe(41);
  });
});
