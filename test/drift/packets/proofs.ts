import { diffSnapshots, type Snapshot } from '@netdrift/drift';
import { sideView } from '../../../packages/drift/src/judge/side.ts';
import { nodeKnowledge } from '../../../packages/drift/src/read/kinds/node-knowledge.ts';
import { buildModel } from '../../../packages/drift/src/state/build-model.ts';
import { isLocal } from '../../../packages/drift/src/world/local-addresses.ts';
import { toAddress } from '../../../packages/drift/src/world/values.ts';
import { refereeNode } from './model-referee.ts';
import { fatesOf } from './referee.ts';
import { falsehood, witnessesOf } from './witness-check.ts';

/** The address that stands for the node where none of its own is known. */
const NODE = '192.0.2.1';

/** Leads every packet that the report of a pair shows as proof through both sides by hand. */
export function checkProofs(before: Snapshot, after: Snapshot): { readonly proofs: number; readonly wrong: readonly unknown[] } {
  const report = diffSnapshots(before, after);
  const models = { before: buildModel(before), after: buildModel(after) };
  const wrong: unknown[] = [];
  const besides = { before: nodeKnowledge(before), after: nodeKnowledge(after) };
  const proofs = witnessesOf(report, NODE);
  for (const { packet, hook, holding, ...told } of proofs) {
    for (const side of ['before', 'after'] as const) {
      const [model, other] = side === 'before' ? [models.before, models.after] : [models.after, models.before];
      const family = packet.destination.includes(':') ? 'ipv6' : 'ipv4';
      const { addresses, ipvs } = sideView(side, model, other, besides).flowTables(family).tracer.world;
      const node = refereeNode(model, family, {
        holding,
        untracks: ipvs?.conntrack === false,
        isLocal: (address) =>
          isLocal(addresses, toAddress(address) ?? -1) === true ||
          (address === packet.destination && holding.has('the destination is an address of this node')),
      });
      const found = falsehood(told[side], fatesOf(node, packet, hook));
      if (found !== undefined) wrong.push({ side, packet, hook, holding: [...holding], ...found });
    }
  }
  return { proofs: proofs.length, wrong };
}
