import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkSnapshot, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { describeCorpus } from '../../support/corpus.ts';
import { captures, snapshotOf } from '../../support/scenario.ts';

const save = readFileSync(
  fileURLToPath(new URL('../../../fixtures/meaning/node-port-without-masquerade/before/iptables-save.txt', import.meta.url)),
  'utf8',
);

/** What is found once a rule stands before all others of its chain. */
function foundWith(rule: string, raw = ''): string[] {
  const [, chain = ''] = rule.split(' ');
  const content = `${raw}${rule === '' ? save : save.replace(`-A ${chain} `, `${rule}\n-A ${chain} `)}`;
  return checkSnapshot(readSnapshot([{ name: 'iptables-save.txt', content }]))
    .findings.filter(({ severity }) => severity !== 'none')
    .map(({ id, text }) => `${id}: ${text}`);
}

describe('a service that a rule before those of kube-proxy takes away', () => {
  it.each([
    [
      '-A PREROUTING -d 198.18.0.20/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.9.9.9:80',
      'from pods and outside go to 10.9.9.9:80: rule 1 of PREROUTING (--dport 80 -d 198.18.0.20 -p tcp -j DNAT --to-destination 10.9.9.9:80)',
    ],
    [
      '-A PREROUTING -p tcp -m tcp --dport 80 -j ACCEPT',
      'from pods and outside are handled as those to no service: rule 1 of PREROUTING (--dport 80 -p tcp -j ACCEPT)',
    ],
    [
      '-A PREROUTING -d 198.18.0.0/16 -j RETURN',
      'from pods and outside are handled as those to no service: rule 1 of PREROUTING (-d 198.18.0.0/16 -j RETURN)',
    ],
    [
      '-A OUTPUT -p tcp -j REDIRECT --to-ports 15001',
      'from the node go to this node:15001: rule 1 of OUTPUT (-p tcp -j REDIRECT this node:15001)',
    ],
  ])('%s', (rule, says) => {
    expect(foundWith(rule)).toEqual([
      `lint.kube.service-taken: shop/cart:http (tcp 198.18.0.20:80): new connections ${says} takes them before the rules of kube-proxy`,
    ]);
  });

  it('has a packet as proof, with the rules that it meets', () => {
    const rule = '-A PREROUTING -d 198.18.0.20/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.9.9.9:80';
    const content = save.replace('-A PREROUTING ', `${rule}\n-A PREROUTING `);
    const found = checkSnapshot(readSnapshot([{ name: 'iptables-save.txt', content }])).findings.find(
      ({ id }) => id === 'lint.kube.service-taken',
    );
    expect(found?.witness).toEqual({
      packet: {
        protocol: 'tcp',
        source: '10.42.3.9',
        sourcePort: 40_000,
        destination: '198.18.0.20',
        destinationPort: 80,
        hook: 'PREROUTING',
        from: 'pod',
      },
      outcome: {
        verdict: 'delivered',
        endpoints: [{ address: '10.9.9.9:80', share: 1 }],
        masqueraded: false,
        path: expect.arrayContaining([{ table: 'nat', chain: 'PREROUTING', rule: 1 }]),
      },
    });
  });

  it('is one whose packets are not tracked: they see no nat', () => {
    for (const target of ['NOTRACK', 'CT --notrack'])
      expect(
        foundWith(
          '',
          `*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -d 198.18.0.20/32 -p tcp -j ${target}\nCOMMIT\n`,
        ),
      ).toEqual([
        `lint.kube.service-taken: shop/cart:http (tcp 198.18.0.20:80): new connections from pods and outside are handled as those to no service: rule 1 of PREROUTING (-d 198.18.0.20 -p tcp -j ${target}) takes them before the rules of kube-proxy`,
      ]);
  });

  it('is told of each of two rules that have one number in chains of one name', () => {
    const raw =
      '*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -s 198.51.100.0/24 -d 198.18.0.20/32 -j NOTRACK\nCOMMIT\n';
    const told = (from: string, rule: string): string =>
      `lint.kube.service-taken: shop/cart:http (tcp 198.18.0.20:80): new connections from ${from} are handled as those to no service: rule 1 of PREROUTING (${rule}) takes them before the rules of kube-proxy`;
    expect(foundWith('-A PREROUTING -d 198.18.0.0/16 -j RETURN', raw)).toEqual([
      told('pods', '-d 198.18.0.0/16 -j RETURN'),
      told('outside', '-d 198.18.0.20 -s 198.51.100.0/24 -j NOTRACK'),
    ]);
  });

  it('is not one that such a rule leaves alone', () => {
    expect(foundWith('-A PREROUTING -d 198.19.0.0/16 -j RETURN')).toEqual([]);
  });
});

describeCorpus('kube-proxy-modes', 'a service that is taken away on a node whose rules of kube-proxy are wrong too', () => {
  const capture = captures('kube-proxy-modes').find(({ name }) => name === 'iptables-v1.30-pair-manual-drift/drifted');
  const served = (wanted: (file: string) => boolean): string[] =>
    checkSnapshot(snapshotOf(capture as NonNullable<typeof capture>, wanted)).findings.flatMap(({ id, subject, severity }) =>
      id === 'x.service-not-served' ? [`${severity} ${subject.name}`] : [],
    );

  it('is critical whether or not they are shown: it does not follow from them', () => {
    const all = served(() => true);
    expect(all).toContain('critical prod/shop:https');
    expect(served((file) => file !== 'ip6tables-save.txt')).toEqual(all);
  });
});
