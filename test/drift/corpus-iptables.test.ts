import { expect, it } from 'vitest';
import { diffSnapshots, readSnapshot, type Report } from '@netdrift/drift';
import { corpusBytes, corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { IPTABLES_CHANGES } from './iptables-changes.ts';
import { outline } from './support.ts';

/** One side of a scenario of iptables/drift as one version of the tool listed it. */
function side(scenario: string, version: string, when: 'before' | 'after', form: string): ReturnType<typeof readSnapshot> {
  const folder = `iptables/drift/${scenario}/${version}`;
  const files = ['filter', 'nat'].map((table) => ({
    name: `${table}.${form}.txt`,
    content: corpusBytes(`${folder}/${when}.${table}.${form}.txt`),
  }));
  return readSnapshot(files);
}

function diff(scenario: string, version = '1.8.9-nft', form = 'nL'): Report {
  return diffSnapshots(side(scenario, version, 'before', form), side(scenario, version, 'after', form));
}

const EXPECTED = IPTABLES_CHANGES.filter(([scenario]) => scenario !== 'iptables-to-ipvs-mode');

describeCorpus('iptables/drift', 'changes made with iptables', () => {
  it.each(IPTABLES_CHANGES)('%s is what its maker says', (scenario, done) => {
    const { expected } = JSON.parse(corpusFile(`iptables/drift/${scenario}/manifest.json`)) as {
      readonly expected: readonly { readonly kind: string }[];
    };
    expect(expected.map(({ kind }) => kind)).toEqual(done);
  });

  it.each(EXPECTED)('%s is told alike from iptables 1.8.4 legacy', (scenario, _, expected) => {
    expect(outline(diff(scenario, '1.8.4-legacy'))).toEqual(expected);
  });

  it('an interface shows with -v alone', () => {
    expect(outline(diff('interface-only', '1.8.9-nft', 'nvL'))).toEqual(['none iptables.rule.match-changed filter INPUT#5']);
  });

  it('every scenario is listed here', () => {
    const scenarios = new Set(
      corpusFiles('iptables/drift', (path) => path.endsWith('manifest.json')).map((path) => path.split('/')[2] ?? ''),
    );
    expect([...scenarios].sort()).toEqual(IPTABLES_CHANGES.map(([scenario]) => scenario).sort());
  });

  it.each(EXPECTED.map(([scenario]) => scenario))(
    '%s: protocols by name or number, -nL, -nvL and -S of one state are no change',
    (scenario) => {
      const views = [
        side(scenario, '1.8.9-nft', 'before', 'nL'),
        side(scenario, '1.8.4-legacy', 'before', 'nL'),
        side(scenario, '1.8.9-nft', 'before', 'nvL'),
        side(scenario, '1.8.9-nft', 'before', 'S'),
      ];
      for (const one of views)
        for (const other of views) expect(diffSnapshots(one, other).changes.filter((change) => change.severity !== 'none')).toEqual([]);
    },
  );
});
