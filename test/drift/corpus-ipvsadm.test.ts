import { expect, it } from 'vitest';
import { diffSnapshots, readSnapshot, type Report } from '@netdrift/drift';
import { corpusBytes, describeCorpus } from '../support/corpus.ts';

function diff(scenario: string, file = 'ln.txt'): Report {
  const read = (step: string) => readSnapshot([{ name: file, content: corpusBytes(`ipvsadm/drift-${scenario}/${step}/${file}`) }]);
  return diffSnapshots(read('1-before'), read('2-after'));
}

/** Scenario of ipvsadm/drift-*, and the exact list of changes to be told from `ipvsadm -ln`. */
const EXPECTED: readonly (readonly [scenario: string, ids: readonly string[]])[] = [
  ['endpoint-added', ['notice ipvs.destination.added']],
  ['endpoint-removed', ['warning ipvs.destination.removed']],
  ['endpoint-port-moved', ['notice ipvs.destination.removed', 'notice ipvs.destination.added']],
  ['weight-changed', ['notice ipvs.destination.draining']],
  ['forward-changed', ['critical ipvs.destination.forwarding-changed']],
  ['scheduler-changed', ['notice ipvs.service.scheduler-changed']],
  ['persistence-changed', ['notice ipvs.service.persistence-changed', 'notice ipvs.service.persistence-changed']],
  ['persistence-removed', ['notice ipvs.service.persistence-changed']],
  ['service-added', ['notice ipvs.service.added']],
  ['service-deleted', ['critical ipvs.service.removed']],
];

describeCorpus('ipvsadm', 'changes made with ipvsadm', () => {
  it.each(EXPECTED)('%s gives exactly its ids', (scenario, ids) => {
    const report = diff(scenario);
    expect(report.changes.map(({ id, severity }) => `${severity} ${id}`)).toEqual(ids);
    expect(report.verdict).toBe('drift');
  });

  it.each(['reordered-only', 'counters-only', 'nothing'])('%s is no change', (scenario) => {
    expect(diff(scenario).changes).toEqual([]);
    expect(diff(scenario).verdict).toBe('no-change');
  });

  it('limits are compared where a form shows them, and equal as far as shown where none does', () => {
    expect(diff('thresholds-only').verdict).toBe('no-change');
    expect(diff('thresholds-only', 'thresholds.txt').changes.map((change) => change.id)).toEqual(['ipvs.destination.limits-changed']);
  });

  it('encapsulation is compared where a form shows it, and equal as far as shown where none does', () => {
    expect(diff('tunnel-type-only').verdict).toBe('no-change');
    for (const file of ['tun-info.txt', 'save-n.txt'])
      expect(diff('tunnel-type-only', file).changes.map((change) => change.id)).toEqual(['ipvs.destination.tunnel-changed']);
  });
});
