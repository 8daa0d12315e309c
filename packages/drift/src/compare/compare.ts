import type { Model, RuleChain, RuleTable } from '../model/model.ts';
import type { Differences, TableDifference } from './difference.ts';
import { compareIpvs } from './ipvs.ts';
import { compareInterfaces, compareModules } from './modules.ts';
import { compareSets } from './sets.ts';
import { compareTables } from './tables.ts';

/** What differs between two models in the things that both show. */
export function compare(before: Model, after: Model): Differences {
  const tables: TableDifference[] = [];
  for (const key of new Set([...before.tables.keys(), ...after.tables.keys()])) {
    const one = before.tables.get(key) ?? emptyTable(before, after.tables.get(key));
    const other = after.tables.get(key) ?? emptyTable(after, before.tables.get(key));
    const difference = one === undefined || other === undefined ? undefined : compareTables(one, other);
    if (difference !== undefined) tables.push(difference);
  }
  return {
    ...(before.ipvs === undefined || after.ipvs === undefined ? {} : { ipvs: compareIpvs(before.ipvs, after.ipvs) }),
    tables,
    ...(before.sets === undefined || after.sets === undefined ? {} : { sets: compareSets(before.sets, after.sets) }),
    modules: compareModules(before.modules, after.modules),
    interfaces: compareInterfaces(before.interfaces, after.interfaces),
  };
}

/** A table that a listing of all tables does not have: built-in chains that let everything pass. */
function emptyTable(model: Model, like: RuleTable | undefined): RuleTable | undefined {
  if (like === undefined || !model.wholeFamilies.has(like.family)) return undefined;
  const chains = new Map<string, RuleChain>();
  for (const [name, chain] of like.chains) if (chain.policy !== undefined) chains.set(name, { name, policy: 'ACCEPT', rules: [], origin: { part: 0, lines: [1, 1] } });
  return { family: like.family, name: like.name, chains, complete: true, interfacesHidden: false, origins: [] };
}
