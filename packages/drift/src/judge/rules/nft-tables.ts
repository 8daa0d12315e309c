import type { Table } from '@netdrift/nftables';
import { answerTo } from '../../packets/space/compare-worlds.ts';
import { EVERYTHING } from '../../packets/space/sets/box.ts';
import { exceptedSources } from '../../proxy/nftables/nft-endpoints.ts';
import { isKubeProxyTable } from '../../proxy/nftables/names.ts';
import type { Detail } from '../../report.ts';
import type { NftTableDifference } from '../../differences/nft.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { changesMode } from '../node/served-mode.ts';
import { flowsOf, ordinary, someOf } from '../packets/exact-points.ts';
import { counted, listed, provenBy, witnessDetails } from '../words.ts';
import { type ChangeKind, type ChangeRule, each } from '../rule.ts';
import { changesSharedChains, nftEffect } from './nft-effect.ts';
import { suppositionDetails } from './supposition-words.ts';

const NFT_CHANGES = [
  {
    id: 'nft.table.added',
    severity: 'by effect',
    title: 'a table of nft appeared',
    why: 'its chains handle packets too',
    mirror: 'nft.table.removed',
  },
  {
    id: 'nft.table.removed',
    severity: 'by effect',
    title: 'a table of nft is gone',
    why: 'its rules no longer have any effect',
    mirror: 'nft.table.added',
  },
  {
    id: 'nft.table.changed',
    severity: 'by effect',
    title: 'chains or sets of an nft table changed',
    why: 'packets that reach them may be treated differently',
  },
] as const satisfies readonly ChangeKind[];

export const nftTables: ChangeRule = { kinds: NFT_CHANGES, find: each(judgeNftTables) };

/**
 * Tables of nft that differ. What differs in kube-proxy's is told by what becomes of connections to services; where that is nothing, and
 * for tables of other programs, both sides are compared for all packets, as far as nothing else differs between them.
 */
function judgeNftTables(comparison: Comparison): PendingChange[] {
  const { nft } = comparison.differences;
  const services = changesMode(comparison) || (nft.some(isOfKubeProxy) && comparison.survival().places.some(isDifferent));
  return nft.flatMap((difference) => {
    if (!isOfKubeProxy(difference) || !services) return [changeOf(difference, effectOf(difference, comparison))];
    // What becomes of services is told; chains that all packets meet may do something to others too.
    const { effect, ...others } =
      changesMode(comparison) || !changesSharedChains(difference) ? NO_EFFECT : effectOf(difference, comparison, true);
    // Where nothing is masqueraded any more, that is told of the services.
    const isTold = effect === 'none' || others.certainty !== 'proven' || (effect === 'source-changed' && masqueradesOnOneSide(comparison));
    return isTold ? [] : [changeOf(difference, { effect, ...others })];
  });
}

/** Whether connections to services are masqueraded on one side alone. */
function masqueradesOnOneSide(comparison: Comparison): boolean {
  const senders = comparison.survival().places.flatMap((place) => place.senders);
  return senders.some(({ before }) => before.masqueraded === true) !== senders.some(({ after }) => after.masqueraded === true);
}

/** Whether it is a table that kube-proxy writes. */
export function isOfKubeProxy({ before, after }: NftTableDifference): boolean {
  const entry = before ?? after;
  return entry !== undefined && isKubeProxyTable(entry);
}

function isDifferent({ senders, hairpins }: ReturnType<Comparison['survival']>['places'][number]): boolean {
  return hairpins.length > 0 || senders.some(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
}

type TableEffect = Pick<PendingChange, 'severity' | 'effect' | 'certainty' | 'details' | 'witness'> & { readonly text?: string };

const NOT_WORKED_OUT: TableEffect = {
  severity: 'warning',
  effect: 'undecided',
  certainty: 'heuristic',
  details: [{ label: 'effect', text: 'what it does to traffic was not worked out: ask for a packet with netdrift trace' }],
};

/** Of kube-proxy's tables: another version lays them out in another way. */
const NOTHING_FOUND: TableEffect = {
  ...NOT_WORKED_OUT,
  severity: 'notice',
  details: [
    { label: 'effect', text: 'connections to services from pods, the node and outside are handled as before' },
    { label: 'also', text: 'nothing was found that is handled otherwise, and not all packets could be looked at' },
  ],
};

const NO_EFFECT: TableEffect = {
  severity: 'none',
  effect: 'none',
  certainty: 'proven',
  details: [{ label: 'effect', text: 'no effect on traffic' }],
};

/** Larger tables are not compared for all packets: it takes too long. */
const MOST_RULES = 5000;

/** What the tables that differ do to packets, or to those to no service; it is laid to them where they are all that differs. */
function effectOf({ before, after }: NftTableDifference, comparison: Comparison, ofOthers = false): TableEffect {
  const shown = [before, after].flatMap((entry) => entry?.table ?? []);
  // Where no chain is listed that a hook leads to, those that do are not shown.
  if (shown.some(({ chains = [] }) => chains.every(({ hook }) => hook === undefined))) return NOT_WORKED_OUT;
  if (differsElsewhere(comparison) || shown.some((table) => rulesIn(table) > MOST_RULES)) return NOT_WORKED_OUT;
  const isOf = (table: Table, family: 'ipv4' | 'ipv6'): boolean => ['inet', family === 'ipv4' ? 'ip' : 'ip6'].includes(table.family);
  const families = (['ipv4', 'ipv6'] as const).filter((family) => shown.some((table) => isOf(table, family)));
  const answers = families.map((family) => {
    const space = comparison.space(family);
    return { space, answer: answerTo({ boxes: [EVERYTHING] }, space) };
  });
  if (families.length > 0 && answers.every(({ answer }) => answer.kind === 'equal')) return NO_EFFECT;
  const flows = answers.flatMap(({ space, answer }) =>
    answer.kind === 'different' ? ordinary(flowsOf(someOf(answer.regions), [], space, comparison), space, comparison) : [],
  );
  const found = nftEffect(flows, comparison, ofOthers);
  if (found !== undefined) {
    const { proof, ...told } = found;
    const names = shown.map(({ family, name }) => `${family} ${name}`);
    return {
      ...told,
      certainty: proof.onlyIf.length === 0 ? 'proven' : 'conditional',
      details: [...settingDetails(shown), ...witnessDetails(proof, names), ...told.details, ...suppositionDetails(proof.onlyIf)],
      ...provenBy(proof),
    };
  }
  return [before, after].every((entry) => entry !== undefined && isKubeProxyTable(entry)) ? NOTHING_FOUND : NOT_WORKED_OUT;
}

function differsElsewhere({ differences: { tables, sets, ipvs, interfaces } }: Comparison): boolean {
  const lists = [tables, interfaces, ...[sets, ipvs].flatMap((one) => (one === undefined ? [] : [one.added, one.removed, one.changed]))];
  return lists.some((list) => list.length > 0);
}

function rulesIn({ chains = [] }: Table): number {
  return chains.reduce((sum, { rules = [] }) => sum + rules.length, 0);
}

/** Which sources are not masqueraded is a setting of kube-proxy's. */
function settingDetails([before, after]: readonly Table[]): Detail[] {
  const [was, is] = [before, after].map((table) => (table === undefined ? '' : exceptedSources(table).sort().join(', ')));
  return was === is || was === '' || is === '' ? [] : [{ label: 'because', text: `cluster-cidr changed from ${was ?? ''} to ${is ?? ''}` }];
}

function changeOf(difference: NftTableDifference, { text, ...effect }: TableEffect): PendingChange {
  const { name, before, after } = difference;
  return {
    id: before === undefined ? 'nft.table.added' : after === undefined ? 'nft.table.removed' : 'nft.table.changed',
    subject: { kind: 'nft.table', name },
    ...(before === undefined ? {} : { before: { chains: before.table.chains?.length ?? 0, sets: before.table.sets?.length ?? 0 } }),
    ...(after === undefined ? {} : { after: { chains: after.table.chains?.length ?? 0, sets: after.table.sets?.length ?? 0 } }),
    text: `${whatHappenedTo(difference)}${text === undefined ? '' : `; ${text}`}`,
    origins: seenAt(before?.originOf(before.table.span), after?.originOf(after.table.span)),
    ...effect,
  };
}

/** `nft table inet guard appeared` */
export function whatHappenedTo({ name, before, after, parts }: NftTableDifference): string {
  const differs = parts.length > 6 ? counted(parts.length, 'place') : listed(parts, 6);
  return `nft table ${name} ${before === undefined ? 'appeared' : after === undefined ? 'is gone' : `differs in ${differs}`}`;
}
