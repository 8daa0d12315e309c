import { countLow, quoteInput, type Count, type Diagnostic, type Span } from '@netdrift/core';
import type { Chain, Counters, IptablesSave, IptablesValue, Rule, Table } from './ast.ts';
import { report } from './diagnostics.ts';
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
 * printIptablesSave(parseIptables(listing).value) // => '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n'
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
  const name = table.name ?? given ?? tableOf(table);
  if (isListing && table.name === undefined && given === undefined) {
    tell(report('iptables/table-not-shown', spanOf(table), `the table is taken for ${name}: a listing does not show it`));
  }
  return { kind: 'Table', name, chains: table.chains.map((chain) => restorableChain(chain, tell)), span: spanOf(table) };
}

/** Built-in chains of each table; the first table that has all of those listed. */
const BUILT_IN: readonly (readonly [table: string, chains: readonly string[]])[] = [
  ['filter', ['INPUT', 'FORWARD', 'OUTPUT']],
  ['nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING']],
  ['raw', ['PREROUTING', 'OUTPUT']],
  ['mangle', ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']],
];

function tableOf({ chains }: Table): string {
  const base = chains.filter(({ policy }) => policy !== undefined).map(({ name }) => name);
  const exact = BUILT_IN.find(([, names]) => names.length === base.length && names.every((name) => base.includes(name)));
  const holding = BUILT_IN.find(([, names]) => base.every((name) => names.includes(name)));
  return (exact ?? holding)?.[0] ?? 'filter';
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

function exactCounters({ counters, span }: { readonly counters?: Counters; readonly span?: Span }, tell: Tell): { readonly counters?: Counters } {
  if (counters === undefined) return {};
  if (isExact(counters.packets) && isExact(counters.bytes)) return { counters };
  tell(report('iptables/counters-not-exact', spanOf({ ...(span === undefined ? {} : { span }) }), 'counter was printed short', 'list with -x'));
  return { counters: { packets: countLow(counters.packets), bytes: countLow(counters.bytes) } };
}

function isExact(count: Count): boolean {
  return typeof count === 'number' || /^\d+$/.test(count.text);
}
