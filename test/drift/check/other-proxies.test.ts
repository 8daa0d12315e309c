import { checkSnapshots, explainSnapshot, readSnapshot, readSnapshots } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const IPVS =
  'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\nTCP  10.96.7.7:80 rr\n  -> 10.244.0.6:80                Masq    1      0          0         \n';
const SVC =
  'NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE   SELECTOR\nweb    ClusterIP   10.96.7.7    <none>        80/TCP    16h   app=web\n';
const pods = (...names: readonly string[]): string =>
  `NAME                READY   STATUS    RESTARTS   AGE\n${names.map((name) => `${name.padEnd(20)}1/1     Running   0          16h\n`).join('')}`;

function who(content: string): string {
  return checkSnapshots(readSnapshots([{ name: 'ticket.txt', content }])).ipvs.text;
}

describe('tables of another program than kube-proxy', () => {
  it('are not called its own where a pod, a set, an interface or a chain of that program is shown', () => {
    const save =
      '*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:KUBE-ROUTER-HAIRPIN - [0:0]\nCOMMIT\n';
    const shown = [
      `# ipvsadm -Ln\n${IPVS}# kubectl get pods -n kube-system\n${pods('kube-router-2cx2s', 'coredns-1')}# kubectl get svc -o wide\n${SVC}`,
      `# ipvsadm -Ln\n${IPVS}# kubectl get svc\n${SVC}# ipset save\ncreate kube-router-svip hash:ip family inet hashsize 1024 maxelem 65536\n`,
      `# ipvsadm -Ln\n${IPVS}# kubectl get svc\n${SVC}# ip addr\n5: kube-dummy-if: <BROADCAST,NOARP,UP> mtu 1500\n    inet 10.96.7.7/32 scope link kube-dummy-if\n`,
      `# ipvsadm -Ln\n${IPVS}# kubectl get svc\n${SVC}# iptables-save -t nat\n${save}`,
    ];
    expect(shown.map(who)).toEqual(
      [
        'pod kube-router-2cx2s is listed',
        'set kube-router-svip exists',
        'interface kube-dummy-if exists',
        'chain KUBE-ROUTER-HAIRPIN exists',
      ].map(
        (sign) =>
          `IPVS has 1 virtual service; most likely kube-router handles services here, not kube-proxy: ${sign}, and nothing of kube-proxy`,
      ),
    );
    expect(explainSnapshot(readSnapshot([{ name: 'x', content: shown[0] ?? '' }])).facts.map(({ name, value }) => [name, value])).toEqual([
      ['otherProxy', 'kube-router'],
      ['scheduler', 'rr'],
    ]);
  });

  it('are its own where kube-proxy is shown too: network policies of kube-router stand beside its rules', () => {
    expect(
      who(`# ipvsadm -Ln\n${IPVS}# kubectl get pods -A\n${pods('kube-router-2cx2s', 'kube-proxy-8pbqc')}# kubectl get svc\n${SVC}`),
    ).toBe('kube-proxy runs in ipvs mode');
    expect(
      who(
        `${IPVS}\n# ipset save\ncreate KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536\n# kubectl get pods\n${pods('cilium-x7k2p')}`,
      ),
    ).toBe('kube-proxy runs in ipvs mode');
  });

  it("are nobody's where the nat table is not shown: a chain of network policies alone says nothing", () => {
    const filter =
      '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:KUBE-ROUTER-INPUT - [0:0]\n-A INPUT -j KUBE-ROUTER-INPUT\nCOMMIT\n';
    expect(who(filter)).not.toContain('kube-router');
  });
});

describe('a log of another program', () => {
  const trouble = (content: string): string =>
    readSnapshots([{ name: 'x.log', content }])[0]
      .troubles.map(({ message }) => message)
      .join();
  const says = 'it tells what that program did, and lists neither rules nor services';

  it('is called by its name, and says nothing of the tables', () => {
    expect(
      trouble(
        'Sep 29 23:26:04 host dockerd[1023]: time="2024-09-29T23:26:04.394589389Z" level=debug msg="/usr/sbin/iptables, [--wait -t nat -A PREROUTING -j DOCKER]"\n',
      ),
    ).toBe(`is a log of dockerd: ${says}`);
    expect(trouble('I0809 05:37:21.484590    1000 kubelet.go:1507] "Starting to sync pod status with apiserver"\n')).toBe(
      `is a log of kubelet: ${says}`,
    );
    expect(
      trouble(
        'I0809 05:37:21.484590       1 network_services_controller.go:507] Performing cleanup of depreciated masquerade iptables rules\n',
      ),
    ).toBe(`is a log of kube-router: ${says}`);
    expect(
      trouble('Nov 22 22:25:00 n1 Keepalived_vrrp[123]: (VI_1) Entering MASTER STATE\nNov 22 22:25:01 n1 systemd[1]: Started x.\n'),
    ).toBe(`is a log of Keepalived_vrrp, systemd: ${says}`);
    expect(trouble('time="2024-09-29T23:26:04.394589389Z" level=info msg="loading plugin"\n')).toBe(
      `is a log of another program than kube-proxy: ${says}`,
    );
  });

  it('is still that of kube-proxy where a program runs it inside itself', () => {
    const line = (program: string): string =>
      `Nov 22 22:25:00 n1 ${program}[9]: I1122 22:25:00.000000       9 server_others.go:206] "Using iptables Proxier"\n`;
    expect(['kube-proxy', 'k3s', 'hyperkube'].map((program) => who(line(program)))).toEqual(
      Array.from(
        { length: 3 },
        () => 'the mode asked for is not known, iptables mode runs: cannot tell: the log does not say, no module list',
      ),
    );
  });
});
