import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { addressNumber } from '../../../packages/drift/src/state/address-range.ts';
import { buildModel } from '../../../packages/drift/src/state/build-model.ts';
import { type Flow, flowsOf } from '../../../packages/drift/src/packets/flow.ts';
import { type FlowTables, flowTables } from '../../../packages/drift/src/packets/flow-tables.ts';
import { unknownNode, worldOf } from '../../../packages/drift/src/proxy/facts/known-node.ts';
import type { Packet } from '../../../packages/drift/src/packets/packet.ts';
import { type PlainTables, refereeNode, saveText } from './plain-rules.ts';
import { allPackets, changedTables, generator, NODE, randomTables } from './random-rules.ts';
import { type Fates, fatesOf, type RefereePacket } from './referee.ts';
import { effort } from '../../support/share.ts';
import { falsehood, fatesText, witnessesOf } from './witness-check.ts';

const SEED = Number(process.env['NETDRIFT_SEED'] ?? 20_261_123);
const LOCAL = new Set([NODE, '127.0.0.1']);
const HOOKS = ['PREROUTING', 'OUTPUT'] as const;
const PACKETS = allPackets();

const snapshotOf = (tables: PlainTables): ReturnType<typeof readSnapshot> =>
  readSnapshot([{ name: 'iptables-save.txt', content: saveText(tables) }]);

function flowTablesOf(tables: PlainTables): FlowTables {
  const model = buildModel(snapshotOf(tables));
  return flowTables(worldOf(model, { ...unknownNode(), nodeAddresses: [NODE] }, 'ipv4'), (name) => model.tables.get(`ipv4 ${name}`));
}

/** What becomes of a packet, asked without parser, model and engine. */
function byHand(tables: PlainTables, packet: RefereePacket, hook: (typeof HOOKS)[number], holding: ReadonlySet<string> = new Set()): Fates {
  const own = holding.has('the destination is an address of this node') ? packet.destination : undefined;
  return fatesOf(
    refereeNode(tables, (address) => LOCAL.has(address) || address === own),
    packet,
    hook,
  );
}

function packetOf({ protocol, source, destination, port }: RefereePacket): Packet {
  return {
    protocol,
    protocolNumber: protocol === 'tcp' ? 6 : 17,
    source: addressNumber(source) as bigint,
    sourcePort: 40_000,
    destination: addressNumber(destination) as bigint,
    destinationPort: port,
  };
}

describe(`rules made by chance (NETDRIFT_SEED=${SEED})`, () => {
  it('lead every packet where a walk by hand leads it', () => {
    const random = generator(SEED);
    const wrong: unknown[] = [];
    let asked = 0;
    for (let round = 0; round < 100; round++) {
      const tables = randomTables(random);
      const read = flowTablesOf(tables);
      for (const packet of PACKETS) {
        for (const hook of HOOKS) {
          const flows = flowsOf(read, packetOf(packet), hook);
          asked++;
          const found = falsehood(flows[0] as Flow, byHand(tables, packet, hook));
          if (found !== undefined || flows.length > 1) wrong.push({ round, packet, hook, ...found });
        }
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(asked).toBeGreaterThanOrEqual(10_000);
  });

  it('that are said to be equal for all packets are so by hand, and packets shown as proof are treated as shown', () => {
    const random = generator(SEED + 1);
    const wrong: unknown[] = [];
    const counts = { equal: 0, witnesses: 0, packets: 0 };
    for (let round = 0; round < effort(150, 600); round++) {
      const before = randomTables(random);
      const after = random(4) === 0 ? changedTables(random, changedTables(random, before)) : changedTables(random, before);
      const report = diffSnapshots(snapshotOf(before), snapshotOf(after));
      const ids = report.changes.map(({ id, severity, text: sentence }) => `${severity} ${id}: ${sentence}`);
      if (report.verdict === 'no-change' || report.verdict === 'no-effect') {
        counts.equal++;
        for (const packet of PACKETS) {
          for (const hook of HOOKS) {
            counts.packets++;
            const [one, other] = [before, after].map((tables) => fatesText(byHand(tables, packet, hook)));
            if (one !== other) wrong.push({ round, packet, hook, before: one, after: other, ids });
          }
        }
      }
      for (const { packet, hook, before: was, after: is, holding } of witnessesOf(report, NODE)) {
        counts.witnesses++;
        const falsehoods = [falsehood(was, byHand(before, packet, hook, holding)), falsehood(is, byHand(after, packet, hook, holding))];
        if (falsehoods.some((one) => one !== undefined)) wrong.push({ round, packet, hook, falsehoods, ids });
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(counts.equal).toBeGreaterThanOrEqual(effort(12, 50));
    expect(counts.witnesses).toBeGreaterThanOrEqual(effort(5, 20));
    expect(counts.packets).toBeGreaterThanOrEqual(effort(2_500, 10_000));
  });
});
