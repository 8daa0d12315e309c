import type { CauseDraft, Draft } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { counted, listed } from '../words.ts';

/** Where nothing differs but names of chains and an order that no packet can tell, that is one cause. */
export function withRenameOnly(drafts: readonly Draft[], { differences }: Judgement): Draft[] {
  const renamed = drafts.filter(({ id }) => id === 'iptables.chain.renamed');
  const reordered = drafts.filter(({ id }) => id === 'iptables.order.same-effect');
  const alone = renamed.length + reordered.length === drafts.length && differences.uncompared.length === 0;
  if (!alone || renamed.length === 0 || drafts.length < 2) return [...drafts];
  const names = renamed
    .map(({ subject, previousSubject }) => `${previousSubject?.name ?? ''} → ${subject.name.slice(subject.name.lastIndexOf(' ') + 1)}`)
    .sort();
  const parts = [
    `${counted(renamed.length, 'chain')} ${renamed.length === 1 ? 'has another name' : 'have other names'} (${listed(names)})`,
    ...(reordered.length === 0 ? [] : [`the rules of ${counted(reordered.length, 'chain')} stand in another order`]),
  ];
  const cause: CauseDraft = {
    id: 'cause.rename-only',
    certainty: 'proven',
    text: `only names and order differ: ${parts.join(', and ')}; every packet is treated as before`,
    details: [],
  };
  return drafts.map((draft) => ({ ...draft, cause }));
}
