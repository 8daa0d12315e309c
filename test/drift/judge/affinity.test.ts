import { diffSnapshots, readSnapshot, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

/** A service with session affinity and two endpoints, as kube-proxy 1.30 writes it. */
function served([one, other]: readonly [string, string], lists: readonly [string, string] = [one, other]): string {
  const kept = (list: string): string => `-m recent --rcheck --seconds 10800 --reap --name ${list} --mask 255.255.255.255 --rsource`;
  const endpoint = (
    chain: string,
    list: string,
    address: string,
  ): string => `-A ${chain} -s ${address}/32 -m comment --comment "shop/cart" -j KUBE-MARK-MASQ
-A ${chain} -p tcp -m comment --comment "shop/cart" -m recent --set --name ${list} --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination ${address}:8080
`;
  return `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-POSTROUTING - [0:0]
:${one} - [0:0]
:${other} - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-ABCDEFGHIJKLMNOP - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
${endpoint(one, lists[0], '10.244.1.5')}${endpoint(other, lists[1], '10.244.1.6')}-A KUBE-SERVICES -d 10.96.78.31/32 -p tcp -m comment --comment "shop/cart cluster IP" -m tcp --dport 80 -j KUBE-SVC-ABCDEFGHIJKLMNOP
-A KUBE-SVC-ABCDEFGHIJKLMNOP ! -s 10.244.0.0/16 -d 10.96.78.31/32 -p tcp -m comment --comment "shop/cart cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
-A KUBE-SVC-ABCDEFGHIJKLMNOP -m comment --comment "shop/cart -> 10.244.1.5:8080" ${kept(lists[0])} -j ${one}
-A KUBE-SVC-ABCDEFGHIJKLMNOP -m comment --comment "shop/cart -> 10.244.1.6:8080" ${kept(lists[1])} -j ${other}
-A KUBE-SVC-ABCDEFGHIJKLMNOP -m comment --comment "shop/cart -> 10.244.1.5:8080" -m statistic --mode random --probability 0.50000000000 -j ${one}
-A KUBE-SVC-ABCDEFGHIJKLMNOP -m comment --comment "shop/cart -> 10.244.1.6:8080" -j ${other}
COMMIT
`;
}

function diff(before: string, after: string): Report {
  const [one, other] = [before, after].map((content) => readSnapshot([{ name: 'iptables-save.txt', content }]));
  return diffSnapshots(one ?? readSnapshot([]), other ?? readSnapshot([]));
}

const OLD = ['KUBE-SEP-AAAAAAAAAAAAAAAA', 'KUBE-SEP-BBBBBBBBBBBBBBBB'] as const;
const NEW = ['KUBE-SEP-DDDDDDDDDDDDDDDD', 'KUBE-SEP-CCCCCCCCCCCCCCCC'] as const;

describe('session affinity whose chains of endpoints have other names', () => {
  it('begins anew, which is all there is to tell', () => {
    const { verdict, changes } = diff(served(OLD), served(NEW));
    expect(verdict).toBe('drift');
    expect(changes.map(({ severity, text }) => `${severity} ${text}`)).toEqual([
      `notice shop/cart: clients that stayed with their endpoint are assigned anew, once: 2 chains that remember them have other names (${OLD[0]} → ${NEW[0]} and ${OLD[1]} → ${NEW[1]})`,
    ]);
    expect(changes[0]?.explains).toEqual(NEW.map((chain) => ({ id: 'iptables.chain.renamed', subject: `nat ${chain}` })));
  });

  it('does not where the lists keep their names', () => {
    const { changes } = diff(served(OLD), served(NEW, OLD));
    expect(changes.filter(({ text }) => text.includes('assigned anew'))).toEqual([]);
  });

  it('is told of a chain that is no service as well', () => {
    const guard = (chain: string): string => `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:${chain} - [0:0]
-A INPUT -p tcp -m tcp --dport 22 -j ${chain}
-A ${chain} -m recent --update --seconds 60 --name ${chain} --mask 255.255.255.255 --rsource -j DROP
-A ${chain} -m recent --set --name ${chain} --mask 255.255.255.255 --rsource
COMMIT
`;
    expect(diff(guard('GUARD'), guard('SSH-GUARD')).changes.map(({ severity, text }) => `${severity} ${text}`)).toEqual([
      'notice filter chain GUARD is called SSH-GUARD now; its rules are the same, and nobody is on its list of recent addresses yet',
    ]);
  });
});
