import type { Rule, TableFamily } from '../ast/ruleset.ts';
import { printRule } from '../print.ts';
import type { TableDraft } from './drafts.ts';

const TABLES: ReadonlySet<string> = new Set(['filter', 'nat', 'mangle', 'raw', 'security', 'broute']);
const FAMILIES: ReadonlySet<TableFamily> = new Set(['ip', 'ip6', 'arp', 'bridge']);
const CHAINS: ReadonlySet<string> = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING', 'BROUTING']);

/** Whether a table is called as one that iptables-nft makes. Only there is a blank too many a sign of a statement. */
export function isIptablesName(family: TableFamily, name: string): boolean {
  return FAMILIES.has(family) && TABLES.has(name);
}

/**
 * Whether iptables-nft made a table: nft says so, a rule has one of its extensions (`xt match`), or name, base chains and the counter of
 * every rule are those that it makes.
 */
export function isManaged(draft: TableDraft): boolean {
  const chains = [...draft.chains.values()];
  if (draft.isNamedInWarning || chains.some(({ rules }) => rules.some(hasExtension))) return true;
  if (!isIptablesName(draft.family, draft.name)) return false;
  const base = chains.filter(({ hook }) => hook !== undefined);
  return (
    chains.length > 0 &&
    draft.sets.size === 0 &&
    base.every(({ name }) => CHAINS.has(name)) &&
    chains.every(({ rules }) => rules.every(isCounted))
  );
}

function hasExtension({ statements }: Rule): boolean {
  return statements.some(({ kind }) => kind === 'Xt');
}

function isCounted({ statements }: Rule): boolean {
  return statements.some(({ kind }) => kind === 'Counter');
}

/** A rule of a table that people wrote: more blanks than one are no statements there. */
export function withoutGaps(rule: Rule): Rule {
  const statements = rule.statements.filter(({ kind }) => kind !== 'Hidden');
  return statements.length === rule.statements.length ? rule : { ...rule, statements };
}

/**
 * A rule of iptables-nft. Some of them nft prints in a translation of its own (`meta mark set mark or 0x4000`); where the tree would not
 * print as the text, the text is kept.
 */
export function asWritten(rule: Rule, source: string | undefined): Rule {
  if (source === undefined) return rule;
  const { start, end } = rule.span;
  let from = start;
  while (source.charAt(from - 1) === ' ') from -= 1;
  const { handle } = rule;
  const note = handle === undefined ? '' : ` # handle ${handle}`;
  const written = source.slice(from, Math.max(end, source.indexOf('\n', end)));
  const text = note !== '' && written.endsWith(note) ? written.slice(0, -note.length) : written;
  return printRule(rule) === written ? rule : { ...rule, statements: [{ kind: 'UnknownStatement', text }] };
}
