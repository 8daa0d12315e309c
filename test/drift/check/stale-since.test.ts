import { checkSnapshot, readSnapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';

const TABLE = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.96.0.5:80 rr
  -> 10.244.0.5:80                Masq    1      0          0         
`;

/** One service with two endpoints, of which the node has one; the slices changed at these times. */
function notes(times: readonly (string | undefined)[]): (string | undefined)[] {
  const slices = times.map((time, index) => ({
    kind: 'EndpointSlice',
    metadata: {
      name: `web-${index}`,
      namespace: 'prod',
      labels: { 'kubernetes.io/service-name': 'web' },
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': time },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [`10.244.0.${5 + index}`], conditions: { ready: true } }],
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
  }));
  const service = {
    kind: 'Service',
    metadata: { name: 'web', namespace: 'prod' },
    spec: { clusterIP: '10.96.0.5', ports: [{ port: 80, protocol: 'TCP' }] },
  };
  const content = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [service, ...slices] });
  const { findings } = checkSnapshot(
    readSnapshot([
      { name: 'ipvsadm-ln.txt', content: TABLE },
      { name: 'objects.json', content },
    ]),
  );
  return findings.filter(({ id }) => id === 'x.endpoint-missing').map(({ note }) => note);
}

it('says since when an endpoint is missing, by the latest change of the slices', () => {
  expect(notes(['2026-11-30T02:15:00Z', '2026-11-30T02:17:31.5Z'])).toEqual([
    'its endpoints last changed at 2026-11-30T02:17:31.5Z: stale since then, unless somebody changed the node',
  ]);
});

it('says nothing of a time that is not there, or is none', () => {
  expect(notes([undefined, undefined])).toEqual([undefined]);
  expect(notes(['\u001b[31mnow', 'yesterday'])).toEqual([undefined]);
});
