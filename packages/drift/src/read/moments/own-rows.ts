import { isServiceChain } from '../../proxy/names/chain-roles.ts';
import type { RuleEntry } from '../../state/model.ts';
import { ipvsTable } from '../../state/ipvs-views.ts';
import { ruleTables } from '../../state/rule-tables.ts';
import { setTable } from '../../state/set-table.ts';
import { sourceKindOf } from '../kinds/source-kinds.ts';
import type { Part, PartContent } from '../snapshot.ts';

/** Rows that outputs show, as keys that are equal for rows that say the same. */
export interface OwnRows {
  readonly all: ReadonlySet<string>;
  /** Those that name an address: other machines hardly have them too. */
  readonly particular: ReadonlySet<string>;
}

/** The rows of outputs; `undefined` where they show what has no rows to compare, as a log. */
export function ownRowsOf(parts: readonly Part[]): OwnRows | undefined {
  const [all, particular] = [new Set<string>(), new Set<string>()];
  const add = (row: string, isParticular: boolean): void => {
    all.add(row);
    if (isParticular) particular.add(row);
  };
  if (!parts.every(({ content }) => hasRows(content))) return undefined;
  for (const { key, destinations } of ipvsTable(parts, [])?.services.values() ?? []) {
    add(`service ${key}`, true);
    for (const destination of destinations.keys()) add(`destination ${key} ${destination}`, true);
  }
  for (const [table, { chains }] of ruleTables(parts, [])) {
    for (const { name, rules } of chains.values()) {
      // Its name is made of a service, or of an endpoint.
      if (isServiceChain(name)) add(`chain ${table} ${name}`, true);
      for (const rule of rules) add(`rule ${table} ${name} ${ruleText(rule)}`, isParticularRule(rule));
    }
  }
  for (const { name, members } of setTable(parts, [])?.sets.values() ?? [])
    for (const member of members?.keys() ?? []) add(`member ${name} ${member}`, true);
  for (const { content } of parts) {
    if (content.kind === 'nft') for (const row of nftRows(content)) add(row, true);
    if (content.kind === 'modules') for (const { name } of content.value.modules) add(`module ${name}`, false);
  }
  return { all, particular };
}

function hasRows(content: PartContent): boolean {
  if (content.kind === 'reader') return sourceKindOf(content.value).isOfCluster === true;
  return ['ipvs', 'ipvs-state', 'rules', 'sets', 'nft', 'modules', 'tool-error', 'other', 'unknown'].includes(content.kind);
}

/** Blocks of addresses that every machine has. */
const EVERYWHERE = ['0.0.0.0/0', '::/0', '127.0.0.0/8', '127.0.0.1', '127.0.0.1/32', '::1', '::1/128'];

function isParticularRule({ conditions, target }: RuleEntry): boolean {
  if ((target.kind === 'dnat' && target.address !== undefined) || (target.kind === 'snat' && target.name !== 'MASQUERADE')) return true;
  return conditions.some(
    (condition) => (condition.kind === 'source' || condition.kind === 'destination') && !EVERYWHERE.includes(condition.block),
  );
}

/** What every form of a listing shows of a rule: interfaces stand in some alone, and each spells other matches in its way. */
const IN_EVERY_FORM = new Set(['protocol', 'source', 'destination', 'source-port', 'destination-port', 'set', 'mark']);

function ruleText({ conditions, target }: RuleEntry): string {
  const shown = conditions.filter(({ kind }) => IN_EVERY_FORM.has(kind)).map(({ text }) => text);
  return [...shown.sort(), target.text].join(' ');
}

function nftRows({ value }: Extract<PartContent, { readonly kind: 'nft' }>): string[] {
  return value.tables.flatMap(({ family, name, chains = [], sets = [] }) => [
    ...chains.flatMap((chain) => (chain.rules ?? []).map((rule) => `nft ${family} ${name} ${chain.name} ${withoutPlaces(rule)}`)),
    ...sets.flatMap((set) => (set.elements ?? []).map((element) => `nft ${family} ${name} ${set.name} ${withoutPlaces(element)}`)),
  ]);
}

/** What differs between two showings of one rule. */
const PLACES = new Set(['span', 'handle', 'packets', 'bytes', 'expires']);

function withoutPlaces(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (PLACES.has(key) ? undefined : typeof inner === 'bigint' ? String(inner) : inner));
}
