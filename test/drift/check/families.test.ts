import { checkSnapshot, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const CHAINS = ':PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n';

/** kube-proxy's entry in one family; `broken` lacks the jump from PREROUTING, and has a rule twice that nothing jumps to. */
function nat(address: string, prefix: number, broken: boolean): string {
  const rule = `-d ${address}/${prefix} -p tcp -m tcp --dport 80 -j REDIRECT`;
  return [
    `*nat\n${CHAINS}${broken ? ':LOST - [0:0]\n' : '-A PREROUTING -j KUBE-SERVICES\n'}-A OUTPUT -j KUBE-SERVICES`,
    `-A KUBE-SERVICES ${rule}`,
    ...(broken ? [`-A LOST ${rule}`, `-A LOST ${rule}`] : []),
    'COMMIT\n',
  ].join('\n');
}

function told(brokenFamily: 'ipv4' | 'ipv6'): unknown[] {
  const snapshot = readSnapshot([
    { name: 'iptables-save.txt', content: nat('10.96.0.20', 32, brokenFamily === 'ipv4') },
    { name: 'ip6tables-save.txt', content: nat('fd00:10:96::20', 128, brokenFamily === 'ipv6') },
  ]);
  return checkSnapshot(snapshot).findings.map(({ id, subject, text, lookAt }) => [
    id,
    subject.name,
    text,
    ...(lookAt === undefined ? [] : [lookAt]),
  ]);
}

describe('what is odd in the tables of one family', () => {
  const key = '--dport 80 -d fd00:10:96::20 -p tcp -j REDIRECT this node';

  it('is told as that of IPv6, with the program that lists it', () => {
    expect(told('ipv6')).toEqual([
      [
        'lint.kube.anchor-missing',
        'IPv6 nat KUBE-SERVICES',
        'IPv6: PREROUTING of nat has no jump to KUBE-SERVICES',
        'ip6tables -t nat -S PREROUTING',
      ],
      ['lint.iptables.duplicate-rule', 'IPv6 nat LOST#2', `IPv6: LOST of nat has 2 times the rule "${key}"`],
      ['lint.iptables.orphan-chain', 'IPv6 nat LOST', 'IPv6: nothing jumps to chain LOST of nat, which has 2 rules'],
    ]);
  });

  it('and as that of IPv4 without a word', () => {
    expect(told('ipv4')).toEqual([
      ['lint.kube.anchor-missing', 'nat KUBE-SERVICES', 'PREROUTING of nat has no jump to KUBE-SERVICES', 'iptables -t nat -S PREROUTING'],
      ['lint.iptables.duplicate-rule', 'nat LOST#2', `LOST of nat has 2 times the rule "${key.replace('fd00:10:96::20', '10.96.0.20')}"`],
      ['lint.iptables.orphan-chain', 'nat LOST', 'nothing jumps to chain LOST of nat, which has 2 rules'],
    ]);
  });
});
