import { expect, it } from 'vitest';
import { expectedState, readSnapshot } from '@netdrift/drift';

const documents = [
  `kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 192.0.2.10}]}
`,
  `kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.1.1, ports: [{port: 80}]}
`,
  ...[
    ['web-1', 'IPv4', '10.244.1.5'],
    ['web-2', 'IPv4', '10.244.1.6'],
    ['web-3', 'FQDN', 'www.example.com'],
  ].map(
    ([name, type, address]) => `kind: EndpointSlice
addressType: ${type}
metadata: {name: ${name}, labels: {kubernetes.io/service-name: web}}
endpoints: [{addresses: [${address}]}]
ports: [{port: 8080}]
`,
  ),
];
const endpointsOf = (content: string) => {
  const snapshot = readSnapshot([{ name: 'objects.yaml', content }]);
  const { servicePorts } = expectedState(snapshot, { nodeName: 'n1', version: '1.33', mode: 'iptables' });
  return servicePorts.map(({ name, frontends }) => {
    const endpoints = frontends.flatMap(({ paths }) => paths.filter(({ from }) => from === 'pod').flatMap((path) => path.endpoints));
    return `${name}: ${endpoints.map(({ address }) => address).join(', ')}`;
  });
};

it('slices of one service, each in a document of its own, stand beside each other: none begins another moment', () => {
  expect(endpointsOf(documents.join('---\n'))).toEqual(['default/web: 10.244.1.5:8080, 10.244.1.6:8080']);
});

it('a slice that is shown again begins one', () => {
  const later = documents.map((text) => text.replace('10.244.1.5', '10.244.1.9'));
  expect(endpointsOf([...documents, ...later].join('---\n'))).toEqual(['default/web: 10.244.1.6:8080, 10.244.1.9:8080']);
});
