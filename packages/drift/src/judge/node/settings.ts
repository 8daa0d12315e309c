import { chainRole } from '../../proxy/names/chain-roles.ts';
import { type RuleDifference, ruleOf, sidesOf } from '../../differences/difference.ts';
import { isClusterIpMasqueradeRule } from '../../proxy/facts/masquerade-facts.ts';
import type { Fact } from '../../proxy/facts/fact.ts';
import { frontendLabel } from '../../services/frontends.ts';
import { serviceComment } from '../../proxy/names/comments.ts';
import { unreadMasqueradeMark } from '../../proxy/facts/masquerade-mark.ts';
import type { RuleEntry } from '../../state/model.ts';
import type { Detail } from '../../report.ts';
import { type PendingCause, type PendingChange, seenAt } from '../pending-change.ts';
import { differencesThrough, type FlowDifference } from '../packets/flow-differences.ts';
import { type Claim, explainedRule, type Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { counted, listed, witnessDetails, witnessOf } from '../words.ts';
import type { CauseKind, ChangeKind, ChangeRule } from '../rule.ts';
import { inOneMode } from './served-mode.ts';

const SETTING_CHANGES = [
  {
    id: 'kube.config.cluster-cidr-changed',
    severity: 'warning',
    title: 'the cluster CIDR changed',
    why: 'connections to cluster IPs from other sources are masqueraded',
  },
  {
    id: 'kube.config.masquerade-all-changed',
    severity: 'warning',
    title: 'masquerade-all was turned on or off',
    why: 'all connections to cluster IPs are masqueraded, or only those from outside the cluster CIDR',
  },
  {
    id: 'kube.config.masquerade-bit-changed',
    severity: 'warning',
    title: 'the mark for masquerading changed',
    why: 'rules of other programs that read the old mark no longer match',
  },
] as const satisfies readonly ChangeKind[];

const SETTING_CAUSES = [
  {
    id: 'cause.cluster-cidr-changed',
    title: 'kube-proxy has another cluster CIDR, or none',
    why: 'the rules that exempt pods from masquerading name another range',
  },
  {
    id: 'cause.masquerade-all-toggled',
    title: 'masquerade-all was turned on or off',
    why: 'connections to cluster IPs are masqueraded whatever their source, or no longer',
  },
] as const satisfies readonly CauseKind[];

export const masqueradeSettings: ChangeRule = {
  kinds: SETTING_CHANGES,
  causes: SETTING_CAUSES,
  when: inOneMode,
  find: judgeMasqueradeSettings,
};

export const masqueradeBit: ChangeRule = { kinds: SETTING_CHANGES, when: inOneMode, find: judgeMasqueradeBit };

/** Changed rules that a setting explains, with the packets that meet them. */
interface SettingRules {
  readonly claims: readonly Claim[];
  readonly flows: readonly FlowDifference[];
  readonly servicePorts: readonly string[];
}

/** masquerade-all or the cluster CIDR changed, as the rules show it. */
function judgeMasqueradeSettings(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  const { masqueradeAll: allBefore, clusterCidr: cidrBefore } = comparison.before.facts;
  const { masqueradeAll: allAfter, clusterCidr: cidrAfter } = comparison.after.facts;
  if (allBefore === undefined || allAfter === undefined || cidrBefore === undefined || cidrAfter === undefined) return [];
  const toggled = allBefore.value !== allAfter.value;
  if (!toggled && cidrBefore.value === cidrAfter.value) return [];
  // Rules of iptables mode come and go with the range, they do not only ask for another.
  const kinds: RuleKinds = cidrBefore.value === 'none' || cidrAfter.value === 'none' ? ANY_CHANGE : EDITS;
  const claimed = rulesOf(comparison, explained, isClusterIpMasqueradeRule, kinds);
  if (claimed.claims.length === 0) return [];
  const podTraffic = rulesOf(comparison, explained, isPodTrafficRule, kinds);
  const before = { masqueradeAll: allBefore.value, clusterCidr: cidrBefore.value };
  const after = { masqueradeAll: allAfter.value, clusterCidr: cidrAfter.value };
  const scale = `${counted(claimed.claims.length, 'rule')}${claimed.servicePorts.length === 0 ? '' : `, ${counted(claimed.servicePorts.length, 'service port')}`}, one cause`;
  const text = toggled ? toggledText(allAfter.value, cidrBefore.value, cidrAfter.value) : cidrText(cidrBefore.value, cidrAfter.value);
  const effect = toggled
    ? toggledEffect(allAfter.value, cidrBefore.value, cidrAfter.value)
    : cidrEffect(cidrBefore.value, cidrAfter.value, comparison.after.facts.proxyMode?.value === 'iptables');
  const details: Detail[] = [{ label: 'effect', text: effect }];
  if (podTraffic.claims.length > 0) details.push({ label: 'also', text: podTrafficEffect(cidrBefore.value, cidrAfter.value) });
  const proof = claimed.flows.find((flow) => flow.masquerade && flow.onlyIf.length === 0);
  if (proof !== undefined) details.push(...witnessDetails(proof, ['nat']));
  const services = serviceDetail(claimed);
  if (services !== undefined) details.push(services);
  const cause: PendingCause = {
    id: toggled ? 'cause.masquerade-all-toggled' : 'cause.cluster-cidr-changed',
    certainty: 'proven',
    text: `${text} (${scale})`,
    details,
  };
  const change: PendingChange = {
    id: toggled ? 'kube.config.masquerade-all-changed' : 'kube.config.cluster-cidr-changed',
    severity: 'warning',
    effect: 'source-changed',
    certainty: 'proven',
    subject: { kind: 'config', name: toggled ? 'masquerade-all' : 'cluster-cidr' },
    before,
    after,
    text,
    details,
    ...(proof === undefined ? {} : { witness: witnessOf(proof) }),
    origins: [],
    cause,
  };
  // What pods see of that is the same change; its rules prove it, and are not shown as its places.
  const told = podTraffic.flows.filter(({ sender }) => sender.kind === 'pod').map((difference): Claim => ({ difference }));
  return [{ change, claims: [...claimed.claims, ...podTraffic.claims.map(({ origins: _, ...claim }) => claim), ...told] }];
}

function serviceDetail({ flows, servicePorts }: SettingRules): Detail | undefined {
  const labels = [...new Set(flows.map(({ frontend }) => (frontend === undefined ? '' : frontendLabel(frontend))))]
    .filter((label) => label !== '')
    .sort();
  const names = labels.length > 0 ? labels : servicePorts;
  return names.length === 0 ? undefined : { label: 'services', text: listed(names, 6) };
}

function excepted(cidr: string): string {
  return cidr === 'none' ? 'those that begin at a service address' : `those from outside ${cidr}`;
}

function toggledText(on: boolean, cidrBefore: string, cidrAfter: string): string {
  return on
    ? `masquerade-all was turned on: all connections to cluster IPs are masqueraded, not only ${excepted(cidrBefore)}`
    : `masquerade-all was turned off: of the connections to cluster IPs only ${excepted(cidrAfter)} are masqueraded`;
}

function toggledEffect(on: boolean, cidrBefore: string, cidrAfter: string): string {
  const cidr = on ? cidrBefore : cidrAfter;
  const who = cidr === 'none' ? 'packets from pods' : `packets from ${cidr}`;
  return on
    ? `${who} to cluster IPs are masqueraded; they kept their source address`
    : `${who} to cluster IPs keep their source address; they were masqueraded`;
}

function cidrText(was: string, is: string): string {
  if (was === 'none') return `cluster-cidr was set to ${is}`;
  if (is === 'none') return `cluster-cidr ${was} was taken away`;
  return `cluster-cidr changed from ${was} to ${is}`;
}

/** Without a range, ipvs mode masquerades what the node itself sends, and iptables mode nothing. */
function cidrEffect(was: string, is: string, byRules: boolean): string {
  if (was === 'none')
    return `packets from outside ${is} to cluster IPs are now masqueraded; ${byRules ? 'they kept their source address' : 'only those of this node itself were'}`;
  if (is === 'none') return `packets from outside ${was} to cluster IPs keep their source address; they were masqueraded`;
  return `packets from ${is} to cluster IPs keep their source address, those from outside it are masqueraded; the line was drawn at ${was}`;
}

/** The rule by which pods get to all endpoints of a service whose externalTrafficPolicy is Local: `-s CIDR -j KUBE-SVC-…`. */
function isPodTrafficRule({ conditions, target, comments }: RuleEntry): boolean {
  if (target.kind !== 'jump' || chainRole(target.chain) !== 'service' || !conditions.some(({ kind }) => kind === 'source')) return false;
  return comments.some(
    (comment) =>
      comment.startsWith('pod traffic for ') || comment === 'Redirect pods trying to reach external loadbalancer VIP to clusterIP',
  );
}

function podTrafficEffect(was: string, is: string): string {
  if (is === 'none')
    return `where externalTrafficPolicy is Local, pods get to the endpoints of this node alone by node ports and load balancers; those in ${was} got to all`;
  if (was === 'none')
    return `where externalTrafficPolicy is Local, pods in ${is} get to all endpoints by node ports and load balancers; they got to those of this node alone`;
  return `where externalTrafficPolicy is Local, pods in ${is} get to all endpoints by node ports and load balancers, others to those of this node alone; the line was drawn at ${was}`;
}

/** kube-proxy sets and reads another mark for masquerading. */
function judgeMasqueradeBit(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  const was: Fact<number> | undefined = comparison.before.facts.masqueradeBit;
  const is: Fact<number> | undefined = comparison.after.facts.masqueradeBit;
  if (was === undefined || is === undefined || was.value === is.value) return [];
  // kube-proxy sets and reads one mark. Where a side reads another one, somebody else changed a rule, and that does something to packets.
  if (
    [comparison.before, comparison.after].some(({ model }) =>
      ['ipv4 nat', 'ipv6 nat'].some((table) => unreadMasqueradeMark(model.tables.get(table)) !== undefined),
    )
  )
    return [];
  const marks = new Set([2 ** was.value, 2 ** is.value]);
  const { claims } = rulesOf(comparison, explained, (rule) => {
    if (rule.target.kind === 'mark' && (marks.has(rule.target.xorValue) || marks.has(~rule.target.andMask >>> 0))) return true;
    return rule.conditions.some((condition) => condition.kind === 'mark' && marks.has(condition.mask));
  });
  const hexadecimal = (bit: number): string => `0x${(2 ** bit).toString(16)}`;
  const change: PendingChange = {
    id: 'kube.config.masquerade-bit-changed',
    severity: 'warning',
    effect: 'attribute',
    certainty: 'proven',
    subject: { kind: 'config', name: 'iptables-masquerade-bit' },
    before: { masqueradeBit: was.value },
    after: { masqueradeBit: is.value },
    text: `iptables-masquerade-bit changed from ${was.value} (${hexadecimal(was.value)}) to ${is.value} (${hexadecimal(is.value)}); rules of other programs that read the old mark no longer match it`,
    origins: [],
  };
  return [{ change, claims }];
}

type RuleKinds = ReadonlySet<RuleDifference['kind']>;
const EDITS: RuleKinds = new Set(['match-changed', 'target-changed']);
const ANY_CHANGE: RuleKinds = new Set([...EDITS, 'added', 'removed']);

/** The changed rules that a setting explains: both sides of the change must be of its kind. */
function rulesOf(
  comparison: Comparison,
  explained: ReadonlySet<object>,
  belongs: (rule: RuleEntry) => boolean,
  kinds: RuleKinds = EDITS,
): SettingRules {
  const claims: Claim[] = [];
  const flows = new Set<FlowDifference>();
  const servicePorts = new Set<string>();
  for (const table of comparison.differences.tables) {
    for (const chain of table.changed) {
      for (const rule of chain.rules) {
        if (!kinds.has(rule.kind) || explained.has(rule) || !sidesOf(rule).every(belongs)) continue;
        const before = rule.kind === 'added' ? undefined : rule.before;
        const after = rule.kind === 'removed' ? undefined : rule.after;
        claims.push({
          difference: rule,
          explained: [explainedRule(rule, table.after.name, chain.after.name)],
          origins: seenAt(before?.origin, after?.origin),
        });
        const placed = (name: string, entry: RuleEntry | undefined) => (entry === undefined ? undefined : { chain: name, rule: entry });
        for (const flow of differencesThrough(
          comparison,
          table.after.name,
          placed(chain.before.name, before),
          placed(chain.after.name, after),
        ))
          flows.add(flow);
        for (const comment of ruleOf(rule).comments) {
          const servicePort = serviceComment(comment)?.servicePort;
          if (servicePort !== undefined) servicePorts.add(servicePort);
        }
      }
    }
  }
  return { claims, flows: [...flows], servicePorts: [...servicePorts].sort() };
}
