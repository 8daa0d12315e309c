import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeCorpus, hasCorpus } from '../support/corpus.ts';
import { expectGolden } from '../support/golden.ts';
import { REVIEWED } from './reviewed.ts';
import { readSample, samples, type Outcome, type ReadSample } from './samples.ts';
import { summary } from './summary.ts';

const PAGE = 'docs/realworld.md';
const page = fileURLToPath(new URL(`../../${PAGE}`, import.meta.url));

/** Undamaged by their index, and yet not all of them is output: see docs/realworld.md. */
const TESTS_OF_PARSERS = ['iptables-save/12-insights-ip6tables-save-special.txt', 'iptables-save/23-isem-parser-test.txt'];

describeCorpus('realworld', 'outputs that people pasted', () => {
  const read = hasCorpus('realworld') ? samples().map(readSample) : [];

  it('have no line that is neither a node, nor told, nor set aside', () => {
    const lost = read.flatMap(({ file, read: { fates } }) =>
      fates.filter(({ fate }) => fate === 'lost').map(({ line }) => `${file}:${line}`),
    );
    expect(lost).toEqual([]);
  });

  it('are read whole where they are not damaged, but for two tests of parsers with a line that no tool prints', () => {
    const others = read.filter(({ damage, outcome }) => damage.includes('none') && outcome !== 'whole').map(({ file }) => file);
    expect(others).toEqual(TESTS_OF_PARSERS);
  });

  it('give typed nodes for at least 99 of 100 rules, services and destinations, damaged ones too', () => {
    const rows = sum(read, ({ rows: found }) => found.length);
    const typed = sum(read, ({ typedRows }) => typedRows.length);
    expect(rows).toBeGreaterThan(2000);
    expect(typed / rows).toBeGreaterThanOrEqual(0.99);
  });

  it('are refused where nothing of them is as a tool prints it, and only there', () => {
    expect(read.filter(({ outcome }) => outcome === 'refused').map(({ file }) => file)).toEqual([
      'ipvsadm/11-keepalived-187-grep-rs-tunnel.txt',
      'ipvsadm/16-zh-article-stats-paraphrased.txt',
      'ipvsadm/30-doc-template-caret-annotations.txt',
      'iptables-rules/13-openwrt-311-missing-dash.txt',
      'modules/03-imx-builtin-nothing-annotated.txt',
    ]);
  });

  it('give the tables of the page', () => {
    const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
    const byFile = new Map(read.map((sample) => [sample.file, sample]));
    const reviewed = REVIEWED.map(([file, holds, seen]) => {
      const sample = byFile.get(file);
      if (sample === undefined) throw new Error(`${file} is not in the index`);
      return `| \`${file.replace(/\.txt$/, '')}\` | ${cell(origin(sample.source))} | ${cell(holds)} | ${cell(summary(sample))} | ${cell(seen)} |`;
    });
    const review = ['| sample | from | holds | read | seen |', '|---|---|---|---|---|', ...reviewed].join('\n');
    expectGolden(PAGE, between(between(text, 'tables', tables(read)), 'reviewed', review));
  });
});

function tables(read: readonly ReadSample[]): string {
  const kinds = [...new Set(read.map(({ kind }) => kind))].sort();
  const row = (name: string, of: readonly ReadSample[]): string => {
    const outcomes = (['whole', 'with diagnostics', 'refused'] satisfies Outcome[]).map(
      (outcome) => of.filter((sample) => sample.outcome === outcome).length,
    );
    const rows = sum(of, ({ rows: found }) => found.length);
    const typed = sum(of, ({ typedRows }) => typedRows.length);
    const share = rows === 0 ? '' : `${(Math.floor((typed / rows) * 1000) / 10).toFixed(1)} %`;
    return `| ${name} | ${of.length} | ${outcomes.join(' | ')} | ${rows === 0 ? '' : rows} | ${rows === 0 ? '' : typed} | ${share} |`;
  };
  const undamaged = read.filter(({ damage }) => damage.includes('none'));
  const aside = read.flatMap(({ file, read: { fates } }) => fates.filter(({ reason }) => reason === 'other').map(() => file));
  return [
    '| kind | samples | read whole | with diagnostics | refused | rows | typed | share |',
    '|---|--:|--:|--:|--:|--:|--:|--:|',
    ...kinds.map((kind) =>
      row(
        kind,
        read.filter((sample) => sample.kind === kind),
      ),
    ),
    row('**all**', read),
    row('undamaged by their index', undamaged),
    '',
    `${aside.length} lines in ${new Set(aside).size} samples are set aside as no output of a known tool.`,
    'The undamaged samples that are not read whole are tests of other parsers:',
    '',
    ...undamaged.filter(({ outcome }) => outcome !== 'whole').map((sample) => `- \`${sample.file}\`: ${summary(sample)}`),
    '',
    'Set aside in undamaged samples are:',
    '',
    ...undamaged.flatMap(({ file, read: { fates } }) => {
      const lines = fates.filter(({ reason }) => reason === 'other').map(({ line }) => line);
      return lines.length === 0 ? [] : [`- \`${file}\`: line ${lines.join(', ')}`];
    }),
  ].join('\n');
}

function between(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`${PAGE} has no place for ${name}`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/** The thread or repository; notes without a name are told by what they are. */
function origin(source: string): string {
  return source.replace(/^find_string id:\d+ ?\(?/, '').replace(/\)$/, '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function sum(of: readonly ReadSample[], count: (sample: ReadSample) => number): number {
  return of.reduce((total, sample) => total + count(sample), 0);
}
