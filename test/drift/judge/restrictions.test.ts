import { readFileSync } from 'node:fs';
import { diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { compare } from '../../../packages/drift/src/differences/compare.ts';
import type { Comparison } from '../../../packages/drift/src/judge/comparison.ts';
import { judgeRestrictions } from '../../../packages/drift/src/judge/services/restrictions.ts';
import { comparisonOf } from '../../../packages/drift/src/judge/judge.ts';
import { NOTHING_BESIDE } from '../../../packages/drift/src/judge/side.ts';
import { buildModel } from '../../../packages/drift/src/state/build-model.ts';
import { expectLinear } from '../../support/growth.ts';

const address = (index: number): string => `10.96.${index >> 8}.${index & 255}`;
const lines = (count: number, make: (index: number) => string): string => Array.from({ length: count }, (_, index) => make(index)).join('');

/** KUBE-SERVICES of load balancers that each let in one range, or everybody. */
function rules(count: number, restricted: boolean): string {
  const balancer = (index: number): string =>
    `-d ${address(index)}/32 -p tcp -m comment --comment "default/s${index}:http loadbalancer IP" -m tcp --dport 80`;
  const service = restricted
    ? (index: number): string =>
        `-A KUBE-SERVICES -s 198.51.100.0/24 ${balancer(index)} -j ACCEPT\n-A KUBE-SERVICES ${balancer(index)} -j DROP\n`
    : (index: number): string => `-A KUBE-SERVICES ${balancer(index)} -j ACCEPT\n`;
  return `*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n-A PREROUTING -j KUBE-SERVICES\n-A OUTPUT -j KUBE-SERVICES\n${lines(count, service)}COMMIT\n`;
}

/** The sets of ipvs mode for the same. */
function sets(count: number, restricted: boolean): string {
  const members = restricted ? count : 0;
  return [
    'create KUBE-LOAD-BALANCER-FW hash:ip,port family inet hashsize 1024 maxelem 65536\n',
    'create KUBE-LOAD-BALANCER-SOURCE-CIDR hash:ip,port,net family inet hashsize 1024 maxelem 65536\n',
    lines(
      members,
      (index) =>
        `add KUBE-LOAD-BALANCER-FW ${address(index)},tcp:80\nadd KUBE-LOAD-BALANCER-SOURCE-CIDR ${address(index)},tcp:80,198.51.100.0/24\n`,
    ),
  ].join('');
}

function comparisonFor(before: string, after: string): Comparison {
  const [one, other] = [before, after].map((content) => buildModel(readSnapshot([{ name: 'listing.txt', content }])));
  if (one === undefined || other === undefined) throw new Error('there are two sides');
  return comparisonOf(one, other, compare(one, other), NOTHING_BESIDE, {
    survival: () => ({ places: [], tables: { before: { servicePorts: [] }, after: { servicePorts: [] } } }),
    cluster: () => undefined,
  });
}

describe('restrictions of load-balancer addresses that all go', () => {
  it.each([
    ['rules', rules, 500, undefined],
    // Mostly texts of members in one table: that outgrows the cache of a processor.
    ['sets', sets, 1000, 24],
  ])('takes time in proportion to their number: %s', (_, make, size, limit) => {
    const comparisons = new Map<number, Comparison>();
    for (const count of [size, size * 10]) comparisons.set(count, comparisonFor(make(count, true), make(count, false)));
    expectLinear(
      (count) => {
        const found = judgeRestrictions(comparisons.get(count) as Comparison);
        expect(found.map(({ claims = [] }) => claims.flatMap(({ explained = [] }) => explained).length)).toEqual(found.map(() => 2));
        expect(found).toHaveLength(count);
      },
      size,
      limit,
    );
  });
});

/** The addresses of the fixture as another family has them. */
const IPV6: readonly (readonly [string, string])[] = [
  ['198.18.0.20/32', 'fd00:96::20/128'],
  ['203.0.113.60/32', '2001:db8:60::60/128'],
  ['10.42.1.7:8080', '[fd42::1:7]:8080'],
  ['10.42.1.7/32', 'fd42::1:7/128'],
  ['10.42.0.0/16', 'fd42::/48'],
  ['192.0.2.0/24', '2001:db8:a::/64'],
  ['198.51.100.0/24', '2001:db8:b::/64'],
];

/** Both families of one load balancer, of which kube-proxy names the chains alike. */
function dualStack(restricted: boolean): Snapshot {
  const shown = readFileSync('fixtures/meaning/range-filter-given/before/iptables-save.txt', 'utf8');
  const open = shown
    .replace(/^(?::|-A )KUBE-FW-.*\n/gm, '')
    .replace(/^-A KUBE-PROXY-FIREWALL .*\n/m, '')
    .replace('-j KUBE-FW-', '-j KUBE-EXT-');
  const content = restricted ? shown : open;
  const ipv6 = IPV6.reduce((text, [one, other]) => text.replaceAll(one, other), content);
  return readSnapshot([
    { name: 'iptables-save.txt', content },
    { name: 'ip6tables-save.txt', content: ipv6 },
  ]);
}

describe('restrictions of both addresses of a dual-stack load balancer', () => {
  const [one, other] = [dualStack(false), dualStack(true)];

  it.each([
    ['come', 'added', diffSnapshots(one, other)],
    ['go', 'removed', diffSnapshots(other, one)],
  ])('each explain the chain of their own family where they %s', (_, how, { changes }) => {
    expect(changes.map(({ id, subject }) => [id, subject.frontends])).toEqual([
      ['nat.source-restriction-changed', ['tcp 203.0.113.60:80']],
      ['nat.source-restriction-changed', ['tcp [2001:db8:60::60]:80']],
    ]);
    const chains = changes.map(({ explains = [] }) => explains.filter(({ id }) => id === `iptables.chain.${how}`));
    expect(chains.map(({ length }) => length)).toEqual([1, 1]);
  });
});
