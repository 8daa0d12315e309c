import type { Match, Rule as ParsedRule } from '@netdrift/iptables';
import { addToGroup } from '../../common/add-to-group.ts';
import type { Model, RuleChain, RuleEntry, RuleTable } from '../../state/model.ts';
import type { Origin } from '../../state/origin.ts';
import { complement } from '../intervals.ts';
import type { Action, BaseChain, Chain, Rule, RuleSet, TableChains, Test } from '../ir.ts';
import type { RuleRef } from '../rule-ref.ts';
import type { Lookup } from '../lookup.ts';
import { addressTests } from './address-tests.ts';
import { BUILT_IN, baseChains } from './base-chains.ts';
import { type CompileContext, type Compiled, unknownTest } from './context.ts';
import { markChains } from './targets/mark-chains.ts';
import { matchTests } from './matches.ts';
import { compileTarget } from './targets/targets.ts';

/** Gives a set as it is asked through `src` or `dst` for each dimension. */
export type SetLookup = (set: string, directions: readonly string[]) => Lookup<boolean>;

/** The tables of iptables of one family, compiled. */
export function iptablesRuleSet(model: Model, family: 'ipv4' | 'ipv6', lookup: SetLookup): RuleSet {
  const tables = new Map<string, TableChains>();
  const base: BaseChain[] = [];
  for (const table of model.tables.values()) {
    if (table.family !== family) continue;
    const chains = compileTable(table, lookup);
    tables.set(table.name, { name: table.name, chains, whole: table.complete });
    base.push(...baseChains(table, chains));
  }
  return { family, tables, base };
}

function compileTable(table: RuleTable, lookup: SetLookup): Map<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const [name, chain] of table.chains) {
    let hooks: ReadonlySet<string> | undefined;
    const context: CompileContext = {
      family: table.family,
      table: table.name,
      chain: name,
      lookup,
      hooks: () => (hooks ??= entriesTo(table, name)),
    };
    chains.set(name, new CompiledChain(chain, context));
  }
  for (const [name, chain] of markChains(table)) chains.set(name, chain);
  return chains;
}

/** Of a large table few chains may be met: the rules of each are compiled when they are asked for first. */
class CompiledChain implements Chain {
  readonly table: string;
  readonly name: string;
  readonly origin: Origin;
  readonly #listed: RuleChain;
  readonly #context: CompileContext;
  #rules: readonly Rule[] | undefined;

  constructor(listed: RuleChain, context: CompileContext) {
    this.table = context.table;
    this.name = listed.name;
    this.origin = listed.origin;
    this.#listed = listed;
    this.#context = context;
  }

  get rules(): readonly Rule[] {
    return (this.#rules ??= this.#listed.rules.map((entry) => compileEntry(entry, this.#context)));
  }
}

function compileEntry({ number, origin, comments, parsed, key, mayAskForInterface }: RuleEntry, context: CompileContext): Rule {
  const [comment] = comments;
  const source: RuleRef = { table: context.table, chain: context.chain, number, origin, ...(comment === undefined ? {} : { comment }) };
  return compileRule(parsed, mayAskForInterface === true ? key : undefined, source, context);
}

/** One rule. `hidesInterface`: the listing hides interfaces, and the rule, which is spelled like this, looks as if it asked for one. */
function compileRule(rule: ParsedRule, hidesInterface: string | undefined, source: RuleRef, context: CompileContext): Rule {
  const body: (Test | Action)[] = [];
  const { protocol } = rule;
  if (protocol.number === undefined) body.push(unknownTest(`-p ${protocol.name}`, protocol.not));
  else if (protocol.number !== 0)
    body.push(
      protocol.not
        ? { kind: 'field', field: 'protocol', in: complement([protocol.number, protocol.number], 'protocol', context.family) }
        : protocolTest(protocol.number),
    );
  addTests(body, addressTests(rule.source, 'source', context));
  addTests(body, addressTests(rule.destination, 'destination', context));
  addInterface(body, 'in', rule.in);
  addInterface(body, 'out', rule.out);
  if (rule.fragment !== undefined) body.push(unknownTest('-f', rule.fragment.not));
  if (hidesInterface !== undefined) {
    const text = `the interface that "${hidesInterface}" may ask for, which the listing hides`;
    body.push({
      ...unknownTest(text, false, { asks: { kind: 'hidden interface', rule: hidesInterface } }),
      identity: `${text} ${context.table} ${context.chain}`,
    });
  }
  for (const match of rule.matches) addTests(body, matchTests(match as Match, context));
  const { actions, verdict } = compileTarget(rule.target, rule.goto === true, context);
  if (actions !== undefined) addTests(body, actions);
  return { body: body.slice(), verdict, source };
}

function addInterface(body: (Test | Action)[], side: 'in' | 'out', asked: ParsedRule['in']): void {
  if (asked === undefined || (!asked.not && asked.name === '*' && asked.literal !== true)) return;
  const prefix = asked.name.endsWith('+');
  body.push({ kind: 'interface', side, name: { name: prefix ? asked.name.slice(0, -1) : asked.name, prefix }, not: asked.not });
}

const protocols = new Map<number, Test>();

/** Most rules ask for one of few protocols: one object for each is enough. */
function protocolTest(number: number): Test {
  const known = protocols.get(number) ?? { kind: 'field', field: 'protocol', in: [number, number] };
  protocols.set(number, known);
  return known;
}

function addTests(body: (Test | Action)[], parts: Compiled): void {
  for (const part of parts) body.push(part);
}

/** Built-in chains from which a chain is reached. */
function entriesTo(table: RuleTable, name: string): Set<string> {
  const callers = new Map<string, string[]>();
  for (const chain of table.chains.values()) {
    for (const { target } of chain.rules) {
      if (target.kind !== 'jump') continue;
      addToGroup(callers, target.chain, chain.name);
    }
  }
  const reached = new Set([name]);
  for (const one of reached) for (const caller of callers.get(one) ?? []) reached.add(caller);
  return new Set([...reached].filter((one) => BUILT_IN.has(one)));
}
