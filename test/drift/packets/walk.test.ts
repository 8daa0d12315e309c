import { describe, expect, it } from 'vitest';
import { readSnapshot } from '@netdrift/drift';
import { addressNumber } from '../../../packages/drift/src/state/address-range.ts';
import { buildModel } from '../../../packages/drift/src/state/build-model.ts';
import { unknownNode, worldOf } from '../../../packages/drift/src/proxy/facts/known-node.ts';
import type { IpvsService, Model } from '../../../packages/drift/src/state/model.ts';
import { flowSignature, flowsOf } from '../../../packages/drift/src/packets/flow.ts';
import { type FlowTables, flowTables as flowTablesOf } from '../../../packages/drift/src/packets/flow-tables.ts';
import type { Packet } from '../../../packages/drift/src/packets/packet.ts';
import { ipvsShares } from '../../../packages/drift/src/packets/shares.ts';

const BUILT_IN = { nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], filter: ['INPUT', 'FORWARD', 'OUTPUT'] };

/** Tables of a save with these rules; chains that rules name are declared. */
function tables(
  rules: { readonly nat?: readonly string[]; readonly filter?: readonly string[] },
  local: readonly string[] = [],
): FlowTables {
  const text = (['nat', 'filter'] as const).map((table) => {
    const lines = rules[table] ?? [];
    const chains = new Set(
      lines
        .flatMap((line) => [line.split(' ')[1] ?? '', /-[jg] ((?:KUBE|MY)-\S+)/.exec(line)?.[1] ?? ''])
        .filter((name) => name !== '' && !BUILT_IN[table].includes(name)),
    );
    return [
      `*${table}`,
      ...BUILT_IN[table].map((name) => `:${name} ACCEPT [0:0]`),
      ...[...chains].map((name) => `:${name} - [0:0]`),
      ...lines,
      'COMMIT',
      '',
    ].join('\n');
  });
  const model = buildModel(readSnapshot([{ name: 'iptables-save.txt', content: text.join('') }]));
  return flowTables(model, local);
}

function flowTables(model: Model, local: readonly string[] = []): FlowTables {
  return flowTablesOf(worldOf(model, { ...unknownNode(), nodeAddresses: local }, 'ipv4'), (name) => model.tables.get(`ipv4 ${name}`));
}

function packet(source: string, destination: string, port: number): Packet {
  return {
    protocol: 'tcp',
    protocolNumber: 6,
    source: addressNumber(source) as bigint,
    sourcePort: 40_000,
    destination: addressNumber(destination) as bigint,
    destinationPort: port,
  };
}

const signatures = (from: FlowTables, sent: Packet, hook: 'PREROUTING' | 'OUTPUT' = 'PREROUTING'): string[] =>
  flowsOf(from, sent, hook).map(flowSignature);

const CASCADE = [
  '-A PREROUTING -j KUBE-SERVICES',
  '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-A',
  '-A KUBE-SVC-A -m statistic --mode random --probability 0.20000000000 -j MY-1',
  '-A KUBE-SVC-A -m statistic --mode random --probability 0.25000000000 -j MY-2',
  '-A KUBE-SVC-A -m statistic --mode random --probability 0.33333333349 -j MY-3',
  '-A KUBE-SVC-A -m statistic --mode random --probability 0.50000000000 -j MY-4',
  '-A KUBE-SVC-A -j MY-5',
  ...[1, 2, 3, 4, 5].map((number) => `-A MY-${number} -p tcp -j DNAT --to-destination 10.244.0.${number}:80`),
];

describe('a packet through the rules', () => {
  it('is divided evenly by the cascade of probabilities that kube-proxy writes', () => {
    const [flow] = flowsOf(tables({ nat: CASCADE }), packet('10.1.1.1', '10.96.0.1', 80), 'PREROUTING');
    expect(flow?.endpoints.map(({ share }) => Math.round(share * 10_000) / 10_000)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
  });

  it('meets masquerading by the mark that an earlier chain set', () => {
    const nat = [
      '-A PREROUTING -d 10.96.0.1/32 -j KUBE-MARK-MASQ',
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
      '-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE',
    ];
    expect(signatures(tables({ nat }), packet('10.1.1.1', '10.96.0.1', 80))).toEqual(['passed true']);
    expect(signatures(tables({ nat }), packet('10.1.1.1', '10.96.0.2', 80))).toEqual(['passed false']);
  });

  it('comes back from a jump and not from a go-to', () => {
    const after = (jump: string): string[] =>
      signatures(
        tables({ filter: [`-A FORWARD ${jump} MY-CHAIN`, '-A FORWARD -j DROP', '-A MY-CHAIN -p udp -j ACCEPT'] }),
        packet('10.1.1.1', '10.2.2.2', 80),
      );
    expect(after('-j')).toEqual(['dropped -']);
    expect(after('-g')).toEqual(['passed false']);
  });

  it('goes to INPUT for an address of the node and to FORWARD for others', () => {
    const filter = ['-A INPUT -j REJECT --reject-with icmp-port-unreachable', '-A FORWARD -j DROP'];
    expect(signatures(tables({ filter }, ['10.2.2.2']), packet('10.1.1.1', '10.2.2.2', 80))).toEqual(['refused -']);
    expect(signatures(tables({ filter }), packet('10.1.1.1', '10.2.2.2', 80))).toEqual(['dropped -']);
  });

  it('keeps the port that a DNAT does not name, and goes to INPUT where a translation leads to the node', () => {
    const nat = [
      '-A PREROUTING -d 10.2.2.2/32 -p tcp -j DNAT --to-destination 10.3.3.3',
      '-A PREROUTING -d 10.2.2.3/32 -p tcp -j REDIRECT --to-ports 8080',
      '-A PREROUTING -d 10.2.2.4/32 -p tcp -j DNAT --to-destination 10.9.9.9:81',
    ];
    const filter = ['-A INPUT -p tcp -m tcp --dport 81 -j DROP', '-A FORWARD -d 10.9.9.9/32 -j REJECT'];
    const to = (destination: string): string[] => signatures(tables({ nat, filter }, ['10.9.9.9']), packet('10.1.1.1', destination, 80));
    expect([to('10.2.2.2'), to('10.2.2.3'), to('10.2.2.4')]).toEqual([
      ['delivered false 10.3.3.3:80 1.000'],
      ['delivered false this node:8080 1.000'],
      ['dropped -'],
    ]);
  });

  it('has one fate for each part that chance divides it into', () => {
    const nat = [
      '-A PREROUTING -m statistic --mode random --probability 0.25000000000 -j DNAT --to-destination 10.3.3.3:80',
      '-A PREROUTING -j DNAT --to-destination 10.3.3.4:80',
      '-A POSTROUTING -d 10.3.3.4/32 -j MASQUERADE',
    ];
    const filter = ['-A FORWARD -d 10.3.3.3/32 -j DROP'];
    expect(signatures(tables({ nat }), packet('10.1.1.1', '10.2.2.2', 80))).toEqual([
      'delivered true 10.3.3.3:80 0.2500 false 10.3.3.4:80 0.7500 true',
    ]);
    expect(signatures(tables({ nat, filter }), packet('10.1.1.1', '10.2.2.2', 80))).toEqual([
      'delivered true 10.3.3.4:80 0.7500 dropped 0.2500',
    ]);
  });

  it('takes both ways where a condition cannot be decided, the one without it first', () => {
    const flows = flowsOf(tables({ filter: ['-A FORWARD -i eth0 -j DROP'] }), packet('10.1.1.1', '10.2.2.2', 80), 'PREROUTING');
    const asks = { kind: 'interface', side: 'in', name: 'eth0' };
    expect(flows.map(({ verdict, suppositions }) => [verdict, suppositions])).toEqual([
      ['passed', [{ condition: '-i eth0', asks, holds: false }]],
      ['dropped', [{ condition: '-i eth0', asks, holds: true }]],
    ]);
  });

  it('supposes the same of one condition everywhere on one way', () => {
    const flows = flowsOf(
      tables({
        filter: [
          '-A FORWARD -i eth0 -j MY-CHAIN',
          '-A MY-CHAIN ! -i eth0 -j DROP',
          '-A MY-CHAIN -i eth0 -j ACCEPT',
          '-A FORWARD -i eth0 -j DROP',
        ],
      }),
      packet('10.1.1.1', '10.2.2.2', 80),
      'PREROUTING',
    );
    expect(flows.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
  });

  it('is unknown where a chain is missing, unless it is one that only marks', () => {
    const column = 'target     prot opt source               destination         \n';
    const rules =
      'MY-CHAIN   tcp  --  0.0.0.0/0            10.96.0.1            tcp dpt:80\nKUBE-MARK-MASQ  tcp  --  0.0.0.0/0            10.96.0.2            tcp dpt:80\n';
    const listing = `Chain PREROUTING (policy ACCEPT)\n${column}${rules}\nChain OUTPUT (policy ACCEPT)\n${column}\nChain POSTROUTING (policy ACCEPT)\n${column}`;
    const from = flowTables(buildModel(readSnapshot([{ name: 'nat.txt', content: listing }])));
    expect(flowsOf(from, packet('10.1.1.1', '10.96.0.1', 80), 'PREROUTING').map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['unknown', 'chain MY-CHAIN is not listed'],
    ]);
    const { outcomes, conditions } = from.tracer.trace({
      protocol: 6,
      source: 1,
      destination: 0x0a60_0002,
      sourcePort: 40_000,
      destinationPort: 80,
      own: false,
    });
    expect(outcomes.map(({ verdict, mark }) => [verdict, mark])).toEqual([['leaves', 0x4000]]);
    expect(conditions.map(({ about, text }) => [about, text])).toEqual([
      ['chain', 'KUBE-MARK-MASQ'],
      ['address', '10.96.0.2'],
    ]);
  });

  it('ends on chains that jump in a circle', () => {
    const from = tables({ filter: ['-A FORWARD -j MY-A', '-A MY-A -j MY-B', '-A MY-B -j MY-A'] });
    expect(flowsOf(from, packet('10.1.1.1', '10.2.2.2', 80), 'PREROUTING').map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['unknown', 'chain MY-A jumps back to itself'],
    ]);
  });
});

describe('shares of a virtual service', () => {
  const service = (scheduler: string, weights: readonly number[]): IpvsService => ({
    key: 'tcp 10.0.0.1:80',
    family: 'ipv4',
    scheduler,
    showsPersistence: true,
    destinations: new Map(
      weights.map((weight, index) => [
        `10.1.0.${index}:80`,
        { key: `10.1.0.${index}:80`, address: `10.1.0.${index}`, port: 80, weight, origin: { part: 0, lines: [1, 1] } },
      ]),
    ),
    origin: { part: 0, lines: [1, 1] },
  });
  const shares = (scheduler: string, weights: readonly number[]): number[] =>
    ipvsShares(service(scheduler, weights)).map(({ share }) => share);

  it.each([
    ['rr', [1, 5, 1], [1 / 3, 1 / 3, 1 / 3]],
    ['lc', [2, 1], [0.5, 0.5]],
    ['wrr', [1, 3], [0.25, 0.75]],
    ['wlc', [1, 0], [1, 0]],
    ['rr', [1, 0], [1, 0]],
    ['fo', [1, 9, 5], [0, 1, 0]],
    ['ovf', [1, 9, 5], [0, 1, 0]],
    ['sh', [1, 0], [0.5, 0]],
    ['dh', [5, 1], [0.5, 0.5]],
    ['lblc', [5, 1], [0.5, 0.5]],
    ['rr', [0, 0], [0, 0]],
  ])('%s with weights %j gives %j', (scheduler, weights, expected) => {
    expect(shares(scheduler, weights)).toEqual(expected);
  });
});
