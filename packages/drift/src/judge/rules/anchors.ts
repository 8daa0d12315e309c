import { CHAIN } from '../../proxy/names/fixed-names.ts';
import { chainRole } from '../../proxy/names/chain-roles.ts';
import type { RuleChain, RuleEntry } from '../../state/model.ts';
import type { RuleDifference } from '../../differences/difference.ts';
import type { EffectOnPackets } from '../comparison.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import { UNDECIDED } from '../packets/packet-engine.ts';
import type { PendingChange } from '../pending-change.ts';
import { provenBy, witnessDetails } from '../words.ts';
import type { ChangeKind } from '../rule.ts';
import { whatHappened } from './rule-places.ts';
import type { ProvenStory } from './rule-story.ts';

export const ANCHOR_CHANGES = [
  {
    id: 'kube.anchor.missing',
    severity: 'critical',
    title: 'nothing jumps to a chain of kube-proxy any longer',
    why: 'its rules have no effect',
    mirror: 'kube.anchor.restored',
  },
  {
    id: 'kube.anchor.restored',
    severity: 'notice',
    title: 'a rule jumps to a chain of kube-proxy again',
    why: 'its rules have effect again',
    mirror: 'kube.anchor.missing',
  },
  {
    id: 'kube.anchor.moved',
    severity: 'by effect',
    title: 'the jump to a chain of kube-proxy was moved',
    why: 'other rules come before it',
  },
] as const satisfies readonly ChangeKind[];

/** Whether a rule jumps to a chain of kube-proxy. */
export function jumpsToProxy(rule: RuleEntry | undefined): boolean {
  return rule?.target.kind === 'jump' && chainRole(rule.target.chain) !== undefined;
}

/** Chains of kube-proxy that a built-in chain must jump to. */
export function isAnchor(chain: RuleChain, rule: RuleEntry): boolean {
  return chain.policy !== undefined && jumpsToProxy(rule);
}

/** The chain that a rule jumps to. */
export function jumpTarget(rule: RuleEntry): string | undefined {
  return rule.target.kind === 'jump' ? rule.target.chain : undefined;
}

/** A jump from a built-in chain to a chain of kube-proxy that came, went or moved. */
export function anchorChange(
  structural: Omit<PendingChange, 'severity' | 'effect' | 'certainty' | 'text'>,
  difference: RuleDifference,
  chain: string,
  rule: RuleEntry,
  answer: EffectOnPackets,
  tell: (flows: readonly FlowDifference[]) => ProvenStory,
): PendingChange {
  const target = jumpTarget(rule) ?? '';
  const story = answer.kind === 'different' ? tell(answer.flows) : undefined;
  const proof = answer.kind === 'different' ? answer.flows[0] : undefined;
  const details = [
    ...(proof === undefined ? [] : witnessDetails(proof, ['nat', 'filter'])),
    { label: 'because' as const, text: whatHappened(difference, chain) },
  ];
  const common = { ...structural, details, ...provenBy(proof) };
  if (difference.kind === 'removed') {
    const effect = ANCHORS.get(target) ?? 'its rules have no effect';
    // A chain that refuses is missed by nobody who gets through without it.
    if (story?.effect === 'gained' && story.id.startsWith('iptables.filter.'))
      return { ...common, ...story, id: 'kube.anchor.missing', text: `${chain} no longer jumps to ${target}: ${effect}; ${story.text}` };
    return {
      ...common,
      id: 'kube.anchor.missing',
      severity: 'critical',
      effect: 'lost',
      certainty: 'proven',
      text: `${chain} no longer jumps to ${target}: ${effect}`,
    };
  }
  if (difference.kind === 'moved') {
    const text = `the jump from ${chain} to ${target} moved from position ${difference.before.number} to ${rule.number}: other rules now come before it`;
    if (story !== undefined) return { ...common, ...story, id: 'kube.anchor.moved', text: `${text}; ${story.text}` };
    return {
      ...common,
      id: 'kube.anchor.moved',
      ...UNDECIDED,
      text:
        answer.kind === 'undecided' ? `${text}, and what becomes of packets that meet both could not be decided: ${answer.reason}` : text,
    };
  }
  if (story?.effect === 'lost' && story.id.startsWith('iptables.filter.'))
    return {
      ...common,
      ...story,
      id: 'kube.anchor.restored',
      severity: 'warning',
      text: `${chain} now jumps to ${target}, which it did not before; ${story.text}`,
    };
  return {
    ...common,
    id: 'kube.anchor.restored',
    severity: 'notice',
    effect: 'gained',
    certainty: 'proven',
    text: `${chain} now jumps to ${target}, which it did not before`,
  };
}

/** What does not happen without the jump. */
const ANCHORS: ReadonlyMap<string, string> = new Map([
  [CHAIN.services, 'connections to services are neither translated nor marked there'],
  [CHAIN.postrouting, 'connections marked for masquerading keep their source address'],
  [CHAIN.forward, 'forwarded connections of services are no longer accepted there'],
  [CHAIN.firewall, 'packets marked for dropping are no longer dropped there'],
  [CHAIN.proxyFirewall, 'source ranges of load balancers are no longer enforced there'],
  [CHAIN.ipvsFilter, 'ports of the node can be reached through service addresses'],
  [CHAIN.nodePort, 'health-check node ports are no longer accepted there'],
]);
