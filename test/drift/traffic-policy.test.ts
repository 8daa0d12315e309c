import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';
import { corpusFile, describeCorpus } from '../support/corpus.ts';
import { snapshotFiles } from './support.ts';

const folder = 'fixtures/drift/changes/policy-to-cluster-ipvs';

describeCorpus('kube-proxy/ipvs-v1.30-traffic-policy-local', 'a traffic policy that the objects of the cluster tell', () => {
  const objects = corpusFile('kube-proxy/ipvs-v1.30-traffic-policy-local/objects.json');
  const ids = (before: string, after: string): string[] => {
    const snapshot = (side: string, content: string) =>
      readSnapshot([...snapshotFiles(`${folder}/${side}`), { name: 'objects.json', content }]);
    return diffSnapshots(snapshot('before', before), snapshot('after', after)).changes.map(({ id, certainty }) => `${certainty} ${id}`);
  };

  it('did not change where the cluster still asks for it: somebody else changed the sets', () => {
    const told = ids(objects, objects);
    expect(told.filter((id) => id.endsWith('kube.service.policy-changed'))).toEqual([]);
    expect(told).toContain('proven ipset.member.removed');
  });

  it('is proven where the objects say that it changed', () => {
    expect(ids(objects, objects.replace(/"externalTrafficPolicy": ?"Local"/, '"externalTrafficPolicy":"Cluster"'))).toEqual([
      'proven kube.service.policy-changed',
    ]);
  });

  it('is told once for the sets and the destinations where no object is there', () => {
    expect(
      diffSnapshots(readSnapshot(snapshotFiles(`${folder}/before`)), readSnapshot(snapshotFiles(`${folder}/after`))).changes.map(
        ({ id, certainty }) => `${certainty} ${id}`,
      ),
    ).toEqual(['heuristic kube.service.policy-changed']);
  });
});
