import { renderText } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { diffPaths } from './support.ts';

/** What the kernel did with packets of each pair, and what the report says of it. */
const PAIRS: readonly (readonly [pair: string, kernel: string, says: readonly string[], never: readonly string[]])[] = [
  [
    'return-after-mark-masq',
    'delivered to the node itself, source kept: what goes to INPUT never meets POSTROUTING',
    ['KUBE-NODEPORTS#4: destination kept, source address kept'],
    ['destination kept, masqueraded'],
  ],
  ['local-packet-path-in-postrouting', 'PREROUTING, INPUT; POSTROUTING is not met', ['INPUT#2: dropped'], ['POSTROUTING#1']],
  ['local-endpoint-masq-iptables', 'delivered to the node itself, source kept', [], ['to 192.168.10.11:6443, masqueraded']],
  [
    'ipvs-demo-kubernetes-masquerade',
    'delivered to the node itself, source kept',
    ['packets from 10.244.0.0/16 to addresses outside 10.244.0.0/16'],
    ['default/kubernetes'],
  ],
  [
    'ipvs-output-drop-vip',
    'delivered: IPVS has changed the address before filter OUTPUT sees the packet',
    ['no effect on traffic'],
    ['dropped'],
  ],
  [
    'ipvs-output-drop-endpoint',
    'a third of all connections to the service is dropped: IPVS sends through OUTPUT',
    ['33 % of new connections from pods, from outside and from this node itself are dropped'],
    [],
  ],
  [
    'ipvs-output-policy-drop',
    'every service connection from pods and outside is dropped',
    ['service addresses: new connections from pods, from outside and from this node itself are dropped'],
    [],
  ],
  [
    'dnat-address-range',
    'one of the three, by the address of the client',
    ['to one of 10.244.0.50:80, 10.244.0.51:80 and 10.244.0.52:80 by the address of the client'],
    [],
  ],
  [
    'reject-pod-range-said-outside',
    'from outside and from other pods nothing changed',
    ['from pods (10.244.3.0/24) are refused'],
    ['from outside'],
  ],
  [
    'negated-destination-captures-all',
    'every tcp packet to port 443 anywhere goes to 192.168.10.11:6443',
    ['service default/kubernetes is gone', 'packets of tcp to addresses outside 10.96.0.1 to port 443'],
    [],
  ],
  [
    'postrouting-swap-reverse-direction',
    'packets without the mark are masqueraded, marked ones no longer',
    ['connections from pods are now masqueraded', 'are no longer masqueraded'],
    [],
  ],
  [
    'nft-cluster-cidr-node-endpoint',
    'connections from pods to an endpoint on the node keep their source before and after: they never meet POSTROUTING',
    ['8 cluster-IP addresses of default/nginx', 'connections from pods are no longer masqueraded'],
    ['default/kubernetes', 'from this node itself'],
  ],
  [
    'ipvs-node-port-chain-gone',
    'before, IPVS took packets to the node port at each address of the node; after, nobody does',
    ['tcp 192.168.10.11:31303 is gone from IPVS', 'packets of tcp in set KUBE-NODE-PORT-TCP (dst) are no longer masqueraded'],
    ['tcp this node:40000 → this node:31303', 'the endpoint sees the address of the client'],
  ],
  [
    'jump-for-one-interface',
    'what arrives by eth0 goes to the endpoints as before',
    ['new connections that do not arrive by eth0 go to their original destination', '(outside → cluster IP, not arriving by eth0)'],
    [],
  ],
  [
    'mark-before-refusal',
    'connections to default/empty were refused, and are let through with the mark',
    ['default/empty:http (tcp 10.100.14.7:8080): new connections from pods (10.244.3.0/24) are no longer refused'],
    ['to default/empty'],
  ],
];

describe('what the kernel refuted once', () => {
  it.each(PAIRS)('%s: %s', (pair, _kernel, says, never) => {
    const text = renderText(diffPaths(`fixtures/referee/${pair}/before`, `fixtures/referee/${pair}/after`));
    for (const words of says) expect(text).toContain(words);
    for (const words of never) expect(text).not.toContain(words);
    expectGolden(`fixtures/referee/${pair}/diff.txt`, text);
  });
});
