import { diffSnapshots, readSnapshot, renderText, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

/** `ipvsadm -ln` of these services, all tcp and rr. */
function listing(services: Readonly<Record<string, readonly string[]>>): string {
  const lines = [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
  ];
  for (const [address, endpoints] of Object.entries(services)) {
    lines.push(`TCP  ${address} rr`, ...endpoints.map((endpoint) => `  -> ${endpoint.padEnd(28)} Masq    1      0          0         `));
  }
  return `${lines.join('\n')}\n`;
}

function diff(before: Readonly<Record<string, readonly string[]>>, after: Readonly<Record<string, readonly string[]>>): Report {
  const read = (services: Readonly<Record<string, readonly string[]>>) =>
    readSnapshot([{ name: 'ipvsadm-ln.txt', content: listing(services) }]);
  return diffSnapshots(read(before), read(after));
}

const SERVICES = {
  '10.96.0.1:443': ['192.168.0.1:6443'],
  '10.96.0.10:53': ['10.244.1.2:53', '10.244.2.2:53'],
  '10.96.0.20:80': ['10.244.1.3:80', '10.244.2.3:80'],
  '10.96.0.30:80': ['10.244.1.4:8080', '10.244.3.4:8080'],
};

describe('causes of changed endpoints', () => {
  it('an address that several services had and none has any more is one cause', () => {
    const report = diff(
      { '10.96.0.10:53': ['10.244.1.2:53', '10.244.2.2:53'], '10.96.0.11:9153': ['10.244.1.2:9153', '10.244.2.2:9153'] },
      { '10.96.0.10:53': ['10.244.1.9:53', '10.244.2.2:53'], '10.96.0.11:9153': ['10.244.1.9:9153', '10.244.2.2:9153'] },
    );
    expect(report.causes.map(({ id, changes }) => [id, changes])).toEqual([['cause.endpoint-ip-changed', ['c1', 'c2']]]);
    expect(renderText(report)).toContain('NOTICE    an endpoint has another address, 10.244.1.2 → 10.244.1.9, in 2 service ports.\n');
  });

  it('pods that several services had and that were replaced by as many others are one rollout', () => {
    const report = diff(
      { '10.96.0.10:53': ['10.244.1.2:53', '10.244.2.2:53'], '10.96.0.11:9153': ['10.244.1.2:9153', '10.244.2.2:9153'] },
      { '10.96.0.10:53': ['10.244.1.9:53', '10.244.2.9:53'], '10.96.0.11:9153': ['10.244.1.9:9153', '10.244.2.9:9153'] },
    );
    expect(report.causes.map(({ id, severity, changes }) => [id, severity, changes])).toEqual([['cause.rollout', 'notice', ['c1', 'c2']]]);
    expect(report.causes[0]?.text).toBe(
      'one workload of 2 service ports rolled over: 2 endpoints replaced by as many (10.244.1.2 and 10.244.2.2 → 10.244.1.9 and 10.244.2.9)',
    );
  });

  it('a node whose pods no service leads to any more is one cause', () => {
    const after = Object.fromEntries(
      Object.entries(SERVICES).map(([address, endpoints]) => [address, endpoints.filter((endpoint) => !endpoint.startsWith('10.244.1.'))]),
    );
    const report = diff(SERVICES, after);
    expect(report.causes.map(({ id, changes }) => [id, changes])).toEqual([['cause.node-drained', ['c1', 'c2', 'c3']]]);
    expect(report.causes[0]?.text).toBe(
      'no service leads to 10.244.1.0/24 any more: 3 service addresses lost 10.244.1.2, 10.244.1.3 and 10.244.1.4, as when a node is drained or lost',
    );
  });

  it('services that lose all endpoints at once are a proxy that starts anew', () => {
    const report = diff(SERVICES, Object.fromEntries(Object.keys(SERVICES).map((address) => [address, []])));
    expect(report.causes.map(({ id, severity }) => [id, severity])).toEqual([['cause.proxy-restart-gap', 'critical']]);
    expect(report.changes.filter(({ id }) => id === 'ipvs.service.blackholed')).toHaveLength(4);
  });

  it('one service that loses an endpoint has no such cause', () => {
    expect(diff(SERVICES, { ...SERVICES, '10.96.0.20:80': ['10.244.2.3:80'] }).causes).toEqual([]);
  });
});
