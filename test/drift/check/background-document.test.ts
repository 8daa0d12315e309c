import { describe, expect, it } from 'vitest';
import { readSnapshot } from '@netdrift/drift';
import { checkSnapshot } from '../../../packages/drift/src/check/check.ts';

// The background document's own text.
const SERVICES = `NAMESPACE     NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)         AGE
default       kubernetes   ClusterIP   10.0.0.1     <none>        443/TCP         1d
kube-system   kube-dns     ClusterIP   10.0.0.10    <none>        53/UDP,53/TCP   1d
`;
const HEADING = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
`;
const API = `TCP  10.0.0.1:443 rr persistent 10800
  -> 192.168.0.1:6443             Masq    1      1          0
`;
const DNS_TCP = `TCP  10.0.0.10:53 rr
  -> 172.17.0.2:53                Masq    1      0          0
`;
const DNS_UDP = `UDP  10.0.0.10:53 rr
  -> 172.17.0.2:53                Masq    1      0          0
`;

function check(services: string, listing: string): (readonly string[])[] {
  const snapshot = readSnapshot([
    { name: 'svc.txt', content: services },
    { name: 'ipvsadm.txt', content: listing },
  ]);
  return checkSnapshot(snapshot)
    .findings.filter(({ severity }) => severity !== 'none')
    .map(({ id, text }) => [id, text]);
}

describe('the services and the IPVS table of the background document', () => {
  it('agree', () => {
    expect(check(SERVICES, HEADING + API + DNS_TCP + DNS_UDP)).toEqual([]);
  });

  it('name the service that the IPVS table lacks', () => {
    expect(check(SERVICES, HEADING + API + DNS_TCP)).toEqual([
      ['x.service-without-ipvs', 'kube-system/kube-dns 53/UDP (cluster IP udp 10.0.0.10:53) has no virtual service'],
    ]);
    expect(check(SERVICES, HEADING + DNS_TCP + DNS_UDP)).toEqual([
      ['x.service-without-ipvs', 'default/kubernetes (cluster IP tcp 10.0.0.1:443) has no virtual service'],
    ]);
  });

  it('name the virtual service that no service has', () => {
    const without = SERVICES.replace(
      /^kube-system.*$/m,
      'kube-system   other        ClusterIP   10.0.0.10    <none>        53/TCP          1d',
    );
    expect(check(without, HEADING + API + DNS_TCP + DNS_UDP)).toEqual([
      ['x.ipvs-service-orphan', 'udp 10.0.0.10:53 leads to 172.17.0.2:53, and no service of the cluster has this address'],
    ]);
  });

  it('say that IPVS serves nothing where its table is empty, and claim no loss, for rules that are not shown may serve', () => {
    const empty = checkSnapshot(
      readSnapshot([
        { name: 'services.txt', content: SERVICES },
        { name: 'ipvsadm.txt', content: HEADING },
      ]),
    ).findings;
    expect(empty.map(({ id, severity, text }) => [id, severity, text])).toEqual([
      [
        'x.service-without-ipvs',
        'none',
        'none of the 3 service ports of the cluster has a virtual service; whether rules serve them is not shown',
      ],
    ]);
  });
});
