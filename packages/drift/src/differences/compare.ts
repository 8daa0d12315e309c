import type { Model, RuleChain, RuleTable } from '../state/model.ts';
import { UNKNOWN_TABLE } from '../read/recognise.ts';
import { append } from '../common/append.ts';
import { firstNames } from '../common/first-names.ts';
import type { Differences, TableDifference } from './difference.ts';
import { compareIpvs, servicesNotCompared } from './ipvs.ts';
import { compareInterfaces, compareModules } from './modules.ts';
import { compareNft, nftNotCompared } from './nft.ts';
import { compareSets, membersNotCompared, setsNotCompared } from './sets.ts';
import { compareTables } from './tables.ts';

/** What differs between two models in the things that both show. */
export function compare(before: Model, after: Model): Differences {
  const tables: TableDifference[] = [];
  const uncompared: string[] = [];
  for (const key of new Set([...before.tables.keys(), ...after.tables.keys()])) {
    const one = before.tables.get(key) ?? emptyTable(before, after.tables.get(key));
    const other = after.tables.get(key) ?? emptyTable(after, before.tables.get(key));
    const difference = one === undefined || other === undefined ? undefined : compareTables(one, other);
    if (difference !== undefined) tables.push(difference);
    if (one !== undefined && other !== undefined) append(uncompared, notCompared(one, other));
    else if ((one ?? other)?.name === UNKNOWN_TABLE)
      uncompared.push(`rules of a table that is not known are listed by ${one === undefined ? 'after' : 'before'} alone`);
  }
  if (before.ipvs !== undefined && after.ipvs !== undefined) append(uncompared, servicesNotCompared(before.ipvs, after.ipvs));
  if (before.sets !== undefined && after.sets !== undefined)
    append(uncompared, [...setsNotCompared(before.sets, after.sets), ...membersNotCompared(before.sets, after.sets)]);
  append(uncompared, nftNotCompared(before, after));
  return {
    nft: before.nft === undefined || after.nft === undefined ? [] : compareNft(before.nft, after.nft),
    ...(before.ipvs === undefined || after.ipvs === undefined ? {} : { ipvs: compareIpvs(before.ipvs, after.ipvs) }),
    tables,
    ...(before.sets === undefined || after.sets === undefined ? {} : { sets: compareSets(before.sets, after.sets) }),
    modules: compareModules(before.modules, after.modules),
    interfaces: compareInterfaces(before.interfaces, after.interfaces),
    uncompared,
  };
}

/** A table that a listing of all tables does not have: built-in chains that let everything pass. */
function emptyTable(model: Model, like: RuleTable | undefined): RuleTable | undefined {
  if (like === undefined || like.name === UNKNOWN_TABLE || !model.wholeFamilies.has(like.family)) return undefined;
  const chains = new Map<string, RuleChain>();
  for (const [name, chain] of like.chains)
    if (chain.policy !== undefined) chains.set(name, { name, policy: 'ACCEPT', rules: [], origin: { part: 0, lines: [1, 1] } });
  return { family: like.family, name: like.name, chains, complete: true, interfacesHidden: false, namesHosts: false, origins: [] };
}

/** Chains that only one side lists while the other is cut, and policies that only one side shows. */
function notCompared(before: RuleTable, after: RuleTable): string[] {
  if (before === after) return [];
  const sentences: string[] = [];
  const name = before.family === 'ipv6' ? `ip6 ${before.name}` : before.name;
  const alone = (one: RuleTable, other: RuleTable, side: string, cut: string): void => {
    if (other.complete || other.alike === true) return;
    const chains = [...one.chains.keys()].filter((chain) => !other.chains.has(chain));
    if (chains.length > 0)
      sentences.push(
        `${name} ${chains.length === 1 ? 'chain' : 'chains'} ${firstNames(chains, 5)} ${chains.length === 1 ? 'is' : 'are'} listed by ${side} alone, and ${cut} is cut`,
      );
  };
  alone(before, after, 'before', 'after');
  alone(after, before, 'after', 'before');
  for (const [chain, { policy }] of before.chains) {
    const other = after.chains.get(chain);
    if (other !== undefined && (policy === undefined) !== (other.policy === undefined))
      sentences.push(`the policy of ${name} chain ${chain} is shown by one side alone`);
  }
  if (before.complete !== after.complete && sentences.length === 0) {
    const [side, because] = before.complete ? ['after', after.partialBecause] : ['before', before.partialBecause];
    sentences.push(`${name}: ${side} is cut (${because ?? 'lines are missing'}), so what it lacks cannot be told from what was taken away`);
  }
  return sentences;
}
