import type { NftTableDifference } from '../../structure/nft.ts';
import { isKubeProxyTable } from '../../proxy/nftables/names.ts';
import { type Draft, seenAt } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { changesMode } from '../node/served-mode.ts';
import { counted, listed } from '../words.ts';

/**
 * Tables of nft that differ. What differs in kube-proxy's is told by what becomes of connections to services; where that is nothing, and for
 * tables of other programs, it is said that they differ and that what it does to traffic was not worked out.
 */
export function judgeNftTables(judgement: Judgement): Draft[] {
  const services = changesMode(judgement) || (judgement.differences.nft.some(isOfKubeProxy) && judgement.survival().places.some(isDifferent));
  return judgement.differences.nft.filter((difference) => !(isOfKubeProxy(difference) && services)).map(draftOf);
}

function isOfKubeProxy({ before, after }: NftTableDifference): boolean {
  const entry = before ?? after;
  return entry !== undefined && isKubeProxyTable(entry);
}

function isDifferent({ senders }: ReturnType<Judgement['survival']>['places'][number]): boolean {
  return senders.some(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
}

function draftOf({ name, before, after, parts }: NftTableDifference): Draft {
  const what = before === undefined ? 'appeared' : after === undefined ? 'is gone' : `differs in ${parts.length > 6 ? counted(parts.length, 'place') : listed(parts, 6)}`;
  return {
    id: before === undefined ? 'nft.table.added' : after === undefined ? 'nft.table.removed' : 'nft.table.changed',
    severity: 'warning',
    effect: 'undecided',
    certainty: 'heuristic',
    subject: { kind: 'nft.table', name },
    ...(before === undefined ? {} : { before: { chains: before.table.chains?.length ?? 0, sets: before.table.sets?.length ?? 0 } }),
    ...(after === undefined ? {} : { after: { chains: after.table.chains?.length ?? 0, sets: after.table.sets?.length ?? 0 } }),
    text: `nft table ${name} ${what}`,
    details: [{ label: 'effect', text: 'what it does to traffic was not worked out: ask for a packet with netdrift trace' }],
    origins: seenAt(before?.originOf(before.table.span), after?.originOf(after.table.span)),
  };
}
