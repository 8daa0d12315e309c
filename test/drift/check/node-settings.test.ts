import { readdirSync, readFileSync } from 'node:fs';
import { checkSnapshot, readSnapshot, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const HOME = 'fixtures/drift/kube-proxy/ipvs-v1.30-pair-scale-up/before';
const FILES = readdirSync(HOME).map((name): SnapshotFile => ({ name, content: readFileSync(`${HOME}/${name}`, 'utf8') }));
/** The node without what tells of the cluster. */
const NODE = FILES.filter(({ name }) => !name.startsWith('objects') && !name.startsWith('kubectl'));
const ADDRESSES = 'ip-addr-kube-ipvs0.txt';

/** Findings of severity critical and warning. */
function told(files: readonly SnapshotFile[]): string[][] {
  const { findings } = checkSnapshot(readSnapshot(files));
  return findings.filter(({ severity }) => severity === 'critical' || severity === 'warning').map(({ id, text }) => [id, text]);
}

function withoutAddress(files: readonly SnapshotFile[], address: string): SnapshotFile[] {
  return files.map((file) =>
    file.name === ADDRESSES
      ? {
          ...file,
          content: String(file.content)
            .split(/(?<=\n)(?= {4}inet )/)
            .filter((row) => !row.includes(`inet ${address}/32`))
            .join(''),
        }
      : file,
  );
}

describe('what kube-proxy sets on a node', () => {
  it('is as it should be on a node that is well', () => {
    const settings = { name: 'sysctl.txt', content: 'net.ipv4.ip_forward = 1\nnet.ipv4.vs.conntrack = 1\n' };
    expect(told([...NODE, settings])).toEqual([]);
  });

  it('is missed where IPVS has a service of which kube-ipvs0 lacks the address', () => {
    expect(told(withoutAddress(NODE, '10.96.0.10'))).toEqual(
      ['tcp 10.96.0.10:53', 'tcp 10.96.0.10:9153', 'udp 10.96.0.10:53'].map((key) => [
        'lint.ipvs.address-missing',
        `${key} is on no interface of the node: packets to it from pods and outside do not reach IPVS`,
      ]),
    );
  });

  it('is told once, by what the cluster asks for, where objects tell that', () => {
    expect([...new Set(told(withoutAddress(FILES, '10.96.0.10')).map(([id]) => id))]).toEqual(['x.ipvs-address-missing']);
  });

  it('is told of a setting of the kernel by its name', () => {
    const settings = { name: 'sysctl.txt', content: 'net.ipv4.ip_forward = 0\nnet.ipv4.vs.conntrack = 0\n' };
    expect(told([...NODE, settings]).map(([id]) => id)).toEqual(['lint.node.not-forwarding', 'lint.ipvs.connections-untracked']);
  });

  it('is nothing that a director of another program needs', () => {
    const services = NODE.filter(({ name }) => name === 'ipvsadm-ln.txt');
    expect(told([...services, { name: 'sysctl.txt', content: 'net.ipv4.ip_forward = 0\nnet.ipv4.vs.conntrack = 0\n' }])).toEqual([]);
  });
});
