import { readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { compare } from '../../../packages/drift/src/structure/compare.ts';
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
    ['rules', rules, 500],
    ['sets', sets, 1000],
  ])('takes time in proportion to their number: %s', (_, make, size) => {
    const comparisons = new Map<number, Comparison>();
    for (const count of [size, size * 10]) comparisons.set(count, comparisonFor(make(count, true), make(count, false)));
    expectLinear((count) => {
      const found = judgeRestrictions(comparisons.get(count) as Comparison);
      expect(found.map(({ claims = [] }) => claims.flatMap(({ explained = [] }) => explained).length)).toEqual(found.map(() => 2));
      expect(found).toHaveLength(count);
    }, size);
  });
});
