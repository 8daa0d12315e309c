import { changesOf, type Story, withChanges } from '../claims.ts';
import type { PendingCause } from '../pending-change.ts';
import { chainSubject } from '../rules/rule-places.ts';
import type { Comparison } from '../comparison.ts';
import { counted, listed } from '../words.ts';
import type { CauseKind, CauseRule } from '../rule.ts';

const RENAME_CAUSES = [
  { id: 'cause.rename-only', title: 'only names differ', why: 'the names of chains and an order without effect' },
] as const satisfies readonly CauseKind[];

export const renameOnly: CauseRule = { causes: RENAME_CAUSES, explain: withRenameOnly };

/** Where nothing differs but names of chains and an order that no packet can tell, that is one cause. */
function withRenameOnly(stories: readonly Story[], { differences }: Comparison): readonly Story[] {
  const changes = changesOf(stories);
  const renamed = changes.filter(({ id, effect }) => id === 'iptables.chain.renamed' && effect === 'none');
  const reordered = changes.filter(({ id }) => id === 'iptables.order.same-effect');
  const alone = renamed.length + reordered.length === changes.length && differences.uncompared.length === 0;
  if (!alone || renamed.length === 0 || changes.length < 2) return stories;
  const names = differences.tables
    .flatMap((table) => table.renamed.map(({ before, after }) => `${chainSubject(table, before).name} → ${after.name}`))
    .sort();
  const parts = [
    `${counted(renamed.length, 'chain')} ${renamed.length === 1 ? 'has another name' : 'have other names'} (${listed(names)})`,
    ...(reordered.length === 0 ? [] : [`the rules of ${counted(reordered.length, 'chain')} stand in another order`]),
  ];
  const cause: PendingCause = {
    id: 'cause.rename-only',
    certainty: 'proven',
    text: `only names and order differ: ${parts.join(', and ')}; every packet is treated as before`,
    details: [],
  };
  return withChanges(stories, new Map(changes.map((change) => [change, { ...change, cause }])));
}
