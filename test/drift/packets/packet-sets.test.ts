import { diffSnapshots, type PacketConditions, type PacketSet, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { addressNumber, blockRange } from '../../../packages/drift/src/state/address-range.ts';
import { effort } from '../../support/share.ts';
import { type PlainTables, refereeNode, saveText } from './plain-rules.ts';
import { allPackets, changedTables, generator, NODE, randomTables } from './random-rules.ts';
import { fatesOf, type RefereePacket } from './referee.ts';
import { fatesText } from './witness-check.ts';

const SEED = Number(process.env['NETDRIFT_SEED'] ?? 20_261_130);
const HOOKS = ['PREROUTING', 'OUTPUT'] as const;
const PACKETS = allPackets();
const SOURCE_PORT = 40_000;

const isLocal = (address: string): boolean => address === NODE || address === '127.0.0.1';

function fates(tables: PlainTables, packet: RefereePacket, hook: (typeof HOOKS)[number]): string {
  return fatesText(fatesOf(refereeNode(tables, isLocal), packet, hook));
}

/** Whether a packet that begins a connection is in a set; undefined where that hangs on what no listing tells. */
function isIn({ hook, except, ...conditions }: PacketSet, packet: RefereePacket, at: (typeof HOOKS)[number]): boolean | undefined {
  if (hook !== at || !meets(conditions, packet) || except.some((one) => meets(one, packet))) return false;
  const supposed = (conditions.suppositions ?? []).map(({ condition, holds }) =>
    condition === 'the destination is an address of this node' ? isLocal(packet.destination) === holds : undefined,
  );
  return supposed.includes(false) ? false : supposed.includes(undefined) ? undefined : true;
}

function meets(conditions: PacketConditions, { protocol, source, destination, port }: RefereePacket): boolean {
  const { protocols, sources, destinations, sourcePorts, destinationPorts, states, icmpTypes, tcpFlags, in: arriving } = conditions;
  return (
    hasOne(protocols, (range) => range === protocol || inNumbers(range, protocol === 'tcp' ? 6 : 17)) &&
    hasOne(sources, (range) => inAddresses(range, source)) &&
    hasOne(destinations, (range) => inAddresses(range, destination)) &&
    hasOne(sourcePorts, (range) => inNumbers(range, SOURCE_PORT)) &&
    hasOne(destinationPorts, (range) => inNumbers(range, port)) &&
    hasOne(states, (state) => state === 'NEW') &&
    [icmpTypes, tcpFlags, arriving].every((one) => one === undefined)
  );
}

function hasOne(values: readonly string[] | undefined, fits: (value: string) => boolean): boolean {
  return values === undefined || values.some(fits);
}

function inNumbers(range: string, number: number): boolean {
  const [low, high = low] = range.split('-').map(Number);
  return low !== undefined && high !== undefined && low <= number && number <= high;
}

function inAddresses(range: string, address: string): boolean {
  if (range === 'this node') return address === NODE;
  const [low, high] = range.split('-');
  const [first, last] = [blockRange(low ?? ''), blockRange(high ?? low ?? '')];
  const number = addressNumber(address) as bigint;
  return first !== undefined && last !== undefined && first.low <= number && number <= last.high;
}

const diffOf = (before: string, after: string): ReturnType<typeof diffSnapshots> =>
  diffSnapshots(
    readSnapshot([{ name: 'iptables-save.txt', content: before }]),
    readSnapshot([{ name: 'iptables-save.txt', content: after }]),
  );

describe('the packets of a changed rule, as sets', () => {
  it(`hold the packets that fare otherwise, and no others (NETDRIFT_SEED=${SEED})`, () => {
    const random = generator(SEED);
    const wrong: unknown[] = [];
    const counts = { inSets: 0, whole: 0, outside: 0 };
    for (let round = 0; round < effort(250, 1500); round++) {
      const before = randomTables(random);
      const after = changedTables(random, before);
      const { changes } = diffOf(saveText(before), saveText(after));
      // Of two changes each is told by what it does where the other one is.
      const change = changes.length === 1 ? changes[0]?.packets : undefined;
      if (change === undefined) continue;
      if (change.all) counts.whole++;
      for (const packet of PACKETS) {
        for (const hook of HOOKS) {
          const isDifferent = fates(before, packet, hook) !== fates(after, packet, hook);
          const found = change.sets.map((set) => isIn(set, packet, hook));
          const isOne = found.includes(true) ? true : found.includes(undefined) ? undefined : false;
          if (isOne === true) counts.inSets++;
          if (isOne === false && isDifferent) counts.outside++;
          if ((isOne === true && !isDifferent) || (isOne === false && isDifferent && change.all))
            wrong.push({ round, packet, hook, isOne, change });
        }
      }
    }
    expect(wrong.slice(0, 2)).toEqual([]);
    expect(counts.inSets).toBeGreaterThanOrEqual(effort(400, 2_400));
    expect(counts.whole).toBeGreaterThanOrEqual(effort(20, 120));
  });

  it('are told as addresses, ports, exceptions and what no listing tells', () => {
    const filter = (...rules: readonly string[]): string =>
      ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...rules, 'COMMIT', ''].join('\n');
    const kept = [
      '-A FORWARD -s 10.1.0.0/24 -p tcp -m tcp --dport 8000:8010 -j ACCEPT',
      '-A FORWARD -i eth1 -p icmp -m icmp --icmp-type 8 -j ACCEPT',
    ];
    const { changes } = diffOf(
      filter(...kept, '-A FORWARD -s 10.0.0.0/8 -m recent --rcheck --name bad --rsource -j DROP'),
      filter(...kept),
    );
    expect(changes.flatMap(({ packets }) => packets?.sets ?? [])).toContainEqual({
      hook: 'PREROUTING',
      sources: ['10.0.0.0/8'],
      // Multicast is never forwarded to a host, and what the loopback and the node's own addresses get is not forwarded.
      destinations: ['0.0.0.0-126.255.255.255', '128.0.0.0-192.0.2.0', '192.0.2.2-223.255.255.255', '240.0.0.0/4'],
      states: ['NEW'],
      suppositions: [
        { condition: '-m recent --rcheck --name bad --rsource', holds: true },
        { condition: 'the destination is an address of this node', holds: false },
      ],
      except: [
        { protocols: ['tcp'], sources: ['10.1.0.0/24'], destinationPorts: ['8000-8010'] },
        { protocols: ['icmp'], icmpTypes: ['8'], in: ['eth1'] },
      ],
    });
  });
});
