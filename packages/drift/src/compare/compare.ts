import type { Model } from '../model/model.ts';
import type { Differences, TableDifference } from './difference.ts';
import { compareIpvs } from './ipvs.ts';
import { compareInterfaces, compareModules } from './modules.ts';
import { compareSets } from './sets.ts';
import { compareTables } from './tables.ts';

/** What differs between two models in the things that both show. */
export function compare(before: Model, after: Model): Differences {
  const tables: TableDifference[] = [];
  for (const [key, table] of before.tables) {
    const other = after.tables.get(key);
    const difference = other === undefined ? undefined : compareTables(table, other);
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
