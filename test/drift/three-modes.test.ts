import { describe, expect, it } from 'vitest';
import { edited } from './three-modes.ts';

describe('masquerading that is lost as a whole', () => {
  it('is told of whom it concerns at each place: of a service whose endpoint is this node itself, the node alone', () => {
    const { forth, details } = edited('iptables', [['iptables-save.txt', /^-A KUBE-POSTROUTING.*-j MASQUERADE.*\n/m, '']]);
    expect(forth).toEqual([
      'critical nat.snat.removed: 8 cluster-IP addresses of default/nginx, kube-system/kube-dns, prod/lb-hostname and 3 more: connections from outside and from this node itself are no longer masqueraded: the endpoint sees the address of the client; 5 service addresses of prod/lb-hostname, prod/lb-mixed, prod/lb-proxy and prod/lb-vip: connections from pods, from outside and from this node itself are no longer masqueraded: the endpoint sees the address of the client; default/kubernetes:https (tcp 10.96.0.1:443): connections from this node itself are no longer masqueraded: the endpoint sees the address of the client; prod/lb-mixed:http (load-balancer IP, tcp 192.0.2.82:80): connections from outside (203.0.113.0/24) are no longer masqueraded: the endpoint sees the address of the client',
    ]);
    expect(details).toContain('packet: tcp 198.51.100.7:40000 → 10.97.1.4:80 (outside → cluster IP)');
    // The packet comes from outside: services that it is not said of are not listed with it.
    expect(details.filter((text) => text.startsWith('services')).join()).not.toMatch(/default\/kubernetes|192\.0\.2\.82/);
  });

  it('is told by services in ipvs mode, and not as packets of any kind', () => {
    const { forth } = edited('ipvs', [
      ['iptables-save.txt', /^-A KUBE-POSTROUTING -j MASQUERADE.*\n|^-A KUBE-POSTROUTING .*SNAT.*\n/m, ''],
    ]);
    expect(forth).toEqual([
      'critical nat.snat.removed: 7 service addresses: connections from outside and from this node itself are no longer masqueraded: the endpoint sees the address of the client; 4 service addresses: connections from pods, from outside and from this node itself are no longer masqueraded: the endpoint sees the address of the client; tcp 10.96.0.1:443: connections from this node itself are no longer masqueraded: the endpoint sees the address of the client',
    ]);
  });

  it('is told in nftables mode of each service with those whom it concerns', () => {
    const { forth } = edited('nftables', [['nft-list-ruleset.txt', '\t\tmasquerade fully-random\n', '']]);
    expect(forth[0]).toBe(
      'critical kube.frontend.source-changed: connections from the node and outside to 5 service ports and cluster IPs of prod/down-edge:http and prod/down:http, and from the node to default/kubernetes:https and node ports and other addresses of prod/down-edge:http, and to node ports of prod/down:http are shown to the endpoints with another source address: default/kubernetes:https, default/nginx, kube-system/kube-dns:dns and 5 more',
    );
  });
});
