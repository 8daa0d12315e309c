import { expect, it } from 'vitest';
import { checkSnapshot, expectedState, readSnapshot } from '@netdrift/drift';

const service = (metadata: object, clusterIP: string, port: unknown) => ({
  kind: 'Service',
  metadata: { namespace: 'default', ...metadata },
  spec: { clusterIP, ports: [{ port }] },
});
const content = '-A -t 10.96.1.1:80 -s rr\n-a -t 10.96.1.1:80 -r 10.244.1.5:80 -m -w 1\n-A -t 10.96.1.2:80 -s rr\n';
const read = (...items: readonly object[]) =>
  readSnapshot([
    { name: 'objects.json', content: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) },
    { name: 'ipvsadm-Sn.txt', content },
  ]);
const db = service({ name: 'db', namespace: 'data' }, '10.96.1.2', 80);
const api = service({ name: 'kubernetes' }, '10.96.0.1', 443);
const orphans = (...items: readonly object[]) =>
  checkSnapshot(read(...items)).findings.flatMap(({ id, subject }) => (id === 'x.ipvs-service-orphan' ? [subject.name] : []));

it.each([
  ['a port that is no number', service({ name: 'web' }, '10.96.1.1', '80')],
  ['a port beyond 65535', service({ name: 'web' }, '10.96.1.1', 80_000)],
  ['no name', service({}, '10.96.1.1', 80)],
])("an object with %s is told to be left out, and what the node has of it is nobody else's", (_, object) => {
  const { servicePorts, assumptions } = expectedState(read(object, db, api), { nodeName: 'n1', version: '1.30', mode: 'ipvs' });
  expect(servicePorts.map(({ name }) => name)).toEqual(['data/db', 'default/kubernetes']);
  expect(assumptions).toContain('objects.json is not whole (1 object or port could not be read): what it does not show is left out');
  expect(orphans(object, db, api)).toEqual([]);
});

it('where every object is read, the same virtual service is one that nobody asked for', () => {
  expect(orphans(db, api)).toEqual(['tcp 10.96.1.1:80']);
});
