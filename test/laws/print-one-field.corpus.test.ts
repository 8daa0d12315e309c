import { parseIptables, printIptables, type IptablesValue } from '@netdrift/iptables';
import { expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { shareOf } from '../support/share.ts';

/** One rule as a tool printed it, in each form. */
interface Row {
  readonly ext: string;
  readonly chain: string;
  readonly save: string;
  readonly list: string;
  readonly listVerbose: string;
}

const TITLES = 'target     prot opt source               destination         ';
const VERBOSE_TITLES = ' pkts bytes target     prot opt in     out     source               destination         ';

/** The texts around a rule, as the tools print them. */
const FORMS: readonly ((row: Row) => string)[] = [
  ({ list }) => `Chain FORWARD (policy ACCEPT)\n${TITLES}\n${list}\n`,
  ({ listVerbose }) => `Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)\n${VERBOSE_TITLES}\n${listVerbose}\n`,
  ({ chain, save }) => `-P ${chain} ACCEPT\n${save}\n`,
];

/** A text, and its tree without spans as JSON. */
interface Sample {
  readonly ext: string;
  readonly text: string;
  readonly json: string;
}

/** A value in a tree that holds no other: text, number, or an empty list. */
interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

describeCorpus('iptables/extensions', 'rules of the corpus that differ in one value', () => {
  const files = shareOf(
    corpusFiles('iptables/extensions', (path) => path.endsWith('.jsonl')),
    2,
  );

  it('print as each other when that value is changed, in every form', { timeout: 120_000 }, () => {
    const different: string[] = [];
    const kinds = new Set<string>();
    let pairs = 0;
    for (const path of files) {
      const rows = corpusFile(path)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row);
      for (const form of FORMS) {
        for (const { from, to, leaf } of oneValueApart(samplesOf(rows, form))) {
          pairs += 1;
          const tree = JSON.parse(from.json) as IptablesValue;
          const kind = change(tree, leaf);
          if (kind !== undefined) kinds.add(kind);
          if (printIptables(tree) !== to.text)
            different.push(`${path} ${to.ext} ${leaf.path} = ${JSON.stringify(leaf.value)}\n${from.text}${printIptables(tree)}${to.text}`);
        }
      }
    }
    console.log(`one value changed, printed as the real tool does: ${pairs - different.length} of ${pairs} pairs, ${kinds.size} kinds`);
    expect(different).toEqual([]);
    expect(kinds.size).toBeGreaterThan(50);
  });
});

function samplesOf(rows: readonly Row[], form: (row: Row) => string): readonly Sample[] {
  return rows.map((row) => {
    const text = form(row);
    const json = JSON.stringify(parseIptables(text).value, (key, held: unknown) => (key === 'span' ? undefined : held));
    return { ext: row.ext, text, json };
  });
}

/** Pairs of samples whose trees differ in one value only, each with that value of the second. */
function* oneValueApart(samples: readonly Sample[]): Generator<{ readonly from: Sample; readonly to: Sample; readonly leaf: Leaf }> {
  const latest = new Map<string, { readonly sample: Sample; readonly leaf: Leaf }>();
  for (const sample of samples) {
    const leaves = [...leavesOf(JSON.parse(sample.json))];
    const written = leaves.map(({ path, value }) => `${path}=${JSON.stringify(value)}`);
    for (const [index, leaf] of leaves.entries()) {
      if (leaf.path.startsWith('layout.') || leaf.path.endsWith('kind')) continue;
      const others = written.with(index, leaf.path).join(' ');
      const other = latest.get(others);
      latest.set(others, { sample, leaf });
      if (other === undefined || other.sample.text === sample.text || written[index] === `${leaf.path}=${JSON.stringify(other.leaf.value)}`)
        continue;
      yield { from: other.sample, to: sample, leaf };
      yield { from: sample, to: other.sample, leaf: other.leaf };
    }
  }
}

function* leavesOf(value: unknown, path = ''): Generator<Leaf> {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (parts.length === 0) yield { path, value };
  for (const [key, held] of parts) yield* leavesOf(held, path === '' ? key : `${path}.${key}`);
}

/** Changes the value in place, and gives the kind of the node it is a part of. */
function change(tree: unknown, { path, value }: Leaf): string | undefined {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let at = tree as Record<string, unknown>;
  let kind: string | undefined;
  for (const step of steps) {
    at = at[step] as Record<string, unknown>;
    if (typeof at['kind'] === 'string') ({ kind } = at as { kind: string });
  }
  at[last] = value;
  return kind;
}
