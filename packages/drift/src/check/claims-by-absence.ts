import type { NodeView } from '../services/node-facts.ts';
import type { Model } from '../state/model.ts';
import type { FoundThing } from './finding.ts';

/** What must be shown whole before a finding can be made of what is not shown. */
type Need = 'service' | 'given' | 'modules' | 'ipvs' | 'nat' | 'filter' | 'mangle' | 'sets';

/** The findings that say that something is not there, each with what has to be whole for that. */
const NEEDS: ReadonlyMap<string, readonly Need[]> = new Map<string, readonly Need[]>([
  ['lint.ipvs.service-no-destinations', ['service']],
  ['lint.ipvs.all-weight-zero', ['service']],
  ['lint.ipvs.connections-to-gone', ['ipvs']],
  ['lint.fwm.mark-without-service', ['ipvs']],
  ['lint.fwm.service-without-mark', ['mangle']],
  ['lint.kube.connections-to-gone', ['service', 'nat', 'ipvs']],
  ['lint.kube.sep-without-dnat', ['nat']],
  ['lint.kube.svc-empty', ['nat']],
  ['lint.kube.svc-unused', ['nat']],
  ['lint.kube.share-skewed', ['nat']],
  ['lint.kube.leftover', ['nat', 'ipvs']],
  ['lint.kube.anchor-missing', ['nat', 'filter']],
  ['lint.kube.endpoint-outside-cluster-cidr', ['ipvs', 'nat']],
  ['lint.kube.filter-nat-contradiction', ['nat', 'filter', 'sets']],
  ['lint.kube.nodeport-not-last', ['nat']],
  ['lint.kube.no-masquerade-rule', ['nat']],
  ['lint.modules.ipvs-incomplete', ['modules']],
  ['x.service-without-ipvs', ['ipvs', 'nat', 'given']],
  ['x.service-without-iptables', ['nat']],
  ['x.endpoint-missing', ['service', 'nat']],
  ['x.service-not-served', ['ipvs', 'nat', 'sets']],
  ['x.service-not-refused', ['nat', 'filter', 'sets']],
  ['x.source-not-expected', ['nat', 'sets']],
  ['x.source-not-restricted', ['nat', 'filter', 'sets']],
  ['x.ipset-missing', ['sets']],
  ['x.ipset-member-missing', ['sets']],
  ['x.ipvs-loopback-entry-missing', ['sets']],
  ['x.rule-missing', ['nat', 'filter', 'mangle']],
]);

/** The findings without those that rest on what a listing does not show because it is cut, filtered or could not be read there. */
export function withoutClaimsByAbsence(found: readonly FoundThing[], view: NodeView): FoundThing[] {
  const lacking = new Set(
    (['ipvs', 'nat', 'filter', 'mangle', 'sets', 'modules', 'given'] as const).filter((need) => lacks(view.model, need)),
  );
  const services = partialServices(view);
  return found.filter(({ id, subject }) => {
    const needs = NEEDS.get(id) ?? [];
    return !needs.some((need) => (need === 'service' ? services.some((name) => speaksOf(subject.name, name)) : lacking.has(need)));
  });
}

function lacks({ ipvs, sets, tables, modules }: Model, need: Exclude<Need, 'service'>): boolean {
  if (need === 'modules') return modules?.partial === true;
  // What an IPVS table that was not given holds nobody knows.
  if (need === 'given') return ipvs === undefined;
  if (need === 'ipvs')
    return ipvs !== undefined && (!ipvs.complete || [...ipvs.services.values()].some(({ partialBecause }) => partialBecause !== undefined));
  if (need === 'sets')
    return sets !== undefined && (!sets.complete || [...sets.sets.values()].some(({ partialBecause }) => partialBecause !== undefined));
  const listed = (['ipv4', 'ipv6'] as const).flatMap((family) => tables.get(`${family} ${need}`) ?? []);
  return listed.some((table) => !table.complete || [...table.chains.values()].some(({ partialBecause }) => partialBecause !== undefined));
}

/** Names of virtual services and service ports that may have endpoints that are not shown. */
function partialServices({ model, table }: NodeView): string[] {
  const virtual = [...(model.ipvs?.services.values() ?? [])]
    .filter(({ partialBecause }) => partialBecause !== undefined)
    .map(({ key }) => key);
  const ports = table.servicePorts
    .filter(({ frontends }) => frontends.some(({ partialBecause }) => partialBecause !== undefined))
    .map(({ name }) => name);
  return [...virtual, ...ports];
}

/** `default/web`, of which `default/web:http` is one port. */
function speaksOf(subject: string, name: string): boolean {
  return subject === name || subject.startsWith(`${name} `) || name.startsWith(`${subject}:`) || name.startsWith(`${subject} `);
}
