import type { Model } from '../state/model.ts';
import type { Origin } from '../state/origin.ts';
import type { InterfaceDifference, ModuleDifference } from './difference.ts';

/** Modules that are in a list on one side only; a list that one side lacks is not compared. */
export function compareModules(before: Model['modules'], after: Model['modules']): ModuleDifference[] {
  const differences: ModuleDifference[] = [];
  for (const list of ['builtin', 'loaded'] as const) {
    const one = before?.[list];
    const other = after?.[list];
    if (one === undefined || other === undefined) continue;
    for (const { name, origin } of missingIn(one, other)) differences.push({ list, kind: 'removed', name, origin });
    for (const { name, origin } of missingIn(other, one)) differences.push({ list, kind: 'added', name, origin });
  }
  return differences;
}

/** Addresses of interfaces that both sides show. */
export function compareInterfaces(before: Model['interfaces'], after: Model['interfaces']): InterfaceDifference[] {
  const differences: InterfaceDifference[] = [];
  for (const [name, one] of before) {
    const other = after.get(name);
    if (other === undefined) continue;
    for (const { name: address, origin } of missingIn(one.addresses, other.addresses))
      differences.push({ interface: name, kind: 'removed', address, origin });
    for (const { name: address, origin } of missingIn(other.addresses, one.addresses))
      differences.push({ interface: name, kind: 'added', address, origin });
  }
  return differences;
}

function missingIn(one: ReadonlyMap<string, Origin>, other: ReadonlyMap<string, Origin>): { name: string; origin: Origin }[] {
  return [...one].filter(([name]) => !other.has(name)).map(([name, origin]) => ({ name, origin }));
}
