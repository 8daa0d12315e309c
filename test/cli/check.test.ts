import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

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
    expect(netdrift(['check', folder])).toMatchObject({ status: 2, stderr: `netdrift: ${folder}: notes.txt: is no output of a known tool; needed is what ipvsadm -ln, iptables-save, ipset list, nft list ruleset or lsmod printed\n` });
  });

  it('compares with Services captured elsewhere', () => {
    const services = 'NAMESPACE   NAME   TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)   AGE\nprod        new    ClusterIP   10.96.250.1   <none>        80/TCP    1d\n';
    const expected = join(folderOf({ 'svc.txt': services }), 'svc.txt');
    expect(findings('fixtures/demo/before/ipvsadm-ln.txt', '--expect', expected).ids).toContain('x.service-without-ipvs');
  });
});

describe('netdrift explain', () => {
  it('tells the mode in its first line and a row for each service', () => {
    const { status, stdout, stderr } = netdrift(['explain', 'fixtures/demo/before']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toContain('runs in ipvs mode');
    const rows = stdout.split('\n').map((line) => line.split(/ {2,}/)[0]);
    expect(rows.filter((name) => /^[a-z-]+\/[a-z-]+/.test(name ?? ''))).toEqual([
      'default/kubernetes:https', 'default/nginx', 'kube-system/kube-dns:dns', 'kube-system/kube-dns:dns-tcp', 'kube-system/kube-dns:metrics',
      'prod/no-backend', 'prod/syslog:syslog', 'prod/web:http', 'prod/web:https',
    ]);
  });

  it('gives the same facts as JSON and Markdown', () => {
    const json: { readonly servicePorts: readonly unknown[] } = JSON.parse(netdrift(['explain', 'fixtures/demo/before', '--format', 'json']).stdout);
    expect(json.servicePorts).toHaveLength(9);
    expect(netdrift(['explain', 'fixtures/demo/before', '--format', 'markdown']).stdout).toContain('| `default/nginx` |');
  });
});
