import type { Table } from '../ast.ts';
import { CHAIN_SIGNS, TABLES_OF_HOOK, TABLES_OF_TARGET, type TableName } from './table-signs.ts';

const ALL: readonly TableName[] = ['filter', 'nat', 'mangle', 'raw', 'security'];

/** The built-in chains of each table as a whole listing has them; `security` has those of `filter` and is told by its targets. */
const WHOLE: readonly (readonly [TableName, readonly string[]])[] = [
  ['filter', ['FORWARD', 'INPUT', 'OUTPUT']],
  ['nat', ['INPUT', 'OUTPUT', 'POSTROUTING', 'PREROUTING']],
  ['nat', ['OUTPUT', 'POSTROUTING', 'PREROUTING']],
  ['mangle', ['FORWARD', 'INPUT', 'OUTPUT', 'POSTROUTING', 'PREROUTING']],
  ['raw', ['OUTPUT', 'PREROUTING']],
];

/**
 * The tables that can hold what a text shows of one: by its built-in chains, by targets that the kernel takes in some tables only, and by
 * chains that programs make in some tables only, as chains and as what rules jump to. All of them where nothing tells, none where the text
 * is of several tables.
 *
 * @example
 * tablesThatHold(parseIptables('-A PREROUTING -p tcp -j TPROXY --on-port 15001\n').value.tables[0]) // => ['mangle']
 */
export function tablesThatHold({ name, chains }: Table): readonly TableName[] {
  const named = ALL.find((table) => table === name);
  if (named !== undefined) return [named];
  const possible = new Set(ALL);
  const keep = (tables: readonly TableName[] | undefined): void => {
    if (tables !== undefined) for (const table of possible) if (!tables.includes(table)) possible.delete(table);
  };
  const hooks = chains
    .filter((chain) => TABLES_OF_HOOK.has(chain.name) && chain.policy !== undefined)
    .map((chain) => chain.name)
    .sort();
  const whole = WHOLE.filter(([, built]) => built.join() === hooks.join()).map(([table]) => table);
  const names = new Set<string>();
  for (const chain of chains) {
    keep(TABLES_OF_HOOK.get(chain.name));
    names.add(chain.name);
    for (const { target } of chain.rules) {
      if (target?.kind === 'ChainTarget') names.add(target.name);
      else if (target !== undefined) keep(TABLES_OF_TARGET.get(target.name));
    }
  }
  // A sign of tables that all remain tells nothing more: of tens of thousands of names few signs are asked about.
  const narrows = ({ tables }: (typeof CHAIN_SIGNS)[number]): boolean => [...possible].some((table) => !tables.includes(table));
  let signs = CHAIN_SIGNS.filter(narrows);
  for (const chain of names) {
    const met = signs.filter((sign) => sign.names.test(chain));
    if (met.length === 0) continue;
    for (const sign of met) keep(sign.tables);
    signs = signs.filter(narrows);
  }
  const [table] = whole;
  return table !== undefined && possible.has(table) ? [table] : [...possible];
}
