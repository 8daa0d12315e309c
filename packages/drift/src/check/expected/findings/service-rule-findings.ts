import { CHAIN } from '../../../proxy/names/fixed-names.ts';
import { addToGroup } from '../../../common/add-to-group.ts';
import type { Severity } from '../../../report.ts';
import { counted, type FoundThing, listed } from '../../finding.ts';
import { ruleFinding } from '../rules/rule-kinds.ts';
import type { RuleDifference } from '../rules/compare-rules.ts';

/** Rules of services that are missing or too many; each service is one finding, and what services share, as an element of a set. */
export function serviceRuleFindings(differing: readonly RuleDifference[]): FoundThing[] {
  const services = new Map<string, RuleDifference[]>();
  for (const difference of differing)
    addToGroup(services, `${difference.port.service.namespace}/${difference.port.service.name}`, difference);
  const groups = new Map<string, RuleDifference[]>();
  for (const ofService of services.values()) {
    const lines = ofService.flatMap(({ missing, extra }) => [...missing, ...extra].map(({ where, text }) => `${where} ${text}`)).join('\n');
    for (const difference of ofService) addToGroup(groups, lines, difference);
  }
  return [...groups.values()].map(findingOf);
}

function findingOf(group: readonly RuleDifference[]): FoundThing {
  const names = [...new Set(group.map(({ port }) => port.name))].sort();
  const services = [...new Set(group.map(({ port: { service } }) => `${service.namespace}/${service.name}`))];
  const [missing, extra] = [group.flatMap((one) => one.missing), group.flatMap((one) => one.extra)];
  const [first, ...others] = missing.length > 0 ? missing : extra;
  const rule =
    first === undefined
      ? ''
      : `${first.where} ${missing.length > 0 ? 'lacks' : 'has'} "${first.text}"${others.length === 0 ? '' : ` and ${counted(others.length, 'more rule')}`}`;
  const { severity, because } = meaningOf(first?.where ?? '', first?.text ?? '');
  return ruleFinding(missing.length > 0 ? 'x.rule-missing' : 'x.rule-not-expected', {
    severity,
    subject: { kind: 'kube.servicePort', name: (names.length === 1 ? names[0] : services[0]) ?? '' },
    values: first === undefined ? [] : [first.where, first.text],
    text: `${listed(names)}: ${rule}, which kube-proxy ${missing.length > 0 ? 'writes' : 'does not write'}: ${because}`,
    origins: extra.slice(0, 2).map(({ origin }) => origin),
    about: names,
  });
}

/** What a rule is for that changes nothing about where connections from pods, the node and outside lead, for these are told by that. */
function meaningOf(where: string, text: string): { readonly severity: Severity; readonly because: string } {
  if (where === `filter ${CHAIN.nodePorts}`)
    return { severity: 'warning', because: 'it lets load balancers ask whether the node has an endpoint' };
  if (where === 'set cluster-ips')
    return { severity: 'notice', because: 'it has packets refused that go to ports which no service has there' };
  if (/-m recent |affinity-/.test(`${where} ${text}`)) return { severity: 'warning', because: 'it keeps clients at one endpoint' };
  return { severity: 'notice', because: 'connections from pods, the node and outside lead to the same endpoints with it and without' };
}
