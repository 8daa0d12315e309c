import { parseIptables, printIptables, type IptablesValue, type Rule } from '@netdrift/iptables';
import { expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { withoutSpans } from './corpus-files.ts';

interface Line {
  readonly save: string;
  readonly list: string;
  readonly listVerbose: string;
  readonly listNames?: string;
}

const HEADERS = {
  list: 'target     prot opt source               destination         ',
  listVerbose: ' pkts bytes target     prot opt in     out     source               destination         ',
  listNames: 'target     prot opt source               destination         ',
} as const;

/** The rules of each file of the corpus as one text of each form; rules with a line feed in a comment are left to other tests. */
function* runs(): Generator<{ readonly run: string; readonly family: 'ipv4' | 'ipv6'; readonly lines: readonly Line[] }> {
  for (const path of corpusFiles('iptables/extensions', (name) => name.endsWith('.jsonl'))) {
    const lines = corpusFile(path)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line)
      .filter(({ save, list }) => !save.includes('\n') && !list.includes('\n'));
    yield { run: path.slice(path.lastIndexOf('/') + 1, -'.jsonl'.length), family: path.includes('ipv6') ? 'ipv6' : 'ipv4', lines };
  }
}

const listingOf = (form: keyof typeof HEADERS, lines: readonly Line[]): string =>
  `Chain C (1 references)\n${HEADERS[form]}\n${lines.map((line) => `${line[form]}\n`).join('')}`;

const rulesOf = (value: IptablesValue): readonly Rule[] =>
  value.kind === 'ToolError' ? [] : value.tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules));

const unknownTexts = (rule: Rule): string[] =>
  [...rule.matches, ...(rule.target === undefined ? [] : [rule.target])].flatMap((node) =>
    'text' in node && node.kind.startsWith('Unknown') ? [node.text] : [],
  );

/** What 1.4.21 prints without the blanks that would make it readable; `iptables-restore` refuses it as well. */
const MISPRINTED = /^(?:-m quota! {2}--quota \d+|\S+ --dst-pfx \S+ ?)$/;

describeCorpus('iptables/extensions', 'texts of real tools', () => {
  it('hold nothing that is unknown', () => {
    const unknown: string[] = [];
    let read = 0;
    let misprinted = 0;
    for (const { run, family, lines } of runs()) {
      const saves = lines.map(({ save }) => `${save}\n`).join('');
      const named = lines.filter(({ listNames }) => listNames !== undefined);
      const texts = [
        saves,
        listingOf('list', lines),
        listingOf('listVerbose', lines),
        ...(named.length === 0 ? [] : [listingOf('listNames', named)]),
      ];
      for (const text of texts) {
        const { value } = parseIptables(text, { family });
        const rules = rulesOf(value);
        read += rules.length;
        for (const held of rules.flatMap(unknownTexts)) {
          if (MISPRINTED.test(held)) misprinted += 1;
          else unknown.push(`${run}: ${held}`);
        }
      }
      expect(rulesOf(parseIptables(saves, { family }).value)).toHaveLength(lines.length);
    }
    console.log(`rules without unknown text: ${read - unknown.length - misprinted} of ${read}; misprinted by 1.4.21: ${misprinted}`);
    expect(unknown).toEqual([]);
    expect(misprinted).toBe(7);
  }, 120_000);

  it('made without -n print to the same bytes', () => {
    const differing: string[] = [];
    let printed = 0;
    for (const { run, lines } of runs()) {
      const named = lines.filter(({ listNames }) => listNames !== undefined);
      if (named.length === 0) continue;
      const text = listingOf('listNames', named);
      const expected = text.split('\n');
      const lists = printIptables(withoutSpans(parseIptables(text).value)).split('\n');
      printed += named.length;
      expected.forEach((line, at) => {
        if (lists[at] !== line) differing.push(`${run}: ${line}  =>  ${lists[at]}`);
      });
    }
    console.log(`lines with names printed to the same bytes: ${printed - differing.length} of ${printed}`);
    expect(differing).toEqual([]);
  }, 120_000);
});
