import { describe, expect, it } from 'vitest';
import { edited } from './three-modes.ts';

describe('a rule that decides about a part of the connections of a service', () => {
  it('has an effect where it stands behind the one that ends the chain: the endpoint no longer gets to itself', () => {
    const swapped = edited('iptables', [
      ['iptables-save.txt', /^(-A KUBE-SEP-R5KHDNJTNFAYK5NU -s .*\n)(-A KUBE-SEP-R5KHDNJTNFAYK5NU -p .*\n)/m, '$2$1'],
    ]);
    expect([swapped.forth, swapped.back].map(([text]) => text?.split(';')[0])).toEqual([
      'warning nat.snat.removed: 10.244.0.15:80 can no longer reach itself through default/nginx (tcp 10.96.78.31:80)',
      'notice nat.snat.added: 10.244.0.15:80 can reach itself through default/nginx (tcp 10.96.78.31:80)',
    ]);
  });
});

describe('a base chain of kube-proxy that drops what no rule takes', () => {
  it('is critical, for packets to no service too, and moves no node port', () => {
    const hook = 'type nat hook prerouting priority dstnat; policy';
    const { forth, back } = edited('nftables', [['nft-list-ruleset.txt', `${hook} accept;`, `${hook} drop;`]]);
    expect(forth[0]).toBe(
      'critical nft.table.changed: nft table ip kube-proxy differs in chain nat-prerouting; some packets: new connections from outside are dropped; they passed',
    );
    expect([...forth, ...back].filter((text) => text.includes('addresses-changed'))).toEqual([]);
  });
});
