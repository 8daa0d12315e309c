import { readFileSync } from 'node:fs';
import { checkSnapshot, diffSnapshots, type PacketQuestion, parsePacketQuestion, readSnapshot, traceSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { nodeKnowledge } from '../../packages/drift/src/read/kinds/node-knowledge.ts';
import { routedText, routingOf } from '../../packages/drift/src/proxy/facts/routing-of.ts';
import { routed, type Routing } from '../../packages/drift/src/world/routing.ts';
import { toAddress } from '../../packages/drift/src/world/values.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/routes/${name}`, import.meta.url), 'utf8');
const [ROUTES, RULES, TABLES] = [fixture('ip-route.txt'), fixture('ip-rule.txt'), fixture('iptables-save.txt')];

const files = (routes: string, rules = RULES): { name: string; content: string }[] => [
  { name: 'iptables-save.txt', content: TABLES },
  { name: 'ip-route.txt', content: routes },
  ...(rules === '' ? [] : [{ name: 'ip-rule.txt', content: rules }]),
];
const node = (routes = ROUTES, rules = RULES): ReturnType<typeof readSnapshot> => readSnapshot(files(routes, rules));
const routing = (routes = ROUTES, rules = RULES): Routing => routingOf(nodeKnowledge(node(routes, rules)), 'ipv4') as Routing;
const wayTo = (address: string, mark = 0, known = routing()): string | undefined => {
  const way = routed(known, toAddress(address) ?? 0, mark);
  return way && routedText(way);
};
const without = (start: string): string =>
  ROUTES.split('\n')
    .filter((line) => !line.startsWith(start))
    .join('\n');

describe('the way of a packet by ip route and ip rule', () => {
  it('is that of the kernel (ip route get)', () => {
    // The words of the kernel, and ours.
    const KERNEL: Readonly<Record<string, string>> = {
      'RTNETLINK answers: Invalid argument': 'nowhere: their route is blackhole',
      'RTNETLINK answers: No route to host': 'nowhere: their route is unreachable',
      'RTNETLINK answers: Permission denied': 'nowhere: their route is prohibit',
    };
    const ways = fixture('ways.txt').trim().split('\n');
    expect(ways).toHaveLength(8);
    for (const line of ways) {
      const [asked = '', answer = ''] = [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)];
      const [, local, address, , via, device] = /^(local )?(\S+) (via (\S+) )?dev (\S+) /.exec(answer) ?? [];
      const expected =
        KERNEL[answer] ?? (local === undefined ? `by ${device ?? ''}${via === undefined ? '' : ` to ${via}`}` : 'to this node');
      const marked = asked === 'marked';
      expect(`${asked}: ${wayTo(marked ? (address ?? '') : asked, marked ? 1 : 0) ?? '?'}`).toBe(`${asked}: ${expected}`);
    }
  });

  it('is not known where a rule asks for more than a mark, or a table was not shown', () => {
    const more = RULES.replace('32766:', '1000:\tfrom 10.244.0.0/16 lookup 100\n32766:');
    expect(wayTo('10.244.2.5', 0, routing(ROUTES, more))).toBeUndefined();
    const main = fixture('ip-route.txt')
      .split('\n')
      .filter((line) => !line.includes('table'))
      .join('\n');
    expect(wayTo('10.244.2.5', 1, routing(main))).toBeUndefined();
    expect(wayTo('10.244.2.5', 0, routing(main))).toBe('by flannel.1');
  });

  it('is nowhere only where every table was shown', () => {
    const part = (lines: string): string =>
      lines
        .split('\n')
        .filter((line) => !line.includes('table') && !line.startsWith('default'))
        .join('\n');
    expect(wayTo('203.0.113.9', 0, routing(part(ROUTES)))).toBeUndefined();
    expect(wayTo('203.0.113.9', 0, routing(without('default')))).toBe('nowhere: there is no route');
  });
});

describe('what routes do to packets', () => {
  const verdicts = (snapshot: ReturnType<typeof node>, packet: string, from?: 'node'): string[] =>
    traceSnapshot(snapshot, parsePacketQuestion(packet) as PacketQuestion, from === undefined ? {} : { from }).traces.flatMap(
      ({ outcomes }) =>
        outcomes.map(
          ({ verdict, reason = '', path }) =>
            `${verdict} ${reason} ${path
              .filter((step) => 'chain' in step && step.chain === 'FORWARD')
              .map((step) => ('rule' in step ? step.rule : ''))
              .join()}`,
        ),
    );

  it('decides -o of rules', () => {
    // FORWARD#1 accepts what leaves by flannel.1, FORWARD#2 drops what leaves by eth0.
    expect(verdicts(node(), 'tcp 203.0.113.9 -> 10.244.2.5:80')).toEqual(['leaves  1']);
    expect(verdicts(node(), 'tcp 203.0.113.9 -> 198.51.100.77:80')).toEqual(['dropped  2']);
    expect(verdicts(node(), 'tcp 203.0.113.9 -> 10.244.1.7:80')).toEqual(['leaves  0']);
  });

  it('ends packets without a way, and those of the node before any rule', () => {
    expect(verdicts(node(), 'tcp 203.0.113.9 -> 10.244.4.5:80')).toEqual(['refused its route is unreachable ']);
    expect(verdicts(node(), 'tcp 203.0.113.9 -> 10.244.3.5:80')).toEqual(['dropped its route is blackhole ']);
    expect(verdicts(node(without('default')), 'tcp 10.96.0.20:80', 'node')).toEqual(['refused there is no route to it ']);
  });

  it('tells an endpoint that lost its way as lost, and one that got another way as such', () => {
    const told = (after: string): string[] => diffSnapshots(node(), node(after)).changes.map(({ severity, text }) => `${severity} ${text}`);
    expect(told(ROUTES)).toEqual([]);
    expect(told(ROUTES.replace('10.244.2.0/24 dev flannel.1 scope link linkdown', 'blackhole 10.244.2.0/24'))).toEqual([
      'critical packets to endpoint 10.244.2.5 go nowhere: their route is blackhole; they went by flannel.1',
    ]);
    expect(told(without('10.244.2.0'))).toEqual([
      'warning packets to endpoint 10.244.2.5 go by eth0 to 192.168.10.1; they went by flannel.1',
    ]);
    expect(told(without('default'))).toEqual([
      'critical packets to addresses outside of the cluster go nowhere: there is no route; they went by eth0 to 192.168.10.1',
    ]);
  });

  it('says that it takes the rules of the kernel where ip rule was not given', () => {
    const [change] = diffSnapshots(node(ROUTES, ''), node(without('10.244.2.0'), '')).changes;
    expect(change?.certainty).toBe('assumed');
    expect(change?.details).toContainEqual({
      label: 'if',
      text: 'tables of routes are asked as a kernel does when it starts (ip rule was not given)',
    });
  });

  it('finds endpoints without a way in one snapshot', () => {
    const found = (routes: string): string[] =>
      checkSnapshot(node(routes))
        .findings.filter(({ id }) => id === 'lint.node.no-route')
        .map(({ text }) => text);
    expect(found(ROUTES)).toEqual([]);
    expect(found(ROUTES.replace('10.244.2.0/24 dev flannel.1 scope link linkdown', 'prohibit 10.244.2.0/24'))).toEqual([
      'packets to endpoint 10.244.2.5 go nowhere: their route is prohibit; connections that services send there fail',
    ]);
  });
});
