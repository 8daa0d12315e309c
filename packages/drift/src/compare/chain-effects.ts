import { addToGroup } from '../add-to-group.ts';
import type { Condition, RuleTarget } from '../model/condition.ts';
import type { RuleEntry, RuleTable } from '../model/model.ts';

/** What the chains of a table may do to a packet, whatever it meets there. */
export interface ChainEffects {
  /** Chains that a packet always comes back from, having got nothing but bits of its mark set, by its addresses and ports alone. */
  readonly additive: ReadonlySet<string>;
  /** Chains that no packet of a protocol (`-p tcp`) comes back from, or none at all (`''`). */
  readonly final: ReadonlyMap<string, ReadonlySet<string>>;
}

const COUNTING = new Set(['recent', 'limit', 'hashlimit', 'connlimit', 'quota', 'statistic', 'probability', 'unknown']);

/** Whether a condition gives the same answer each time it is asked about a packet, whatever its mark. */
export function isSteady(condition: Condition): boolean {
  return condition.kind !== 'probability' && condition.kind !== 'mark' && !(condition.kind === 'other' && COUNTING.has(condition.match));
}

/** Whether a packet that meets a rule goes no further in this chain. */
export function isFinal({ kind }: RuleTarget): boolean {
  return kind === 'verdict' || kind === 'dnat' || kind === 'snat';
}

/** Whether a target does nothing but set bits of the mark. */
export function setsBits(target: RuleTarget): boolean {
  return target.kind === 'mark' && ~target.andMask >>> 0 === target.xorValue;
}

/** Tells what the chains of a table may do. */
export function chainEffects(table: RuleTable): ChainEffects {
  const callers = callersOf(table);
  const other = new Set<string>();
  for (const [chain, rules] of callers) if (!table.chains.has(chain)) for (const [caller] of rules) other.add(caller);
  for (const { name, rules } of table.chains.values()) if (rules.some((rule) => !isAdditive(rule))) other.add(name);
  for (const name of other) for (const [caller] of callers.get(name) ?? []) other.add(caller);
  return { additive: new Set([...table.chains.keys()].filter((name) => !other.has(name))), final: finalChains(table, callers) };
}

type Callers = ReadonlyMap<string, readonly (readonly [caller: string, rule: RuleEntry])[]>;

function callersOf(table: RuleTable): Callers {
  const callers = new Map<string, (readonly [string, RuleEntry])[]>();
  for (const { name, rules } of table.chains.values()) {
    for (const rule of rules) {
      if (rule.target.kind !== 'jump') continue;
      addToGroup(callers, rule.target.chain, [name, rule]);
    }
  }
  return callers;
}

function isAdditive({ conditions, target }: RuleEntry): boolean {
  if (!conditions.every(isSteady)) return false;
  return target.kind === 'none' || (target.kind === 'other' && target.continues) || (target.kind === 'jump' && !target.goto) || setsBits(target) || (target.kind === 'verdict' && target.name === 'RETURN');
}

function finalChains(table: RuleTable, callers: Callers): Map<string, Set<string>> {
  const returning = new Set([...table.chains.values()].filter(({ rules }) => rules.some(({ target }) => (target.kind === 'verdict' && target.name === 'RETURN') || (target.kind === 'jump' && target.goto))).map(({ name }) => name));
  const final = new Map<string, Set<string>>();
  const work: (readonly [chain: string, protocol: string])[] = [];
  const add = (chain: string, protocol: string | undefined): void => {
    const known = final.get(chain) ?? new Set();
    if (protocol === undefined || returning.has(chain) || known.has(protocol)) return;
    final.set(chain, known.add(protocol));
    work.push([chain, protocol]);
  };
  for (const { name, rules } of table.chains.values()) for (const rule of rules) if (isFinal(rule.target)) add(name, onlyProtocol(rule));
  for (let found = work.pop(); found !== undefined; found = work.pop()) {
    const [chain, protocol] = found;
    for (const [caller, rule] of callers.get(chain) ?? []) {
      const asked = onlyProtocol(rule);
      if (asked === '' || asked === protocol) add(caller, protocol);
      else if (protocol === '') add(caller, asked);
    }
  }
  return final;
}

/** The protocol that a rule asks for where it asks for nothing else, `''` where it asks for nothing. */
function onlyProtocol({ conditions, mayAskForInterface }: RuleEntry): string | undefined {
  const [first, ...others] = conditions;
  if (first === undefined) return mayAskForInterface === true ? undefined : '';
  return others.length === 0 && first.kind === 'protocol' && !first.not ? first.text : undefined;
}
