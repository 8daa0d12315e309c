import { expect, it } from 'vitest';
import { suppositionText } from '../../../packages/drift/src/judge/rules/supposition-words.ts';

it.each([
  ['-i br-4c1e', 'it arrives at br-4c1e', 'it does not arrive at br-4c1e'],
  ['-o docker0', 'it leaves by docker0', 'it does not leave by docker0'],
  [
    '--match-set KUBE-CLUSTER-IP dst,dst',
    'it is in set KUBE-CLUSTER-IP (dst,dst), whose members are not shown',
    'it is not in set KUBE-CLUSTER-IP (dst,dst), whose members are not shown',
  ],
  ['--dst-type BROADCAST', 'its destination is of type BROADCAST', 'its destination is not of type BROADCAST'],
  ['-m limit --limit 5/min', 'it meets "-m limit --limit 5/min"', 'it does not meet "-m limit --limit 5/min"'],
  [
    'the interface that "-j ACCEPT" may ask for, which the listing hides',
    'the rule "-j ACCEPT" asks for no other interface (the listing hides interfaces)',
    'the rule "-j ACCEPT" asks for another interface (the listing hides interfaces)',
  ],
])('what was supposed of "%s" reads as a condition after "if"', (condition, holding, failing) => {
  expect([suppositionText({ condition, holds: true }), suppositionText({ condition, holds: false })]).toEqual([holding, failing]);
});
