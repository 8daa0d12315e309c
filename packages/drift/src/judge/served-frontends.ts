import type { ServicePath, SourceKind } from '../kubernetes/service-table.ts';
import type { Detail, Effect, Severity } from '../report.ts';
import type { ServedPlace, Survival } from '../services/survival.ts';
import type { Draft } from './draft.ts';
import { listed, percent } from './words.ts';

/** What differs at a frontend, in the order of how grave it is. */
type Kind = 'lost' | 'undecided' | 'gained' | 'endpoints' | 'source' | 'refusal' | 'restriction' | 'affinity';

interface KindTraits {
  readonly id: string;
  readonly severity: Severity;
  readonly effect: Effect;
  readonly says: string;
}

const KINDS: Readonly<Record<Kind, KindTraits>> = {
  lost: { id: 'kube.frontend.lost', severity: 'critical', effect: 'lost', says: 'no longer served' },
  undecided: { id: 'kube.frontend.undecided', severity: 'critical', effect: 'undecided', says: 'served before, and it cannot be told whether it still is' },
  gained: { id: 'kube.frontend.gained', severity: 'notice', effect: 'gained', says: 'served now' },
  endpoints: { id: 'kube.frontend.endpoints-changed', severity: 'notice', effect: 'share-moved', says: 'led to other endpoints' },
  source: { id: 'kube.frontend.source-changed', severity: 'warning', effect: 'source-changed', says: 'shown to the endpoints with another source address' },
  refusal: { id: 'kube.frontend.refusal-changed', severity: 'notice', effect: 'attribute', says: 'turned away in another way' },
  restriction: { id: 'kube.frontend.restriction-changed', severity: 'warning', effect: 'attribute', says: 'open to other sources' },
  affinity: { id: 'kube.frontend.affinity-changed', severity: 'notice', effect: 'attribute', says: 'served with another session affinity' },
};

interface Difference {
  readonly kind: Kind;
  readonly place: ServedPlace;
  /** Missing: of every sender. */
  readonly from?: SourceKind;
  readonly was: string;
  readonly is: string;
}

/** What is different for clients of services, one change for each service port and kind of difference. */
export function judgeServed({ places }: Survival): Draft[] {
  const groups = new Map<string, Difference[]>();
  for (const difference of places.flatMap(differencesAt)) {
    const key = `${difference.place.service}\n${difference.kind}\n${difference.was}\n${difference.is}`;
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  const merged = new Map<string, Difference[]>();
  for (const group of groups.values()) {
    const key = `${group[0]?.place.service ?? ''}\n${group[0]?.kind ?? ''}`;
    merged.set(key, [...(merged.get(key) ?? []), ...group]);
  }
  return [...merged.values()].map(draftOf);
}

function differencesAt(place: ServedPlace): Difference[] {
  const found = place.senders.flatMap(({ from, before, after }): Difference[] => {
    const kinds = kindsOf(before, after);
    return kinds.map((kind) => ({ kind, place, from, was: pathText(before), is: pathText(after) }));
  });
  const { before, after } = place;
  if (before !== undefined && after !== undefined) {
    const [was, is] = [before, after].map(({ sourceRanges }) => (sourceRanges === undefined ? 'every source' : sourceRanges.join(', ')));
    if (was !== is) found.push({ kind: 'restriction', place, was: was ?? '', is: is ?? '' });
    if (before.affinitySeconds !== undefined && after.affinitySeconds !== undefined && before.affinitySeconds !== after.affinitySeconds) {
      found.push({ kind: 'affinity', place, was: `${before.affinitySeconds} s`, is: `${after.affinitySeconds} s` });
    }
  }
  return found;
}

function kindsOf(before: ServicePath, after: ServicePath): Kind[] {
  if (before.verdict === 'delivered' && after.verdict === 'unknown') return ['undecided'];
  if (before.verdict === 'delivered' && after.verdict !== 'delivered') return ['lost'];
  if (before.verdict !== 'delivered' && after.verdict === 'delivered') return ['gained'];
  if (before.verdict !== 'delivered') return before.verdict === after.verdict ? [] : ['refusal'];
  return [
    ...(sharesOf(before) === sharesOf(after) ? [] : ['endpoints' as const]),
    ...(before.masqueraded === after.masqueraded || before.masqueraded === undefined || after.masqueraded === undefined ? [] : ['source' as const]),
  ];
}

/** Shares to a thousandth: what is printed of a probability is less exact than that. */
function sharesOf({ endpoints }: ServicePath): string {
  return endpoints.map(({ address, share }) => `${address} ${share.toFixed(3)}`).sort().join(' ');
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
  refused: 'refused', dropped: 'dropped', passed: 'not taken for a service', unknown: 'cannot be told',
};

const SENDERS: Readonly<Record<SourceKind, string>> = { pod: 'pods', node: 'the node', outside: 'outside' };

function draftOf(differences: readonly Difference[]): Draft {
  const [first] = differences;
  if (first === undefined) throw new Error('a change has at least one difference');
  const { kind, place } = first;
  const { id, severity, effect, says } = KINDS[kind];
  const places = [...new Set(differences.map((difference) => difference.place.place))];
  const senders = [...new Set(differences.flatMap(({ from }) => from ?? []))];
  const whom = senders.length === 0 || senders.length === 3 ? '' : ` from ${listed(senders.map((from) => SENDERS[from]))}`;
  const gone = kind === 'endpoints' ? gonePart(differences) : undefined;
  return {
    id,
    severity,
    effect,
    certainty: 'proven',
    subject: { kind: 'kube.servicePort', name: place.service, frontends: places },
    before: { does: first.was },
    after: { does: first.is },
    text: `${place.service}: connections${whom} to ${listed(places)} are ${gone ?? says}`,
    details: detailsOf(differences),
    origins: [],
  };
}

/** Endpoints that came or went say more than that they differ. */
function gonePart(differences: readonly Difference[]): string | undefined {
  const endpoints = (side: 'before' | 'after'): Set<string> => new Set(differences.flatMap(({ place }) => place.senders.flatMap((sender) => sender[side].endpoints.map(({ address }) => address))));
  const [was, is] = [endpoints('before'), endpoints('after')];
  const lost = [...was].filter((address) => !is.has(address)).sort();
  const come = [...is].filter((address) => !was.has(address)).sort();
  const parts = [...(lost.length === 0 ? [] : [`no longer led to ${listed(lost)}`]), ...(come.length === 0 ? [] : [`led to ${listed(come)} now`])];
  return parts.length === 0 ? undefined : parts.join(', and ');
}

function detailsOf(differences: readonly Difference[]): Detail[] {
  const pairs = new Set(differences.map(({ was, is }) => `${was}\n${is}`));
  return [...pairs].slice(0, 3).flatMap((pair): Detail[] => {
    const [was = '', is = ''] = pair.split('\n');
    return [{ label: 'before', text: was }, { label: 'after', text: is }];
  });
}
