import type { NodeView } from '../kubernetes/node-facts.ts';
import type { RuleEntry, RuleTable } from '../model/model.ts';
import { finding, type FoundThing } from './finding.ts';

/** What keeps packets that kube-proxy means to masquerade from being masqueraded. */
export function masqueradeFindings({ model }: NodeView): FoundThing[] {
  return ['ipv4 nat', 'ipv6 nat'].flatMap((key) => {
    const nat = model.tables.get(key);
    return nat === undefined || !nat.complete ? [] : [...unreadMark(nat), ...unmarkedNodePorts(nat)];
  });
}

/** KUBE-MARK-MASQ sets a bit that no rule behind POSTROUTING reads: nothing is masqueraded for it. */
function unreadMark(nat: RuleTable): FoundThing[] {
  const setting = nat.chains.get('KUBE-MARK-MASQ')?.rules.find(({ target }) => target.kind === 'mark');
  const start = nat.chains.get('POSTROUTING');
  if (setting?.target.kind !== 'mark' || start === undefined) return [];
  const bit = setting.target.xorValue;
  const reached = new Set(['POSTROUTING']);
  const reading: RuleEntry[] = [];
  for (const name of reached) {
    for (const rule of nat.chains.get(name)?.rules ?? []) {
      if (rule.target.kind === 'jump') reached.add(rule.target.chain);
      if (rule.conditions.some((condition) => condition.kind === 'mark')) reading.push(rule);
    }
  }
  const [other] = reading;
  if (other === undefined || reading.some((rule) => rule.conditions.some((condition) => condition.kind === 'mark' && (condition.mask & bit) !== 0))) return [];
  const read = other.conditions.find((condition) => condition.kind === 'mark');
  const text = `KUBE-MARK-MASQ sets mark 0x${bit.toString(16)}, and the rules behind POSTROUTING read 0x${(read?.kind === 'mark' ? read.mask : 0).toString(16)}: nothing is masqueraded for it`;
  return [finding('lint.kube.masquerade-mark-unread', { subject: { kind: 'iptables.chain', name: 'nat KUBE-MARK-MASQ' }, text, origins: [setting.origin, other.origin] })];
}

/** A rule for a node port that jumps straight to all endpoints of a service, past the chain that marks packets for masquerading. */
function unmarkedNodePorts(nat: RuleTable): FoundThing[] {
  const found: FoundThing[] = [];
  const rules = nat.chains.get('KUBE-NODEPORTS')?.rules ?? [];
  for (const [index, rule] of rules.entries()) {
    if (rule.target.kind !== 'jump' || !rule.target.chain.startsWith('KUBE-SVC-')) continue;
    // Up to 1.23 a rule of the same conditions marks the packets before.
    const marks = rules.slice(0, index).some((one) => one.target.kind === 'jump' && one.target.chain === 'KUBE-MARK-MASQ' && one.conditionKey === rule.conditionKey);
    if (marks) continue;
    found.push(
      finding('lint.kube.node-port-not-masqueraded', {
        subject: { kind: 'iptables.rule', name: `nat KUBE-NODEPORTS#${rule.number}` },
        text: `rule ${rule.number} of KUBE-NODEPORTS (${rule.key}) leads to all endpoints of ${rule.comments[0] ?? rule.target.chain} and masquerades nothing: clients from outside get no reply from endpoints on other nodes`,
        origins: [rule.origin],
      }),
    );
  }
  return found;
}
