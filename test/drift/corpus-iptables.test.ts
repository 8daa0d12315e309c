import { expect, it } from 'vitest';
import { diffSnapshots, readSnapshot, renderText, type Report } from '@netdrift/drift';
import { corpusBytes, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { expectGolden } from '../support/golden.ts';
import { outline } from './support.ts';

/** One side of a scenario of iptables/drift as one version of the tool listed it. */
function side(scenario: string, version: string, when: 'before' | 'after', form: string): ReturnType<typeof readSnapshot> {
  const folder = `iptables/drift/${scenario}/${version}`;
  const files = ['filter', 'nat'].map((table) => ({ name: `${table}.${form}.txt`, content: corpusBytes(`${folder}/${when}.${table}.${form}.txt`) }));
  return readSnapshot(files);
}

function diff(scenario: string, version = '1.8.9-nft', form = 'nL'): Report {
  return diffSnapshots(side(scenario, version, 'before', form), side(scenario, version, 'after', form));
}

/** Scenario of iptables/drift, and what must be told from `-nL` of iptables 1.8.9. */
const EXPECTED: readonly (readonly [scenario: string, outline: readonly string[]])[] = [
  ['no-change', []],
  ['counters-only', []],
  ['interface-only', []],
  ['comment-only', ['none iptables.rule.comment-changed nat KUBE-SERVICES#5']],
  ['chain-renamed', ['none iptables.chain.renamed nat KUBE-SVC-RENAMED000000000']],
  ['rule-duplicated', ['none iptables.rule.multiplicity-changed nat KUBE-SERVICES#3']],
  ['policy-changed', ['critical iptables.chain.policy-changed filter FORWARD']],
  ['rule-added', ['warning nat.snat.added nat KUBE-SERVICES#6']],
  ['rule-removed', ['critical kube.service.cluster-ip-changed monitoring/prometheus:web']],
  ['rule-moved', ['notice iptables.rule.moved nat KUBE-SERVICES#1']],
  ['rule-shadowed', ['critical iptables.filter.newly-rejected filter INPUT#6']],
  ['negation-dropped', ['warning nat.snat.removed nat KUBE-SVC-CDGGSHYLG3RE2FKL#1']],
  ['jump-to-goto', ['notice iptables.rule.target-changed filter FORWARD#2']],
  ['lb-source-range-widened', ['warning nat.source-restriction-changed default/web:http']],
  ['endpoint-removed', ['notice kube.service.endpoints-changed default/web:http']],
  ['dnat-target-changed', ['warning nat.dnat.retargeted default/web:http']],
];

describeCorpus('iptables/drift', 'changes made with iptables', () => {
  it.each(EXPECTED)('%s gives exactly its ids', (scenario, expected) => {
    expect(outline(diff(scenario))).toEqual(expected);
  });

  it.each(EXPECTED)('%s is told alike from iptables 1.8.4 legacy', (scenario, expected) => {
    expect(outline(diff(scenario, '1.8.4-legacy'))).toEqual(expected);
  });

  it('an interface shows with -v alone', () => {
    expect(outline(diff('interface-only', '1.8.9-nft', 'nvL'))).toEqual(['notice iptables.rule.match-changed filter INPUT#5']);
  });

  it('a change of mode is one cause', () => {
    expect(diff('iptables-to-ipvs-mode').causes.map((cause) => cause.id)).toEqual(['cause.proxy-mode-changed']);
  });

  it('every scenario is listed here', () => {
    const scenarios = new Set(corpusFiles('iptables/drift', (path) => path.endsWith('manifest.json')).map((path) => path.split('/')[2] ?? ''));
    expect([...scenarios].sort()).toEqual([...EXPECTED.map(([scenario]) => scenario), 'iptables-to-ipvs-mode'].sort());
  });

  it.each([...EXPECTED.map(([scenario]) => scenario), 'iptables-to-ipvs-mode'])('%s reads as its golden', (scenario) => {
    expectGolden(`fixtures/drift/iptables/${scenario}/report.txt`, renderText(diff(scenario)));
  });

  it.each(EXPECTED.map(([scenario]) => scenario))('%s: protocols by name or number, -nL, -nvL and -S of one state are no change', (scenario) => {
    const views = [side(scenario, '1.8.9-nft', 'before', 'nL'), side(scenario, '1.8.4-legacy', 'before', 'nL'), side(scenario, '1.8.9-nft', 'before', 'nvL'), side(scenario, '1.8.9-nft', 'before', 'S')];
    for (const one of views) for (const other of views) expect(diffSnapshots(one, other).changes.filter((change) => change.severity !== 'none')).toEqual([]);
  });
});
