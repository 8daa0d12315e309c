import { expect, it } from 'vitest';
import type { Supposition } from '../../../packages/drift/src/packets/flow.ts';
import { suppositionText } from '../../../packages/drift/src/judge/rules/supposition-words.ts';

it.each<[string, Supposition['asks'], string, string]>([
  ['-i br-4c1e', { kind: 'interface', side: 'in', name: 'br-4c1e' }, 'it arrives at br-4c1e', 'it does not arrive at br-4c1e'],
  ['-o docker0', { kind: 'interface', side: 'out', name: 'docker0' }, 'it leaves by docker0', 'it does not leave by docker0'],
  [
    '--match-set KUBE-CLUSTER-IP dst,dst',
    { kind: 'member', set: 'KUBE-CLUSTER-IP', by: 'dst,dst' },
    'it is in set KUBE-CLUSTER-IP (dst,dst), whose members are not shown',
    'it is not in set KUBE-CLUSTER-IP (dst,dst), whose members are not shown',
  ],
  [
    '--dst-type BROADCAST',
    { kind: 'address type', of: 'destination', type: 'BROADCAST' },
    'its destination is of type BROADCAST',
    'its destination is not of type BROADCAST',
  ],
  ['-m limit --limit 5/min', undefined, 'it meets "-m limit --limit 5/min"', 'it does not meet "-m limit --limit 5/min"'],
  [
    'the interface that "-j ACCEPT" may ask for, which the listing hides',
    { kind: 'hidden interface', rule: '-j ACCEPT' },
    'the rule "-j ACCEPT" asks for no other interface (the listing hides interfaces)',
    'the rule "-j ACCEPT" asks for another interface (the listing hides interfaces)',
  ],
])('what was supposed of "%s" reads as a condition after "if"', (condition, asks, holding, failing) => {
  const supposed = (holds: boolean): string => suppositionText({ condition, ...(asks === undefined ? {} : { asks }), holds });
  expect([supposed(true), supposed(false)]).toEqual([holding, failing]);
});
