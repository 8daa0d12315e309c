import { frontendLabel, type Frontend } from '../kubernetes/frontends.ts';
import { sourceRestrictions, type SourceRestriction } from '../kubernetes/source-ranges.ts';
import { addressText, blockRange } from '../model/address-range.ts';
import type { RuleEntry } from '../model/model.ts';
import type { Detail, ExplainedDifference } from '../report.ts';
import { type Draft, seenAt } from './draft.ts';
import type { Judgement } from './judgement.ts';
import { listed } from './words.ts';

/** Changes of the source ranges that load-balancer addresses take connections from. */
export function judgeRestrictions(judgement: Judgement): Draft[] {
  const before = sourceRestrictions(judgement.before.model);
  const after = sourceRestrictions(judgement.after.model);
  const drafts: Draft[] = [];
  for (const [key, was] of before) {
    const is = after.get(key);
    if (is === undefined) drafts.push(restriction(was, undefined, judgement));
    else if (was.ranges.join() !== is.ranges.join() || was.others !== is.others) drafts.push(restriction(was, is, judgement));
  }
  for (const [key, is] of after) if (!before.has(key)) drafts.push(restriction(undefined, is, judgement));
  return drafts;
}

function restriction(was: SourceRestriction | undefined, is: SourceRestriction | undefined, judgement: Judgement): Draft {
  const shown = (is ?? was) as SourceRestriction;
  const named = judgement.after.frontends.get(shown.frontend.key) ?? judgement.before.frontends.get(shown.frontend.key);
  const frontend: Frontend = { ...shown.frontend, ...(named?.servicePort === undefined ? {} : { servicePort: named.servicePort }) };
  const label = frontendLabel({ ...frontend, purpose: 'load-balancer IP' });
  const explains = claim([...(was?.rules ?? []), ...(is?.rules ?? [])], judgement);
  return {
    id: 'nat.source-restriction-changed',
    severity: 'warning',
    effect: was === undefined ? 'lost' : 'gained',
    certainty: 'proven',
    subject: { kind: 'kube.servicePort', name: frontend.servicePort ?? frontend.key, frontends: [frontend.key] },
    before: { sourceRanges: was === undefined ? null : was.ranges },
    after: { sourceRanges: is === undefined ? null : is.ranges },
    text: `${label}: ${story(was, is, judgement)}`,
    details: details(was, is, shown),
    explains,
    origins: seenAt(was?.origin, is?.origin),
  };
}

function story(was: SourceRestriction | undefined, is: SourceRestriction | undefined, { before, after }: Judgement): string {
  if (was === undefined) {
    const earlier = before.frontends.has(is?.frontend.key ?? '') ? 'any source was let in before' : 'no rule was for this address before';
    return `connections are let in from ${ranges(is)} alone, others are ${is?.others} (${earlier})`;
  }
  if (is === undefined) {
    const now = after.frontends.has(was.frontend.key) ? 'any source is let in' : 'no rule is for this address any more';
    return `connections were let in from ${ranges(was)} alone; ${now}`;
  }
  if (was.ranges.join() === is.ranges.join()) return `other sources than ${ranges(is)} are ${is.others}, they were ${was.others}`;
  return `source ranges ${direction(was.ranges, is.ranges)} from ${ranges(was)} to ${ranges(is)}`;
}

function ranges(restriction: SourceRestriction | undefined): string {
  return restriction === undefined || restriction.ranges.length === 0 ? 'nowhere' : listed(restriction.ranges, 6);
}

/** Whether every range of one list lies in a range of the other. */
function direction(was: readonly string[], is: readonly string[]): string {
  const covered = (inner: readonly string[], outer: readonly string[]): boolean => inner.every((one) => outer.some((other) => covers(other, one)));
  if (covered(was, is)) return 'widened';
  return covered(is, was) ? 'narrowed' : 'shifted';
}

function covers(outer: string, inner: string): boolean {
  const one = blockRange(outer);
  const other = blockRange(inner);
  return one !== undefined && other !== undefined && one.low <= other.low && other.high <= one.high;
}

/** Addresses for documentation (RFC 5737), of which one is surely outside the ranges. */
const OUTSIDERS = ['198.51.100.7', '203.0.113.7', '192.0.2.7', '233.252.0.7'];

/** A client on each side of the line, where one can be named. */
function details(was: SourceRestriction | undefined, is: SourceRestriction | undefined, shown: SourceRestriction): Detail[] {
  const found: Detail[] = [];
  const range = blockRange((is ?? was)?.ranges[0] ?? '');
  const port = shown.frontend.port;
  if (range !== undefined) {
    const client = range.high > range.low + 8n ? range.low + 9n : range.low;
    const fate = is === undefined ? 'let in before, and not restricted now' : 'let in';
    found.push({ label: 'packet', text: `${shown.frontend.protocol} ${addressText(client)}:40000 → ${shown.frontend.address ?? ''}:${port}: ${fate}` });
    const outsider = OUTSIDERS.find((address) => ![...(was?.ranges ?? []), ...(is?.ranges ?? [])].some((one) => covers(one, address)));
    if (outsider !== undefined) found.push({ label: 'packet', text: `${shown.frontend.protocol} ${outsider}:40000 → ${shown.frontend.address ?? ''}:${port}: ${is === undefined ? `${was?.others} before, not restricted now` : is.others}` });
  }
  if ((is ?? was)?.others === 'marked for dropping') {
    found.push({ label: 'if', text: 'a rule of the filter table drops what KUBE-MARK-DROP marks (KUBE-FIREWALL of the kubelet)' });
  }
  return found;
}

function claim(rules: readonly RuleEntry[], judgement: Judgement): ExplainedDifference[] {
  const wanted = new Set(rules);
  const places = new Set(rules.map((rule) => rule.key));
  const explains: ExplainedDifference[] = [];
  for (const table of judgement.differences.tables) {
    if (table.after.name !== 'nat') continue;
    for (const chain of table.changed) {
      for (const rule of chain.rules) {
        const before = rule.kind === 'added' ? undefined : rule.before;
        const after = rule.kind === 'removed' ? undefined : rule.after;
        const belongs = [before, after].some((one) => one !== undefined && (wanted.has(one) || places.has(one.key)));
        if (!belongs || judgement.told.has(rule)) continue;
        judgement.told.add(rule);
        explains.push({ id: `iptables.rule.${rule.kind}`, subject: `nat ${chain.after.name}#${(after ?? before)?.number ?? 0}` });
      }
    }
  }
  return explains;
}
