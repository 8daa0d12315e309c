import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { editedNat, NAT, told } from './edited-rules.ts';

describe('the chains of a service', () => {
  it('that is empty has no endpoint, told once', () => {
    const { report, mirrored } = editedNat((rulesOf) => rulesOf('KUBE-SVC-NPX46M4PTMTKRN6Y').splice(0));
    expect(told(report)).toEqual([
      'critical kube.service.no-endpoints: default/kubernetes:https has no endpoint left: new connections keep their original destination, where nothing answers (went to 192.168.0.1:6443, 192.168.0.2:6443 and 192.168.0.3:6443)',
    ]);
    expect(told(mirrored)).toEqual([
      'notice kube.service.has-endpoints: default/kubernetes:https has endpoints again: new connections go to 192.168.0.1:6443, 192.168.0.2:6443 and 192.168.0.3:6443, they kept their original destination',
    ]);
  });

  it('where that of one endpoint is empty lose a part of the connections', () => {
    const { report, mirrored } = editedNat((rulesOf) => rulesOf('KUBE-SEP-UZ5TLLEYQ5WWWP7D').splice(0));
    expect(told(report)).toEqual([
      'critical kube.service.endpoints-changed: default/kubernetes:https lost the endpoint 192.168.0.3:6443, and 33 % of new connections reach no endpoint any more: the rules still send them there',
    ]);
    expect(told(mirrored)).toEqual([
      'notice kube.service.endpoints-changed: default/kubernetes:https gained the endpoint 192.168.0.3:6443 (2 → 3 endpoints)',
    ]);
  });
});

describe('the rule that masquerades an endpoint which talks to itself', () => {
  it('is told of the endpoint where it goes away', () => {
    const { report, mirrored } = editedNat((rulesOf) => rulesOf('KUBE-SEP-2RIJ5GIYXEFH6G4D').splice(0, 1));
    expect(told(report)).toEqual([
      'warning nat.snat.removed: default/web:http: 10.244.2.7:8080 can no longer reach itself through the service; connections from an endpoint to itself are no longer masqueraded',
    ]);
    expect(told(mirrored)).toEqual([
      'notice nat.snat.added: default/web:http: 10.244.2.7:8080 can reach itself through the service; connections from an endpoint to itself are now masqueraded',
    ]);
  });

  it('is told once for the endpoints of a service, also where each is its only one', () => {
    const { report } = editedNat((rulesOf) => {
      for (const chain of ['KUBE-SEP-YIL6JZP7A3QYXJU2', 'KUBE-SEP-6E7XQMQ4RAYOWTTM', 'KUBE-SEP-M4SNWNA5COGIE7AY'])
        rulesOf(chain).splice(0, 1);
    });
    expect(told(report)).toEqual([
      'warning nat.snat.removed: kube-system/kube-dns:dns: 10.244.0.2:53 and 10.244.0.3:53 can no longer reach themselves through the service; connections from an endpoint to itself are no longer masqueraded',
      'warning nat.snat.removed: monitoring/prometheus:web: 10.244.3.9:9090 can no longer reach itself through the service; connections from an endpoint to itself are no longer masqueraded',
    ]);
  });
});

describe('a rule before the chains of services', () => {
  it('that translates what asks for them takes their connections to endpoints of another service', () => {
    const { report, mirrored } = editedNat((rulesOf) =>
      rulesOf('PREROUTING').unshift('DNAT       6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:443 to:10.244.3.9:9090'),
    );
    expect(told(report)).toEqual([
      'critical nat.dnat.retargeted: default/kubernetes:https (tcp 10.96.0.1:443): new connections from pods and from outside go to 10.244.3.9:9090; they went to 192.168.0.1:6443, 192.168.0.2:6443 and 192.168.0.3:6443 (33 % each)',
    ]);
    expect(told(mirrored)).toEqual([
      'warning nat.dnat.retargeted: default/kubernetes:https (tcp 10.96.0.1:443): new connections from pods and from outside go to 192.168.0.1:6443, 192.168.0.2:6443 and 192.168.0.3:6443 (33 % each); they went to 10.244.3.9:9090',
    ]);
  });

  it('that takes packets out of nat says of whom, and that each service had its own endpoints', () => {
    const { report } = editedNat((rulesOf) => rulesOf('PREROUTING').unshift('ACCEPT     0    --  0.0.0.0/0            10.96.0.0/12'));
    expect(told(report)).toEqual([
      'critical nat.dnat.removed: 4 cluster-IP addresses of default/kubernetes, default/web, kube-system/kube-dns and monitoring/prometheus: new connections from pods and from outside go to their original destination; they went to the endpoints of each service',
    ]);
  });

  it('that marks for masquerading is told of the source address alone', () => {
    const { report } = editedNat((rulesOf) => rulesOf('KUBE-EXT-6IDAIG4NQOQJS2DS').splice(0, 1));
    expect(told(report)).toEqual([
      'warning nat.snat.removed: monitoring/prometheus:web (node port, tcp port 30090): connections from pods, from outside and from this node itself are no longer masqueraded: the endpoint sees the address of the client',
    ]);
  });
});

describe('the source ranges of a load balancer', () => {
  const packets = ({ report }: ReturnType<typeof editedNat>): string[] =>
    report.changes.flatMap(({ details }) => details.filter(({ label }) => label === 'packet').map(({ text }) => text));

  it('that are narrowed are shown by a client that is shut out', () => {
    const edited = editedNat((rulesOf) => rulesOf('KUBE-FW-CDGGSHYLG3RE2FKL').splice(1, 1));
    expect(told(edited.report)).toEqual([
      'warning nat.source-restriction-changed: default/web:http (load-balancer IP, tcp 203.0.113.10:80): source ranges narrowed from 10.120.2.0/24 and 198.51.100.0/24 to 198.51.100.0/24',
    ]);
    expect(edited.report.changes.map(({ effect }) => effect)).toEqual(['lost']);
    expect(packets(edited)).toEqual(['tcp 10.120.2.9:40000 → 203.0.113.10:80: let in before, dropped now']);
  });

  it('are told with the service that is gone, and are not told where no rule of kube-proxy is left', () => {
    const gone = editedNat((rulesOf) => {
      rulesOf('KUBE-SERVICES').splice(2, 2);
      rulesOf('KUBE-NODEPORTS').splice(0, 1);
      for (const chain of ['KUBE-FW-CDGGSHYLG3RE2FKL', 'KUBE-EXT-CDGGSHYLG3RE2FKL', 'KUBE-SVC-CDGGSHYLG3RE2FKL']) rulesOf(chain).splice(0);
    });
    expect(
      gone.report.changes.filter(({ toldWith, severity }) => toldWith === undefined && severity !== 'none').map(({ id }) => id),
    ).toEqual(['kube.service.removed']);
    const flushed = editedNat((rulesOf) => {
      for (const chain of ['PREROUTING', 'OUTPUT', 'POSTROUTING', 'KUBE-SERVICES', 'KUBE-NODEPORTS']) rulesOf(chain).splice(0);
    });
    expect(flushed.report.changes.filter(({ id }) => id === 'nat.source-restriction-changed')).toEqual([]);
  });
});

describe('a filter table that one snapshot alone has', () => {
  const filter = (rule: string): string =>
    `Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain FORWARD (policy DROP)\ntarget     prot opt source               destination         \nKUBE-SERVICES  0    --  0.0.0.0/0            0.0.0.0/0            ctstate NEW /* kubernetes service portals */\n\nChain OUTPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain KUBE-SERVICES (1 references)\ntarget     prot opt source               destination         \n${rule}\n`;
  const refused = filter(
    'REJECT     6    --  0.0.0.0/0            10.96.3.3            /* default/empty:http has no endpoints */ tcp dpt:80 reject-with icmp-port-unreachable',
  );

  it('is trouble, and nothing that it refuses is told as new', () => {
    const edited = NAT.replace('10.244.3.9:9090', '10.244.3.9:9091');
    const report = diffSnapshots(
      readSnapshot([{ name: 'nat.nL.txt', content: NAT }]),
      readSnapshot([
        { name: 'nat.nL.txt', content: edited },
        { name: 'filter.nL.txt', content: refused },
      ]),
    );
    expect(report.troubles.map(({ code, side }) => `${code} ${side}`)).toEqual(['snapshot/part-missing before']);
    expect(report.changes.map(({ severity, id }) => `${severity} ${id}`)).toEqual(['warning nat.dnat.retargeted']);
  });
});
