import { diffSnapshots, readSnapshot, type Report, type Snapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';
import { corpusBytes, corpusFiles, describeCorpus, hasCorpus } from '../support/corpus.ts';

/** What ipvsadm and the kernel print of one table. `save.txt` of an empty table is empty, and so tells nothing. */
const FORMS = [
  'ln',
  'ln-exact',
  'ln-nosort',
  'ln-sort',
  'names',
  'proc-ip_vs',
  'rate',
  'rate-exact',
  'save',
  'save-n',
  'stats',
  'stats-exact',
  'stats-names',
  'thresholds',
  'tun-info',
];
/** Forms printed without `-n`. */
const NAMED = new Set(['names', 'save', 'stats-names']);

function snapshots(scenario: string): Map<string, Snapshot> {
  const forms = FORMS.filter((form) => hasCorpus(`ipvsadm/${scenario}/${form}.txt`));
  const read = (form: string) => [form, corpusBytes(`ipvsadm/${scenario}/${form}.txt`)] as const;
  return new Map(
    forms
      .map(read)
      .filter(([, content]) => content.length > 0)
      .map(([form, content]) => [form, readSnapshot([{ name: 'ipvsadm-Sn.txt', content }])]),
  );
}

describeCorpus('ipvsadm', 'two forms of one IPVS table', () => {
  const scenarios = corpusFiles('ipvsadm', (path) => path.split('/').length === 3 && path.endsWith('/ln.txt')).map(
    (path) => path.split('/')[1] as string,
  );

  // `names` holds names that are cut to the width of a column, and is compared in host-names.test.ts.
  it.each(scenarios.filter((name) => name !== 'names'))('%s: no change, whichever forms are compared', (scenario) => {
    const forms = snapshots(scenario);
    const drifts: string[] = [];
    for (const [one, before] of forms) {
      for (const [other, after] of forms) {
        const { verdict, changes }: Report = diffSnapshots(before, after);
        // Whether a name is the address in its place cannot be told.
        const equal = verdict === 'no-change' || (verdict === 'undecided' && NAMED.has(one) !== NAMED.has(other) && changes.length === 0);
        if (!equal) drifts.push(`${one} → ${other}: ${verdict} ${changes.map(({ text }) => text).join('; ')}`);
      }
    }
    expect(drifts).toEqual([]);
  });

  it('a listing of one service says nothing of the others', () => {
    const read = (form: string) => readSnapshot([{ name: 'ipvsadm.txt', content: corpusBytes(`ipvsadm/fwmark/${form}.txt`) }]);
    const report = diffSnapshots(read('ln'), read('one-service'));
    expect([report.verdict, report.changes]).toEqual(['undecided', []]);
    expect(report.undecided).toEqual([
      'virtual services tcp 10.4.9.1:80, fwmark 1 ipv6, fwmark 2 ipv4, fwmark 3 ipv6 and 2 more are listed by before alone, and after does not show all services',
    ]);
    expect(report.inputs[1]).toMatchObject({
      completeness: 'partial',
      reason: 'the first line of a whole listing is missing, as in a listing of one service',
    });
  });
});
