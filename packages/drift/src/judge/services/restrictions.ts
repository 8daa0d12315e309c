import { CHAIN, SET } from '../../proxy/names/fixed-names.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import { type Frontend, frontendFamily, frontendLabel } from '../../services/frontends.ts';
import { setName } from '../../proxy/names/set-catalogue.ts';
import { sourceRestrictions, type SourceRestriction } from '../../services/source-ranges.ts';
import { addressText, blockRange } from '../../state/address-range.ts';
import { endpointText } from '../../state/ipvs-table.ts';
import type { Detail } from '../../report.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { type Found, joined, type Story, withDetails } from '../claims.ts';
import { changesMode, hasProxyTable } from '../node/served-mode.ts';
import type { SideView } from '../side.ts';
import { listed } from '../words.ts';
import type { CauseRule, ChangeKind, ChangeRule } from '../rule.ts';
import { claimsOfRestriction, type RestrictionIndex, restrictionIndex } from './restriction-claims.ts';

const RESTRICTION_CHANGES = [
  {
    id: 'nat.source-restriction-changed',
    severity: 'warning',
    title: 'the allowed source ranges changed',
    why: 'clients are shut out, or let in',
  },
] as const satisfies readonly ChangeKind[];

export const restrictions: ChangeRule = { kinds: RESTRICTION_CHANGES, find: judgeRestrictions };

export const restrictedServices: CauseRule = { explain: withRestrictedServices };

/** Changes of the source ranges that load-balancer addresses take connections from. */
export function judgeRestrictions(comparison: Comparison): Found[] {
  // What nft restricts is told by what becomes of connections.
  if (changesMode(comparison) && [comparison.before, comparison.after].some(hasProxyTable)) return [];
  const before = sourceRestrictions(comparison.before.model);
  const after = sourceRestrictions(comparison.after.model);
  if (before.size + after.size === 0) return [];
  const index = restrictionIndex(comparison);
  const found: Found[] = [];
  for (const [key, was] of before) {
    const is = after.get(key);
    if (is === undefined && !tells(comparison.after, was)) continue;
    if (is === undefined) found.push(restriction(was, undefined, index, comparison));
    else if (was.ranges.join() !== is.ranges.join() || was.others !== is.others) found.push(restriction(was, is, index, comparison));
  }
  for (const [key, is] of after)
    if (!before.has(key) && tells(comparison.before, is)) found.push(restriction(undefined, is, index, comparison));
  return found;
}

/**
 * Whether a side without a restriction lets everybody in: it may not show the sets, or have no chain of kube-proxy left, which is told as
 * that.
 */
function tells({ model, facts, frontends }: SideView, { from, frontend }: SourceRestriction): boolean {
  if (from === 'rules') return true;
  const mode = facts.proxyMode?.value;
  if (mode !== 'ipvs' && (mode !== undefined || from === 'chain')) return frontends.size > 0;
  const set = model.sets?.sets.get(setName(SET.loadBalancerFw, frontendFamily(frontend)));
  return model.sets !== undefined && (set === undefined || set.members !== undefined);
}

/** Services that come or go as a whole. */
const WHOLE: ReadonlyMap<string, 'added' | 'removed'> = new Map([
  ['kube.service.removed', 'removed'],
  ['kube.service.added', 'added'],
  ['ipvs.service.removed', 'removed'],
  ['ipvs.service.added', 'added'],
]);

/** A service port or virtual service that comes or goes takes its restriction along. */
function withRestrictedServices(stories: readonly Story[]): readonly Story[] {
  const restrictions = stories.filter(({ change }) => change.id === 'nat.source-restriction-changed');
  if (restrictions.length === 0) return stories;
  const whole = new Map<string, Story>();
  for (const story of stories) {
    const how = WHOLE.get(story.change.id);
    if (how !== undefined) for (const key of story.change.subject.frontends ?? []) whole.set(`${how} ${key}`, story);
  }
  const owned = new Map<Story, Story[]>();
  for (const story of restrictions) {
    const { subject, before } = story.change;
    const teller = whole.get(`${before?.['sourceRanges'] === null ? 'added' : 'removed'} ${subject.frontends?.[0]}`);
    if (teller !== undefined) addToGroup(owned, teller, story);
  }
  const taken = new Set([...owned.values()].flat());
  return stories
    .filter((story) => !taken.has(story))
    .map((story): Story => {
      const own = owned.get(story) ?? [];
      const also = own.map(({ change }): Detail => ({ label: 'also', text: aloneText(change) }));
      return own.length === 0 ? story : joined(withDetails(story, also), own);
    });
}

/** Of an address that one side alone serves: who was let in, or is. */
function aloneText({ before, after }: PendingChange): string {
  const [was, is] = [before, after].map((facts) => facts?.['sourceRanges']);
  const shown = (is ?? was) as readonly string[];
  const from = shown.length === 0 ? 'nowhere' : `${listed(shown, 6)} alone`;
  return is === null
    ? `connections were let in from ${from}`
    : `connections are let in from ${from}, others are ${String(after?.['others'])}`;
}

function restriction(
  was: SourceRestriction | undefined,
  is: SourceRestriction | undefined,
  index: RestrictionIndex,
  comparison: Comparison,
): Found {
  const shown = (is ?? was) as SourceRestriction;
  const named = comparison.after.frontends.get(shown.frontend.key) ?? comparison.before.frontends.get(shown.frontend.key);
  const frontend: Frontend = { ...shown.frontend, ...(named?.servicePort === undefined ? {} : { servicePort: named.servicePort }) };
  const label = frontendLabel({ ...frontend, purpose: 'load-balancer IP' });
  const claims = claimsOfRestriction(frontend, [...(was?.rules ?? []), ...(is?.rules ?? [])], index, comparison);
  const isShown = isEnforcementShown(shown, comparison);
  const served = comparison.before.frontends.has(shown.frontend.key);
  const shuts = was === undefined ? served : is !== undefined && !isCovered(was.ranges, is.ranges);
  const change: PendingChange = {
    id: 'nat.source-restriction-changed',
    severity: shuts && (isShown || is?.ranges.length === 0) ? 'critical' : 'warning',
    effect: shuts ? 'lost' : 'gained',
    certainty: isShown ? 'proven' : 'conditional',
    subject: { kind: 'kube.servicePort', name: frontend.servicePort ?? frontend.key, frontends: [frontend.key] },
    before: { sourceRanges: was === undefined ? null : was.ranges },
    after: { sourceRanges: is === undefined ? null : is.ranges, ...(is === undefined ? {} : { others: is.others }) },
    text: `${label}: ${story(was, is, comparison)}`,
    details: [
      ...details(was, is, shown),
      ...(isShown ? [] : [{ label: 'if' as const, text: `the filter table drops them (${ENFORCING[shown.others]}): it was not given` }]),
    ],
    origins: seenAt(was?.origin, is?.origin),
  };
  return { change, claims };
}

function story(was: SourceRestriction | undefined, is: SourceRestriction | undefined, { before, after }: Comparison): string {
  if (was === undefined) {
    const earlier = before.frontends.has(is?.frontend.key ?? '') ? 'any source was let in before' : 'no rule was for this address before';
    return `connections are let in from ${ranges(is)} alone, others are ${is?.others} (${earlier})`;
  }
  if (is === undefined) {
    const now = after.frontends.has(was.frontend.key) ? 'any source is let in' : 'no rule is for this address any more';
    return `connections were let in from ${ranges(was)} alone; ${now}`;
  }
  if (was.ranges.join() === is.ranges.join()) return `other sources than ${ranges(is)} are ${is.others}, they were ${was.others}`;
  if (is.ranges.length === 0) return `nobody is let in any more, all are ${is.others}; connections were let in from ${ranges(was)}`;
  if (was.ranges.length === 0) return `connections are let in from ${ranges(is)}; nobody was let in`;
  return `source ranges ${direction(was.ranges, is.ranges)} from ${ranges(was)} to ${ranges(is)}`;
}

function ranges(restriction: SourceRestriction | undefined): string {
  return restriction === undefined || restriction.ranges.length === 0 ? 'nowhere' : listed(restriction.ranges, 6);
}

function direction(was: readonly string[], is: readonly string[]): string {
  if (isCovered(was, is)) return 'widened';
  return isCovered(is, was) ? 'narrowed' : 'shifted';
}

/** Whether every range of one list lies in a range of the other. */
function isCovered(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.every((one) => outer.some((other) => covers(other, one)));
}

function covers(outer: string, inner: string): boolean {
  const one = blockRange(outer);
  const other = blockRange(inner);
  return one !== undefined && other !== undefined && one.low <= other.low && other.high <= one.high;
}

/** Addresses for documentation (RFC 5737, RFC 3849), to tell of a client outside the ranges. */
const OUTSIDERS = ['198.51.100.7', '203.0.113.7', '192.0.2.7', '2001:db8:ffff::7', '2001:db8:fffe::7'];

/** A client on each side of the line that was drawn or taken away, or one of those for whom it was moved, where one can be named. */
function details(was: SourceRestriction | undefined, is: SourceRestriction | undefined, { frontend }: SourceRestriction): Detail[] {
  const packetFrom = (client: string, fate: string): Detail => ({
    label: 'packet',
    text: `${frontend.protocol} ${endpointText(client, 40_000)} → ${endpointText(frontend.address ?? '', frontend.port)}: ${fate}`,
  });
  const found: Detail[] = [];
  const [before, after] = [was?.ranges ?? [], is?.ranges ?? []];
  if (was !== undefined && is !== undefined) {
    const [shutOut, letIn] = [clientIn(before, after), clientIn(after, before)];
    if (shutOut !== undefined) found.push(packetFrom(shutOut, `let in before, ${is.others} now`));
    if (letIn !== undefined) found.push(packetFrom(letIn, `${was.others} before, let in now`));
  } else {
    const client = clientIn([...before, ...after], []);
    const outsider = OUTSIDERS.find(
      (address) => address.includes(':') === frontend.address?.includes(':') && ![...before, ...after].some((one) => covers(one, address)),
    );
    if (client !== undefined) found.push(packetFrom(client, is === undefined ? 'let in before, and not restricted now' : 'let in'));
    if (client !== undefined && outsider !== undefined)
      found.push(packetFrom(outsider, is === undefined ? `${was?.others} before, not restricted now` : is.others));
  }
  return found;
}

/** What of the filter table keeps others out. */
const ENFORCING: Readonly<Record<SourceRestriction['others'], string>> = {
  dropped: `${CHAIN.proxyFirewall}, or what ${CHAIN.markDrop} marks`,
  'marked for dropping': `${CHAIN.firewall} of the kubelet drops what ${CHAIN.markDrop} marks`,
};

/** Rules of nat that let some sources on drop nobody: that is the work of the filter table, but where a rule of nat itself drops. */
function isEnforcementShown({ from, others, frontend }: SourceRestriction, { before, after }: Comparison): boolean {
  const family = frontendFamily(frontend);
  return (
    (from === 'rules' && others === 'dropped') ||
    [before, after].every(({ model }) => model.tables.has(`${family} filter`) || model.wholeFamilies.has(family))
  );
}

/** An address in one list of ranges and in none of the other. */
function clientIn(ranges: readonly string[], others: readonly string[]): string | undefined {
  for (const range of ranges.map(blockRange)) {
    if (range === undefined) continue;
    const clients = (range.high > range.low + 8n ? [range.low + 9n, range.high - 1n] : [range.low, range.high]).map(addressText);
    const client = clients.find((address) => !others.some((other) => covers(other, address)));
    if (client !== undefined) return client;
  }
  return undefined;
}
