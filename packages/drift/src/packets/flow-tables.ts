import type { RuleEntry, RuleTable } from '../state/model.ts';
import { entryAt } from '../state/rule-entry.ts';
import { isTableOfNft, type RuleRef } from '../world/rule-ref.ts';
import type { World } from '../world/world.ts';
import { tracerOf } from './trace.ts';
import type { Tracer } from './traced.ts';
import type { Hop } from './traveller.ts';

/** A rule that a packet met, or the policy of a chain (`number` 0). */
export interface Met {
  readonly table: string;
  readonly chain: string;
  readonly number: number;
  readonly rule?: RuleEntry;
}

/** A world that packets are led through, and its rules as the model has them. */
export interface FlowTables {
  readonly tracer: Tracer;
  readonly table: (name: string) => RuleTable | undefined;
  /** The rule of a hop as the model has it; undefined for one that nobody sees. */
  readonly met: (rule: RuleRef) => Met | undefined;
}

/** Joins a world and the tables it was made of; each rule of them is looked for once. */
export function flowTables(world: World, table: FlowTables['table']): FlowTables {
  const known = new Map<RuleRef, Met | undefined>();
  const met = (rule: RuleRef): Met | undefined => {
    // Each walk makes a reference of its own for a policy.
    if (rule.number === 0) return metAt(rule, table);
    let found = known.get(rule);
    if (found === undefined && !known.has(rule)) known.set(rule, (found = metAt(rule, table)));
    return found;
  };
  return { tracer: tracerOf(world), table, met };
}

function metAt(rule: RuleRef, table: FlowTables['table']): Met | undefined {
  const entry = entryAt(table(rule.table), rule);
  // What an unlisted chain is taken to do is no rule that anybody sees.
  if (rule.number > 0 && entry === undefined && !isTableOfNft(rule.table)) return undefined;
  return { table: rule.table, chain: rule.chain, number: rule.number, ...(entry === undefined ? {} : { rule: entry }) };
}

/** The rule of a hop as the model has it. */
export function metOf({ rule }: Hop, { met }: FlowTables): Met | undefined {
  return rule === undefined ? undefined : met(rule);
}
