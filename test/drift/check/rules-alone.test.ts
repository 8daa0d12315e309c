import { describe, expect, it } from 'vitest';
import { edited } from '../three-modes.ts';

describe('check, with the rules of a node alone,', () => {
  it('finds node ports of IPVS that are not masqueraded, by a missing rule or a missing member', () => {
    const rule = edited('ipvs', [['iptables-save.txt', /^-A KUBE-NODE-PORT -p tcp.*KUBE-MARK-MASQ\n/m, '']]);
    const member = edited('ipvs', [['ipset-save.txt', /^add KUBE-NODE-PORT-TCP 30080.*\n/m, '']]);
    expect([rule.check, member.check]).toEqual([
      [
        'warning lint.kube.node-port-not-masqueraded: connections from outside to tcp port 30080 and tcp port 30880 are not masqueraded: clients get no reply from endpoints on other nodes',
      ],
      [
        'warning lint.kube.node-port-not-masqueraded: connections from outside to tcp 10.244.0.1:30080 and tcp 192.168.10.11:30080 are not masqueraded: no set of node ports holds the port: clients get no reply from endpoints on other nodes',
      ],
    ]);
  });

  it('finds external addresses and cluster IPs of iptables mode that are not masqueraded', () => {
    const without = (chain: string): readonly string[] =>
      edited('iptables', [['iptables-save.txt', new RegExp(`^-A ${chain} .*KUBE-MARK-MASQ\\n`, 'm'), '']]).check;
    expect(without('KUBE-EXT-4U2PUDR55AT5NT2Z')).toEqual([
      'warning lint.kube.node-port-not-masqueraded: connections from outside to prod/lb-vip:http (tcp 192.0.2.81:80) and prod/lb-vip:http (tcp port 31102) are not masqueraded: clients get no reply from endpoints on other nodes',
    ]);
    expect(without('KUBE-SVC-4U2PUDR55AT5NT2Z')).toEqual([
      'warning lint.kube.node-port-not-masqueraded: connections from outside to prod/lb-vip:http (tcp 10.97.1.2:80) are not masqueraded, as those to other cluster IPs are: clients get no reply from endpoints on other nodes',
    ]);
  });

  it('finds a RETURN that takes services, before the jump and in the chain of kube-proxy, for some sources too', () => {
    const taken = (anchor: RegExp, rule: string): string | undefined =>
      edited('iptables', [['iptables-save.txt', anchor, `${rule}\n$1`]]).check.find((text) => text.includes('service-taken'));
    expect(taken(/^(-A PREROUTING .*KUBE-SERVICES)/m, '-A PREROUTING -j RETURN')).toContain('rule 1 of PREROUTING (-j RETURN)');
    expect(taken(/^(-A KUBE-SERVICES -d)/m, '-A KUBE-SERVICES -j RETURN')).toBe(
      'warning lint.kube.service-taken: default/kubernetes:https (tcp 10.96.0.1:443), default/nginx (tcp 10.96.78.31:80) and 8 more: new connections from pods, outside and the node are handled as those to no service: rule 1 of KUBE-SERVICES (-j RETURN) takes them before the other rules of kube-proxy',
    );
    expect(taken(/^(-A KUBE-SERVICES -d)/m, '-A KUBE-SERVICES -s 10.244.1.0/24 -j RETURN')).toContain(
      'new connections from 10.244.1.0/24 are handled as those to no service: rule 1 of KUBE-SERVICES',
    );
  });

  it('finds where the set of cluster IPs and the maps of nftables mode disagree, and a chain that leads elsewhere than its name', () => {
    const check = (from: string | RegExp, to: string): readonly string[] => edited('nftables', [['nft-list-ruleset.txt', from, to]]).check;
    expect(check('10.96.78.31, 10.100.119.1,', '10.96.78.31, 10.96.78.99, 10.100.119.1,')).toEqual([
      'warning lint.nft.table-partial: nft table ip kube-proxy: set cluster-ips holds 10.96.78.99, and no map has a service there: connections are refused',
    ]);
    expect(check(/^.*10\.96\.78\.31 \. tcp \. 80 : goto.*\n/m, '')).toEqual([
      'critical lint.nft.table-partial: nft table ip kube-proxy: set cluster-ips holds 10.96.78.31, and no map has a service there: connections are refused; the chains of default/nginx are there, and no map leads to them',
    ]);
    expect(check('10.96.78.31, 10.100.119.1,', '10.100.119.1,')).toEqual([
      'notice lint.nft.table-partial: nft table ip kube-proxy: set cluster-ips does not hold 10.96.78.31, which the maps have services for: packets to other ports there are not refused',
    ]);
    expect(check('dnat to 10.244.0.2:53\n', 'dnat to 10.244.0.2:5353\n')).toEqual([
      'notice lint.kube.chain-hash-mismatch: kube-system/kube-dns:dns: chain endpoint-2GKX576Q-kube-system/kube-dns/udp/dns__10.244.0.2/53 is called after 10.244.0.2:53 and leads to 10.244.0.2:5353: kube-proxy did not write this',
    ]);
  });

  it('finds nothing wrong in what kube-proxy wrote', () => {
    expect((['ipvs', 'iptables', 'nftables'] as const).map((mode) => edited(mode, []).check)).toEqual([[], [], []]);
  });
});
