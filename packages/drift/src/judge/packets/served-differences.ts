import type { ServicePath, SourceKind } from '../../proxy/service-table.ts';
import { type Fate, fatesOf, isNodeAddress } from '../../services/survival/survival-counts.ts';
import type { ServedPlace, ServedSender, Survival } from '../../services/survival/served.ts';
import { type SidedOrigin, seenAt } from '../pending-change.ts';
import { listed, percent } from '../words.ts';

/** What differs at a frontend. */
export type ServedKind =
  'lost' | 'undecided' | 'undecided before' | 'gained' | 'endpoints' | 'source' | 'hairpin' | 'refusal' | 'restriction' | 'affinity';

/** One difference at one place, for one kind of sender. */
export interface ServedDifference {
  readonly kind: ServedKind;
  readonly place: ServedPlace;
  /** Missing: of every sender. */
  readonly from?: SourceKind;
  readonly was: string;
  readonly is: string;
  /** Of a hairpin, and of another source address: whether it is replaced now. */
  readonly masqueraded?: boolean;
  readonly origins: readonly SidedOrigin[];
}

/** Addresses of the node at which node ports answer on one side alone. */
export interface MovedNodePorts {
  readonly gone: readonly ServedPlace[];
  readonly come: readonly ServedPlace[];
}

/** What is different for clients of services. */
export function servedDifferences(survival: Survival): {
  readonly differences: readonly ServedDifference[];
  readonly moved: MovedNodePorts;
} {
  const fates = fatesOf(survival);
  const nodePorts = survival.places.filter(isNodeAddress);
  const answeredBefore = new Set(nodePorts.filter(({ senders }) => senders.some(({ before }) => answers(before))).map(portKey));
  const answersAfter = new Set(nodePorts.filter(({ senders }) => senders.some(({ after }) => answers(after))).map(portKey));
  const gone: ServedPlace[] = [];
  const come: ServedPlace[] = [];
  const differences = survival.places.flatMap((place): ServedDifference[] => {
    // An address of the node without node ports on one side, while the port answers at another one there.
    const isSilent = (side: 'before' | 'after'): boolean => !place.senders.some((sender) => answers(sender[side]));
    const isLost = place.senders.some((sender) => fates.get(sender) === 'lost');
    if (
      isNodeAddress(place) &&
      !isLost &&
      isSilent('after') !== isSilent('before') &&
      answeredBefore.has(portKey(place)) &&
      answersAfter.has(portKey(place))
    ) {
      (isSilent('after') ? gone : come).push(place);
      return [];
    }
    return differencesAt(place, fates);
  });
  return { differences, moved: { gone, come } };
}

/** Whether somebody is told anything there: what drops all packets does not know of the service. */
function answers({ verdict }: ServicePath): boolean {
  return verdict !== 'passed' && verdict !== 'dropped';
}

function portKey({ protocol, address, port }: ServedPlace): string {
  return `${protocol} ${address.includes(':') ? 'ipv6' : 'ipv4'} ${port}`;
}

function differencesAt(place: ServedPlace, fates: ReadonlyMap<ServedSender, Fate>): ServedDifference[] {
  const found = place.senders.flatMap((sender): ServedDifference[] => {
    const { from, before, after, seenBefore, seenAfter } = sender;
    return kindsOf(before, after, fates.get(sender)).map((kind) => ({
      kind,
      place,
      from,
      was: pathText(before),
      is: pathText(after),
      ...(kind === 'source' && after.masqueraded !== undefined ? { masqueraded: after.masqueraded } : {}),
      origins: seenAt(seenBefore, seenAfter),
    }));
  });
  const [first] = place.senders;
  const origins = seenAt(first?.seenBefore, first?.seenAfter);
  for (const { endpoint, before, after } of place.hairpins) {
    const text = (masqueraded: boolean): string => `${endpoint} to itself: ${masqueraded ? 'masqueraded' : 'source address kept'}`;
    if (before !== after) found.push({ kind: 'hairpin', place, was: text(before), is: text(after), masqueraded: after, origins });
  }
  const { before, after } = place;
  if (before === undefined || after === undefined) return found;
  const [was, is] = [before, after].map(({ sourceRanges }) =>
    sourceRanges === undefined ? 'every source' : [...sourceRanges].sort().join(', '),
  );
  if (was !== is) found.push({ kind: 'restriction', place, was: was ?? '', is: is ?? '', origins });
  if (before.affinitySeconds !== undefined && after.affinitySeconds !== undefined && before.affinitySeconds !== after.affinitySeconds) {
    found.push({ kind: 'affinity', place, was: `${before.affinitySeconds} s`, is: `${after.affinitySeconds} s`, origins });
  }
  return found;
}

function kindsOf(before: ServicePath, after: ServicePath, fate: Fate | undefined): ServedKind[] {
  if (fate === 'lost' || fate === 'undecided') return [fate];
  if (fate === 'moved') return [];
  if (before.verdict !== 'delivered') {
    if (after.verdict === 'delivered') return [before.verdict === 'unknown' ? 'undecided before' : 'gained'];
    return before.verdict === after.verdict || before.verdict === 'unknown' || after.verdict === 'unknown' ? [] : ['refusal'];
  }
  return [
    ...(sharesOf(before) === sharesOf(after) ? [] : ['endpoints' as const]),
    ...(before.masqueraded === after.masqueraded || before.masqueraded === undefined || after.masqueraded === undefined
      ? []
      : ['source' as const]),
  ];
}

/** Shares to a thousandth: what is printed of a probability is less exact than that. */
function sharesOf({ endpoints }: ServicePath): string {
  return endpoints
    .map(({ address, share }) => `${address} ${share.toFixed(3)}`)
    .sort()
    .join(' ');
}

function pathText({ verdict, endpoints, masqueraded }: ServicePath): string {
  if (verdict !== 'delivered') return VERDICTS[verdict];
  const [first] = endpoints;
  const even = endpoints.every(({ share }) => Math.abs(share - (first?.share ?? 0)) < 0.001);
  const names = endpoints.map(({ address, share }) => (even ? address : `${address} ${percent(share)}`)).sort();
  const source = masqueraded === undefined ? '' : masqueraded ? ', masqueraded' : ', source address kept';
  return `${listed(names, 6)}${even && endpoints.length > 1 && first !== undefined ? ` (${percent(first.share)} each)` : ''}${source}`;
}

const VERDICTS: Readonly<Record<Exclude<ServicePath['verdict'], 'delivered'>, string>> = {
  refused: 'refused',
  dropped: 'dropped',
  passed: 'not taken for a service',
  unknown: 'cannot be told',
};
