import type { Comparison } from '../comparison.ts';
import { joined, type Story, withDetails } from '../claims.ts';
import type { PendingChange } from '../pending-change.ts';
import { inOneMode } from '../node/served-mode.ts';
import type { CauseRule } from '../rule.ts';
import { changesSharedChainsAlone } from '../rules/nft-effect.ts';
import { isOfKubeProxy } from '../rules/nft-tables.ts';

export const sharedNftChains: CauseRule = { explain: withSharedChains };

/**
 * Where chains of kube-proxy that all services share are all that differs, as the one that sets the mark or the one that masquerades, what
 * becomes of source addresses has one cause: the table where it does something to others too, else what most see, tells the rest.
 */
function withSharedChains(stories: readonly Story[], comparison: Comparison): readonly Story[] {
  const { nft, tables } = comparison.differences;
  const isAlone = nft.length > 0 && tables.length === 0 && nft.every((one) => isOfKubeProxy(one) && changesSharedChainsAlone(one));
  if (!isAlone || !inOneMode(comparison)) return stories;
  const same = stories.filter(({ change }) => change.cause === undefined && isOfSources(change));
  const worst = same.filter(({ change }) => change.severity === 'critical');
  const candidates = worst.length > 0 ? worst : same;
  const teller = candidates.find(({ change }) => change.subject.kind === 'nft.table') ?? candidates[0];
  const others = same.filter((story) => story !== teller);
  if (teller === undefined || others.length === 0) return stories;
  const told = joined(
    withDetails(
      teller,
      others.map(({ change: { text } }) => ({ label: 'also', text })),
    ),
    others,
  );
  return stories.filter((story) => !others.includes(story)).map((story) => (story === teller ? told : story));
}

/** What connections and endpoints are shown of a source address. */
function isOfSources({ id, effect }: PendingChange): boolean {
  return (
    id === 'kube.frontend.source-changed' ||
    id === 'kube.frontend.hairpin-changed' ||
    (id === 'nft.table.changed' && effect === 'source-changed')
  );
}
