import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';

/** kube-proxy's rules for services, each with one endpoint, behind a rule of somebody else. */
function rules(services: number, first = ''): string {
  const all = Array.from({ length: services }, (_, index) => index);
  return [
    '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n',
    ...all.map((index) => `:KUBE-SVC-${index} - [0:0]\n:KUBE-SEP-${index} - [0:0]\n`),
    `${first}-A PREROUTING -j KUBE-SERVICES\n-A OUTPUT -j KUBE-SERVICES\n`,
    ...all.map(
      (index) =>
        `-A KUBE-SERVICES -d 10.96.0.${index + 1}/32 -p tcp -m comment --comment "ns/s${index}:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-${index}\n`,
    ),
    ...all.map(
      (index) =>
        `-A KUBE-SVC-${index} -m comment --comment "ns/s${index}:http" -j KUBE-SEP-${index}\n-A KUBE-SEP-${index} -p tcp -m comment --comment "ns/s${index}:http" -m tcp -j DNAT --to-destination 10.244.1.${index + 1}:80\n`,
    ),
    'COMMIT\n',
  ].join('');
}

const text = (services: number): string => {
  const [before, after] = [rules(services), rules(services, '-A PREROUTING -d 10.96.0.0/16 -j RETURN\n')].map((content) =>
    readSnapshot([{ name: 'iptables-save.txt', content }]),
  );
  return before === undefined || after === undefined ? '' : (diffSnapshots(before, after).changes[0]?.text ?? '');
};

it('a rule that takes few services away names their number, one that takes many the least number that was found', () => {
  expect(text(4)).toMatch(/^4 cluster-IP addresses of ns\/s0/);
  expect(text(60)).toMatch(/at least \d+ cluster-IP addresses/);
});
