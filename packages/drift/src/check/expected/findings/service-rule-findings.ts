import type { Severity } from '../../../report.ts';
import { counted, finding, type FoundThing, listed } from '../../finding.ts';
import type { RuleDifference } from '../rules/compare-rules.ts';

/** Rules of service ports that are missing or too many; what is so for several, as an element of a set that they share, is one finding. */
export function serviceRuleFindings(differing: readonly RuleDifference[]): FoundThing[] {
  const groups = new Map<string, { readonly names: Set<string>; readonly of: RuleDifference }>();
  for (const difference of differing) {
    const texts = [...difference.missing.map(({ where, text }) => `- ${where} ${text}`), ...difference.extra.map(({ where, text }) => `+ ${where} ${text}`)];
    const group = groups.get(texts.join('\n')) ?? { names: new Set(), of: difference };
    group.names.add(difference.port.name);
    groups.set(texts.join('\n'), group);
  }
  return [...groups.values()].map(({ names, of }) => findingOf([...names].sort(), of));
}

function findingOf(names: readonly string[], { missing, extra }: RuleDifference): FoundThing {
  const [first, ...others] = missing.length > 0 ? missing : extra;
  const rule = first === undefined ? '' : `${first.where} ${missing.length > 0 ? 'lacks' : 'has'} "${first.text}"${others.length === 0 ? '' : ` and ${counted(others.length, 'more rule')}`}`;
  const { severity, because } = meaningOf(first?.where ?? '', first?.text ?? '');
  return finding(missing.length > 0 ? 'x.rule-missing' : 'x.rule-not-expected', {
    severity,
    subject: { kind: 'kube.servicePort', name: names[0] ?? '' },
    text: `${listed(names)}: ${rule}, which kube-proxy ${missing.length > 0 ? 'writes' : 'does not write'}: ${because}`,
    origins: extra.slice(0, 2).map(({ origin }) => origin),
    about: names,
  });
}

/** What a rule is for that changes nothing about where connections from pods, the node and outside lead, for these are told by that. */
function meaningOf(where: string, text: string): { readonly severity: Severity; readonly because: string } {
  if (where === 'filter KUBE-NODEPORTS') return { severity: 'warning', because: 'it lets load balancers ask whether the node has an endpoint' };
  if (where === 'set cluster-ips') return { severity: 'notice', because: 'it has packets refused that go to ports which no service has there' };
  if (/-m recent |affinity-/.test(`${where} ${text}`)) return { severity: 'warning', because: 'it keeps clients at one endpoint' };
  return { severity: 'notice', because: 'connections from pods, the node and outside lead to the same endpoints with it and without' };
}
