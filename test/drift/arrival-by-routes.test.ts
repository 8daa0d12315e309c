import { diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';
import { snapshotFiles } from './support.ts';

const ROUTES = `default via 192.168.10.1 dev eth0
10.244.0.0/24 dev cni0 proto kernel scope link src 10.244.0.1
10.244.1.0/24 via 192.168.10.12 dev eth0
10.244.0.0/16 via 10.244.0.0 dev flannel.1 onlink
192.168.10.0/24 dev eth0 proto kernel scope link src 192.168.10.11
`;

/** A node in iptables mode with its routes, and a rule before those of kube-proxy in the filter table. */
function node(rule = ''): Snapshot {
  const files = snapshotFiles('fixtures/three-modes/iptables').map(({ name, content }) => ({
    name,
    content: Buffer.from(content)
      .toString()
      .replace(/^-A FORWARD /m, `${rule}-A FORWARD `),
  }));
  return readSnapshot([...files, { name: 'ip-route.txt', content: ROUTES }]);
}

/** Who sends the packet that is given as proof, and the interface it arrives by. */
function proofOf(rule: string): unknown {
  const [change] = diffSnapshots(node(), node(`${rule}\n`)).changes;
  return [change?.witness?.packet.source, change?.witness?.packet.interface];
}

it.each([
  ['-A FORWARD -i cni0 -j DROP', '10.244.0.9', 'cni0'],
  ['-A FORWARD -i eth0 -j DROP', '198.51.100.7', 'eth0'],
  ['-A FORWARD -i flannel.1 -j DROP', '10.244.3.9', 'flannel.1'],
  ['-A INPUT -i cni0 -p tcp -m tcp --dport 10250 -j DROP', '10.244.0.9', 'cni0'],
])('what %s drops is sent by somebody to whom the node answers by that interface', (rule, ...proof) => {
  expect(proofOf(rule)).toEqual(proof);
});
