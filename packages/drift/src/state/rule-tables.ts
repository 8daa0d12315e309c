import type { Chain, IptablesListing, IptablesSave, Table } from '@netdrift/iptables';
import { addToGroup } from '../common/add-to-group.ts';
import { firstNames } from '../common/first-names.ts';
import { isPiece, lacksAlike, lacksAtEnd, lacksRowsAnywhere, whyIncomplete, whyLacksRows } from '../read/completeness.ts';
import { CUT } from '../read/missing-parts.ts';
import { UNKNOWN_TABLE } from '../read/recognise.ts';
import type { Part } from '../read/snapshot.ts';
import { isProxyChain } from '../proxy/names/chain-roles.ts';
import { originOf } from './ipvs-table.ts';
import type { RuleChain, RuleEntry, RuleTable, ViewDisagreement } from './model.ts';
import { namesHost, ruleEntry, withoutInterfaces } from './rule-entry.ts';
import { isRead } from './shared-chain.ts';

/** How much a view shows: the save form most, a listing without `-v` little, one with names in place of addresses (without `-n`) least. */
type Rank = 0 | 1 | 2 | 3;

interface View {
  readonly part: Part;
  readonly rank: Rank;
  readonly table: RuleTable;
}

/**
 * The tables of rules by `family name`, each from all views of it: the save form before `-nvL` before `-nL`. `read`: those of the other
 * side of a comparison, whose chains stand for equal ones.
 */
export function ruleTables(
  parts: readonly Part[],
  disagreements: ViewDisagreement[],
  read: ReadonlyMap<string, RuleTable> = new Map(),
): Map<string, RuleTable> {
  const views = new Map<string, View[]>();
  for (const part of parts) {
    if (part.content.kind !== 'rules') continue;
    const { value, family, tableNames } = part.content;
    const rank = rankOf(value);
    value.tables.forEach((table, index) => {
      const name = table.name ?? tableNames[index] ?? UNKNOWN_TABLE;
      const key = `${family} ${name}`;
      const hidden = value.kind === 'IptablesListing' && !value.layout.verbose;
      const twin = read.get(key);
      const known = twin?.interfacesHidden === hidden ? twin : undefined;
      addToGroup(views, key, { part, rank, table: tableOf(table, name, family, part, hidden, known) });
    });
  }
  return new Map([...views].map(([key, group]) => [key, mergedTable(group, disagreements)]));
}

function rankOf(value: IptablesListing | IptablesSave): Rank {
  if (value.kind === 'IptablesSave') return 3;
  if (value.layout.names === true) return 0;
  return value.layout.verbose ? 2 : 1;
}

function tableOf(
  table: Table,
  name: string,
  family: 'ipv4' | 'ipv6',
  part: Part,
  interfacesHidden: boolean,
  read: RuleTable | undefined,
): RuleTable {
  const chains = new Map<string, RuleChain>();
  for (const chain of table.chains) {
    const entry = chainOf(chain, part, name, family, interfacesHidden, read?.chains.get(chain.name));
    const known = chains.get(entry.name);
    chains.set(
      entry.name,
      known === undefined ? entry : { ...known, rules: [...known.rules, ...renumbered(entry.rules, known.rules.length)] },
    );
  }
  const partialBecause = whyIncomplete(part.completeness, name);
  return {
    family,
    name,
    chains,
    complete: partialBecause === undefined,
    ...(partialBecause === undefined ? {} : { partialBecause }),
    ...(lacksAlike(part.completeness) ? { alike: true as const } : {}),
    ...((part.content.kind === 'rules' && part.content.chain !== undefined) ||
    isPiece(part.completeness) ||
    lacksRowsAnywhere(part.completeness)
      ? { askedChains: true as const }
      : {}),
    interfacesHidden,
    namesHosts: namesHosts(chains, read),
    origins: [part.index],
  };
}

/** Of the chains that the other side has too it is known. */
function namesHosts(chains: ReadonlyMap<string, RuleChain>, read: RuleTable | undefined): boolean {
  for (const [name, chain] of chains)
    if (!(read?.namesHosts === false && read.chains.get(name) === chain) && chain.rules.some(namesHost)) return true;
  return false;
}

const POLICIES: ReadonlySet<string> = new Set(['ACCEPT', 'DROP', 'QUEUE', 'RETURN']);

function chainOf(
  chain: Chain,
  part: Part,
  table: string,
  family: RuleTable['family'],
  interfacesHidden: boolean,
  read: RuleChain | undefined,
): RuleChain {
  const { lastRow } = part;
  const shown = lastRow === undefined ? chain.rules : chain.rules.filter(({ span }) => span.end < lastRow);
  const thing = { chain: chain.name, table };
  const isCut = shown.length < chain.rules.length;
  const whyLacks = whyLacksRows(part.completeness, thing);
  const partialBecause = isCut ? CUT : whyLacks;
  const mayGoOn = whyLacks !== undefined ? lacksAtEnd(part.completeness, thing) : isCut ? true : undefined;
  const facts = {
    name: chain.name,
    // A word that is none may be the beginning of one.
    ...(chain.policy === undefined || !POLICIES.has(chain.policy) ? {} : { policy: chain.policy }),
    ...(chain.references === undefined ? {} : { references: chain.references }),
    ...(partialBecause === undefined ? {} : { partialBecause }),
    ...(mayGoOn === undefined ? {} : { mayGoOn }),
    origin: originOf(part, chain.span),
  };
  if (read !== undefined && isRead(read, facts, shown, ({ span }) => originOf(part, span))) return read;
  const rules = shown.map((rule, index) => ruleEntry(rule, index + 1, originOf(part, rule.span), family));
  const mayHide = interfacesHidden && !isProxyChain(chain.name);
  return { ...facts, rules: mayHide ? rules.map(mayHideInterface) : rules };
}

/**
 * `ACCEPT all -- 0.0.0.0/0 0.0.0.0/0` of a listing without `-v` is mostly `-i lo -j ACCEPT`: a verdict on every packet there may ask for an
 * interface, so it is taken neither to hold nor not to hold.
 */
function mayHideInterface(rule: RuleEntry): RuleEntry {
  return rule.conditions.length === 0 && rule.target.kind === 'verdict' ? { ...rule, mayAskForInterface: true } : rule;
}

function renumbered(rules: readonly RuleEntry[], offset: number): RuleEntry[] {
  return rules.map((rule) => ({ ...rule, number: rule.number + offset }));
}

function mergedTable(views: View[], disagreements: ViewDisagreement[]): RuleTable {
  const ranked = views.toSorted((one, other) => completeFirst(one, other) || other.rank - one.rank || one.part.index - other.part.index);
  const [best, ...others] = ranked as [View, ...View[]];
  const lacks = best.table.complete ? whatItLacks(best, others) : undefined;
  const table = lacks === undefined ? best.table : withDoubt(best.table, lacks);
  const chains = new Map(table.chains);
  for (const other of others) {
    if (!other.table.namesHosts) reportDisagreements(best, other, disagreements);
    for (const [name, chain] of other.table.chains) {
      const known = chains.get(name);
      if (known === undefined) {
        if (!table.complete) chains.set(name, chain);
      } else if (known.references === undefined && chain.references !== undefined)
        chains.set(name, { ...known, references: chain.references });
    }
  }
  return { ...table, chains, origins: ranked.map((view) => view.part.index) };
}

function withDoubt(table: RuleTable, partialBecause: string): RuleTable {
  const chains = new Map([...table.chains].map(([name, chain]) => [name, { ...chain, partialBecause }]));
  return { ...table, complete: false, chains, partialBecause };
}

/** What a view of which only a part is left shows, and the whole one that has to stand in for it does not: they are of different times. */
function whatItLacks(best: View, others: readonly View[]): string | undefined {
  for (const { part, rank, table } of others) {
    const lacking = rank <= best.rank ? undefined : [...table.chains.keys()].find((name) => !best.table.chains.has(name));
    if (lacking !== undefined) return `chain ${lacking} is listed in ${part.source} and not in ${best.part.source}`;
  }
  return undefined;
}

function completeFirst(one: View, other: View): number {
  return Number(other.table.complete) - Number(one.table.complete);
}

function reportDisagreements(best: View, other: View, disagreements: ViewDisagreement[]): void {
  const hidden = best.table.interfacesHidden || other.table.interfacesHidden;
  const missing: RuleChain[] = [];
  const different: RuleChain[] = [];
  for (const [name, chain] of best.table.chains) {
    const seen = other.table.chains.get(name);
    if (seen === undefined) {
      if (other.table.complete) missing.push(chain);
    } else if (keysOf(chain, hidden) !== keysOf(seen, hidden) || policyDiffers(chain, seen)) different.push(chain);
  }
  if (different.length > 0)
    disagreements.push(disagreement(best, other, different, different.length === 1 ? 'has other rules in' : 'have other rules in'));
  if (missing.length > 0)
    disagreements.push(disagreement(best, other, missing, missing.length === 1 ? 'is not listed in' : 'are not listed in'));
}

function policyDiffers(one: RuleChain, other: RuleChain): boolean {
  return one.policy !== undefined && other.policy !== undefined && one.policy !== other.policy;
}

function keysOf(chain: RuleChain, interfacesHidden: boolean): string {
  return chain.rules.map((rule) => (interfacesHidden ? withoutInterfaces(rule) : rule).key).join('\n');
}

function disagreement(best: View, other: View, chains: readonly RuleChain[], what: string): ViewDisagreement {
  const names = chains.map((chain) => chain.name);
  return {
    subject: `${best.table.name} of ${best.part.source}`,
    text: `${best.table.name} ${names.length === 1 ? 'chain' : 'chains'} ${firstNames(names, 4)} of ${best.part.source} ${what} ${other.part.source}: they were probably captured at different times`,
    origins: chains.slice(0, 3).flatMap((chain) => {
      const seen = other.table.chains.get(chain.name);
      return seen === undefined ? [chain.origin] : [chain.origin, seen.origin];
    }),
  };
}
