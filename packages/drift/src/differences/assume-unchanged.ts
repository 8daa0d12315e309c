import { append } from '../common/append.ts';
import type { IpSetEntry, IpvsService, IpvsTable, Model, ModuleTable, RuleChain, RuleEntry, RuleTable, SetTable } from '../state/model.ts';
import { align } from '../common/align.ts';

/** Two models in which what one side does not show is as the other side shows it. */
export interface FilledModels {
  readonly before: Model;
  readonly after: Model;
}

/**
 * Fills what a side does not show – rows of a chain, service or set that were lost, and such things of a listing that is cut – with what
 * the other side shows of it: nothing is then taken for gone, or for new, because a text does not show it. `undefined` where both sides
 * show all they have.
 */
export function assumeUnchanged(before: Model, after: Model): FilledModels | undefined {
  if (isWhole(before) && isWhole(after)) return undefined;
  return { before: filled(before, after, 'before'), after: filled(after, before, 'after') };
}

function isWhole({ ipvs, sets, tables, modules }: Model): boolean {
  if (modules?.partial === true) return false;
  if (ipvs !== undefined && ipvs.alike !== true && (!ipvs.complete || [...ipvs.services.values()].some(isPartial))) return false;
  if (sets !== undefined && sets.alike !== true && (!sets.complete || [...sets.sets.values()].some(isPartial))) return false;
  return [...tables.values()].every((table) => table.alike === true || (table.complete && ![...table.chains.values()].some(isPartial)));
}

function isPartial({ partialBecause }: { readonly partialBecause?: string }): boolean {
  return partialBecause !== undefined;
}

function filled(model: Model, other: Model, side: 'before' | 'after'): Model {
  const { ipvs, sets, modules } = model;
  return {
    ...model,
    ...(ipvs === undefined || other.ipvs === undefined ? {} : { ipvs: filledIpvs(ipvs, other.ipvs) }),
    ...(sets === undefined || other.sets === undefined ? {} : { sets: filledSets(sets, other.sets) }),
    ...(modules?.partial === true && other.modules !== undefined ? { modules: filledModules(modules, other.modules) } : {}),
    tables: new Map([...model.tables].map(([key, table]) => [key, filledTable(table, other.tables.get(key), side)])),
  };
}

function filledModules(table: ModuleTable, other: ModuleTable): ModuleTable {
  const both = (list: 'builtin' | 'loaded'): Pick<ModuleTable, 'builtin' | 'loaded'> =>
    table[list] === undefined || other[list] === undefined ? {} : { [list]: new Map([...other[list], ...table[list]]) };
  return { ...table, ...both('builtin'), ...both('loaded') };
}

function filledIpvs(table: IpvsTable, other: IpvsTable): IpvsTable {
  if (table.alike === true) return table;
  const services = new Map<string, IpvsService>();
  for (const [key, service] of table.services) {
    const seen = other.services.get(key);
    services.set(
      key,
      !isPartial(service) || seen === undefined
        ? service
        : { ...service, destinations: new Map([...seen.destinations, ...service.destinations]) },
    );
  }
  if (!table.complete) for (const [key, service] of other.services) if (!services.has(key)) services.set(key, service);
  return { ...table, services };
}

function filledSets(table: SetTable, other: SetTable): SetTable {
  if (table.alike === true) return table;
  const sets = new Map<string, IpSetEntry>();
  for (const [name, set] of table.sets) {
    const seen = other.sets.get(name);
    sets.set(
      name,
      !isPartial(set) || seen?.members === undefined ? set : { ...set, members: new Map([...seen.members, ...(set.members ?? [])]) },
    );
  }
  if (!table.complete) for (const [name, set] of other.sets) if (!sets.has(name)) sets.set(name, set);
  return { ...table, sets };
}

function filledTable(table: RuleTable, other: RuleTable | undefined, side: 'before' | 'after'): RuleTable {
  if (other === undefined || table.alike === true) return table;
  const chains = new Map<string, RuleChain>();
  for (const [name, chain] of table.chains) {
    const seen = other.chains.get(name);
    chains.set(name, !isPartial(chain) || seen === undefined ? chain : { ...chain, rules: mergedRules(chain, seen.rules, side) });
  }
  if (!table.complete) for (const [name, chain] of other.chains) if (!chains.has(name)) chains.set(name, chain);
  return { ...table, chains };
}

/**
 * The rules of a chain and those that only the other side shows, each behind the rule that it follows there; where both sides lack rules,
 * those of before stand first on both, so that none seems to have moved. Where a chain lacks rules
 * behind its last one alone, they are those behind the last one of both, less as many as it has of its own there: these stand in their
 * place.
 */
function mergedRules(
  { rules, mayGoOn }: Pick<RuleChain, 'rules' | 'mayGoOn'>,
  seen: readonly RuleEntry[],
  side: 'before' | 'after',
): RuleEntry[] {
  const keys = (list: readonly RuleEntry[]): string[] => list.map(({ key }) => key);
  const { kept } = side === 'after' ? align(keys(seen), keys(rules)) : align(keys(rules), keys(seen));
  const pairs = kept.map(([one, two]): [number, number] => (side === 'after' ? [one, two] : [two, one]));
  const ownPlaces = new Map(pairs);
  const ownKeys = new Set(keys(rules));
  const merged: RuleEntry[] = [];
  const lastKept = kept.at(-1) ?? [-1, -1];
  const [seenLast, ownLast] = side === 'after' ? lastKept : [lastKept[1], lastKept[0]];
  const from = mayGoOn === undefined ? 0 : seenLast + rules.length - ownLast;
  const jumps = Array.isArray(mayGoOn) ? new Set<string>(mayGoOn) : undefined;
  let next = 0;
  let passed = 0;
  for (const [place, rule] of seen.entries()) {
    const own = ownPlaces.get(place);
    if (own === undefined) {
      const mayBeHidden = place >= from && (jumps === undefined || (rule.target.kind === 'jump' && jumps.has(rule.target.chain)));
      if (!mayBeHidden || ownKeys.has(rule.key)) continue;
      if (side === 'before') {
        const end = pairs[passed]?.[1] ?? rules.length;
        append(merged, rules.slice(next, end));
        next = Math.max(next, end);
      }
      merged.push(rule);
      continue;
    }
    passed += 1;
    append(merged, rules.slice(next, own + 1));
    next = Math.max(next, own + 1);
  }
  append(merged, rules.slice(next));
  return merged.map((rule, index) => ({ ...rule, number: index + 1 }));
}
