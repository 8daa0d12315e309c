import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const repository = fileURLToPath(new URL('../../', import.meta.url));

function findings(...args: readonly string[]): { readonly status: number | null; readonly ids: readonly string[] } {
  const { status, stdout } = netdrift(['check', ...args, '--format', 'json']);
  const report: { readonly findings: readonly { readonly id: string; readonly severity: string }[] } = JSON.parse(stdout);
  return { status, ids: report.findings.filter(({ severity }) => severity !== 'none').map(({ id }) => id) };
}

describe('netdrift check', () => {
  it('exits with 0 and finds nothing on a healthy node', () => {
    expect(findings('fixtures/demo/before')).toEqual({ status: 0, ids: [] });
  });

  it('exits with 1 on a node that somebody changed by hand', () => {
    const { status, ids } = findings('fixtures/demo/drifted');
    expect(status).toBe(1);
    expect(ids.slice(0, 2)).toEqual(['x.endpoint-missing', 'x.ipset-member-missing']);
    expect(['critical', 'none'].map((failOn) => netdrift(['check', 'fixtures/demo/drifted', '--fail-on', failOn]).status)).toEqual([1, 0]);
  });

  it('exits with 2 on a snapshot of nothing', () => {
    const folder = folderOf({ 'notes.txt': 'hello\n' });
    expect(netdrift(['check', folder])).toMatchObject({
      status: 2,
      stderr: `netdrift: ${folder}: notes.txt: is no output of a known tool; needed is what ipvsadm -ln, iptables-save, ipset list, nft list ruleset or lsmod printed\n`,
    });
  });

  it('compares with Services captured elsewhere', () => {
    const captured = readFileSync(join(repository, 'fixtures/demo/before/kubectl-get-svc.txt'), 'utf8');
    const expected = join(
      folderOf({
        'svc.txt': `${captured}prod          new          ClusterIP   10.96.250.1   <none>        80/TCP                       1d\n`,
      }),
      'svc.txt',
    );
    expect(findings('fixtures/demo/before/ipvsadm-ln.txt', '--expect', expected).ids).toEqual(['x.service-without-ipvs']);
  });

  it('claims nothing where no Service is among the virtual services: rules may serve them all', () => {
    const services =
      'NAMESPACE   NAME   TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)   AGE\nprod        new    ClusterIP   10.96.250.1   <none>        80/TCP    1d\n';
    const expected = join(folderOf({ 'svc.txt': services }), 'svc.txt');
    expect(findings('fixtures/demo/before/ipvsadm-ln.txt', '--expect', expected)).toEqual({ status: 0, ids: [] });
  });
});
