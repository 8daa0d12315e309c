import { countLow, quoteInput, type Count, type Diagnostic, type Span } from '@netdrift/core';
import { tablesThatHold } from '../listing/tables-that-hold.ts';
import type { Chain, Counters, IptablesSave, IptablesValue, Rule, Table } from '../ast.ts';
import { report } from '../diagnostics.ts';
import { printSave } from './print-save.ts';

/** Options of {@link printIptablesSave}. */
export interface PrintIptablesSaveOptions {
  /** Name of the table of a listing; told from its built-in chains unless given. */
  readonly table?: string;
  /** Called with each thing that cannot be written, or that the value does not show. */
  readonly report?: (diagnostic: Diagnostic) => void;
}

type Tell = (diagnostic: Diagnostic) => void;

/**
 * Input for `iptables-restore` (ip6tables-restore for a value of that family) that sets up the rules of a listing or a save.
 *
 * Nothing is made up: rules with text that is not known, or with names in place of addresses, are left out and reported, as is
 * what a listing hides (its table's name; interfaces without `-v`; exact counters without `-x`).
 *
 * @example
 * printIptablesSave(parseIptables(listing).value) // => '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j
 * ACCEPT\nCOMMIT\n'
 */
export function printIptablesSave(value: IptablesValue, options: PrintIptablesSaveOptions = {}): string {
  const tell = options.report ?? (() => undefined);
  if (value.kind === 'ToolError' || value.tables.length === 0) {
    tell(report('iptables/nothing-to-restore', spanOf(value), 'the value holds no table'));
    return '';
  }
  const isListing = value.kind === 'IptablesListing';
  if (isListing && !value.layout.verbose) {
    tell(report('iptables/interfaces-not-shown', spanOf(value), 'interfaces are not shown', 'list with -v to restore them'));
  }
  const tables = value.tables.map((table) => restorableTable(table, isListing, options.table, tell));
  const hasCounters = tables.some(({ chains }) => chains.some(({ rules }) => rules.some(({ counters }) => counters !== undefined)));
  const save: IptablesSave = {
    kind: 'IptablesSave',
    ...(value.family === undefined ? {} : { family: value.family }),
    layout: { style: 'save', ...(hasCounters ? { counters: 'before' } : {}) },
    notices: [],
    tables,
    span: spanOf(value),
  };
  return printSave(save);
}

function spanOf({ span }: { readonly span?: Span }): Span {
  return span ?? { start: 0, end: 0 };
}

function restorableTable(table: Table, isListing: boolean, given: string | undefined, tell: Tell): Table {
  const [only, ...others] = tablesThatHold(table);
  const name = table.name ?? given ?? (others.length === 0 ? only : undefined);
  if (table.name === undefined && given === undefined) {
    const what = isListing ? 'a listing does not show it' : 'the text does not name it';
    const message =
      name === undefined
        ? `the table is not known, so no line names it: ${what}`
        : `the table is taken for ${name}: ${what}, and its chains or targets are those of no other`;
    tell(report('iptables/table-not-shown', spanOf(table), message));
  }
  return {
    kind: 'Table',
    ...(name === undefined ? {} : { name }),
    chains: table.chains.map((chain) => restorableChain(chain, tell)),
    span: spanOf(table),
  };
}

function restorableChain(chain: Chain, tell: Tell): Chain {
  const rules: Rule[] = [];
  for (const rule of chain.rules) {
    const reason = whyNot(rule);
    if (reason === undefined) rules.push({ ...rule, ...exactCounters(rule, tell) });
    else tell(report('iptables/not-restorable', spanOf(rule), `rule of chain ${quoteInput(chain.name)} is left out: ${reason}`));
  }
  return { ...chain, ...exactCounters(chain, tell), rules };
}

function whyNot({ source, destination, matches, target, protocol }: Rule): string | undefined {
  const unknown = matches.find((match) => match.kind === 'UnknownMatch');
  if (unknown !== undefined) return `text ${quoteInput(unknown.text)} is not known`;
  for (const match of matches) {
    if (match.kind === 'HashlimitMatch' && match.name === undefined) return 'a listing does not show the name of a hashlimit table';
    if (match.kind === 'QuotaMatch' && match.not === undefined) return 'a listing does not show whether a quota is negated';
  }
  if (target?.kind === 'UnknownTarget') return `settings of target ${quoteInput(target.name)} are not known`;
  for (const address of [source, destination]) {
    if ('name' in address && address.name !== 'anywhere') return `${quoteInput(address.name)} is the name of an address`;
  }
  return protocol.number === undefined ? `protocol ${quoteInput(protocol.name)} is not known` : undefined;
}

function exactCounters(
  { counters, span }: { readonly counters?: Counters; readonly span?: Span },
  tell: Tell,
): { readonly counters?: Counters } {
  if (counters === undefined) return {};
  if (isExact(counters.packets) && isExact(counters.bytes)) return { counters };
  tell(
    report('iptables/counters-not-exact', spanOf({ ...(span === undefined ? {} : { span }) }), 'counter was printed short', 'list with -x'),
  );
  return { counters: { packets: countLow(counters.packets), bytes: countLow(counters.bytes) } };
}

function isExact(count: Count): boolean {
  return typeof count === 'number' || /^\d+$/.test(count.text);
}
