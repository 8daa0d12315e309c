import type { BaseChain } from '../world/ir.ts';
import { listed } from '../common/listed.ts';
import type { Outcome } from './outcome.ts';
import type { Trace } from './traced.ts';
import type { Hop } from './traveller.ts';

/**
 * A trace, where the same comes out with the base chains of other tables first; else one that is undecided, because no listing tells which
 * of them comes first.
 */
export function inBothOrders(one: Trace, other: Trace, ties: readonly (readonly BaseChain[])[]): Trace {
  if (signature(one) === signature(other)) return one;
  const [first, second] = [one, other].map(({ outcomes: [outcome] }) => outcome?.hops ?? []) as [readonly Hop[], readonly Hop[]];
  const at = first.findIndex((hop, index) => !isSame(hop, second[index]));
  const common = first.slice(0, at < 0 ? first.length : at);
  const parting = first[at] ?? second[common.length];
  const atHook = ties.filter(([chain]) => chain?.hook === parting?.hook);
  const tied = atHook.find((chains) => chains.some(({ table }) => table === parting?.rule?.table)) ?? atHook[0] ?? ties[0] ?? [];
  const names = tied.map(({ table, chain }) => `${table} ${chain.name}`);
  const outcome: Outcome = {
    share: 1,
    verdict: 'unknown',
    reason: `it depends on which of ${listed(names, names.length)} comes first: they have the same priority, and no listing tells`,
    source: 'unknown',
    mark: one.packet.mark ?? 0,
    hops: common,
    conditions: one.conditions,
  };
  return { packet: one.packet, outcomes: [outcome], conditions: one.conditions };
}

function isSame(one: Hop, other: Hop | undefined): boolean {
  const [rule, partner] = [one.rule, other?.rule];
  if (one.hook !== other?.hook || one.service !== other.service) return false;
  return rule?.table === partner?.table && rule?.chain === partner?.chain && rule?.number === partner?.number;
}

/** What becomes of the packet, whatever way it took. */
function signature({ outcomes }: Trace): string {
  const shares = new Map<string, number>();
  for (const { verdict, endpoint, source, service, with: told, share } of outcomes) {
    const key = [verdict, endpoint?.text, source, service?.key, told].join(' ');
    shares.set(key, (shares.get(key) ?? 0) + share);
  }
  return [...shares]
    .map(([key, share]) => `${key} ${share.toFixed(6)}`)
    .sort()
    .join('\n');
}
