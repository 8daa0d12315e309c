import { readFileSync } from 'node:fs';
import { checkSnapshot, readSnapshot, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from '../support.ts';

const NODE = 'fixtures/drift/kube-proxy/iptables-v1.30-pair-scale-up';
const captured = (form: string): SnapshotFile => ({
  name: `${form}.txt`,
  content: readFileSync(new URL(`../../../fixtures/conntrack-1.4.7/${form}.txt`, import.meta.url)),
});

function found(files: readonly SnapshotFile[]): string[] {
  const { findings } = checkSnapshot(readSnapshot(files));
  return findings
    .filter(({ id }) => id === 'lint.kube.connections-to-gone')
    .map(({ severity, certainty, text, evidence }) => `${severity} ${certainty} ${text} (${evidence.map(({ lines }) => lines[0]).join()})`);
}

const DNS = (lines: string): string =>
  `warning proven 2 connections to kube-system/kube-dns:dns (udp 10.96.0.10:53) go to 10.244.0.77:53, which is not an endpoint of it any more (${lines})`;
const NGINX = [
  'notice conditional 1 connection to default/nginx (tcp 10.96.78.31:80) goes to 10.244.0.16:80, which is not an endpoint of it any more (3)',
  'none conditional 1 connection to default/nginx (tcp 10.96.78.31:80) goes to 10.244.1.23:80, which is not an endpoint of it any more, all of them ending (1)',
];

describe('connections that the kernel tracks', () => {
  it.each(['list', 'list-extended', 'proc-net-nf_conntrack'])('to endpoints that are gone are found in %s', (form) => {
    expect(found([...snapshotFiles(`${NODE}/before`), captured(form)])).toEqual([DNS('4,7'), ...NGINX]);
  });

  it('are no finding where their endpoint is there', () => {
    expect(found([...snapshotFiles(`${NODE}/after`), captured('list')])).toEqual([DNS('4,7')]);
  });

  it('tell nothing where the rules of the service are cut, or no rules are given', () => {
    const cut = snapshotFiles(`${NODE}/before`)
      .filter(({ name }) => name === 'iptables-nat-nL.txt')
      .map(({ name, content }) => ({ name, content: content.slice(0, -3000) }));
    expect(found([...cut, captured('list')])).toEqual([]);
    expect(found([captured('list')])).toEqual([]);
  });

  it('are read in full: what the tool says on standard error belongs to them, and no line is left', () => {
    const snapshot = readSnapshot([captured('list'), captured('list.stderr')]);
    expect(snapshot.troubles).toEqual([]);
    expect(
      snapshot.parts.map(({ content }) =>
        content.kind === 'reader' && content.value.kind === 'TrackedConnections' ? content.value.connections.length : content.kind,
      ),
    ).toEqual([6, 0]);
  });
});
