import type { NodeView } from '../services/node-facts.ts';
import type { Model } from '../state/model.ts';
import type { FoundThing, Need } from './finding.ts';
import { FINDING_KINDS } from './rules.ts';

/** The findings without those that rest on what a listing does not show because it is cut, filtered or could not be read there. */
export function withoutClaimsByAbsence(found: readonly FoundThing[], view: NodeView): FoundThing[] {
  const lacking = new Set(
    (['ipvs', 'nat', 'filter', 'mangle', 'sets', 'modules', 'given'] as const).filter((need) => lacks(view.model, need)),
  );
  const services = partialServices(view);
  return found.filter(({ id, subject }) => {
    const needs = FINDING_KINDS.get(id)?.needs ?? [];
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
