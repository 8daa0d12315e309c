import type { RuleEntry } from '../model/model.ts';
import { differencesThrough, type FlowDifference } from './flow-differences.ts';
import { hairpinsThrough } from './hairpins.ts';
import type { Judgement } from './judgement.ts';
import type { EffectOnPackets, RuleQuestion } from './packet-engine.ts';
import { chainsBehind } from './reachable.ts';
import { probeRule } from './rule-probes.ts';

/** Makes up packets for the rule and leads them through both sides, beside those for the services. What none of them shows is undecided. */
export function tryPackets(question: RuleQuestion, judgement: Judgement): EffectOnPackets {
  const { table, chain, before, after } = question;
  const rules = [before, after].filter((rule) => rule !== undefined);
  const name = table.after.name;
  const passedBy = whyPassedBy(question, judgement);
  if (passedBy !== undefined) return { kind: 'undecided', reason: passedBy };
  const through = differencesThrough(
    judgement,
    name,
    before === undefined ? undefined : { chain: chain.before.name, rule: before },
    after === undefined ? undefined : { chain: chain.after.name, rule: after },
  );
  const probes = rules.map((rule) => probeRule(judgement, table.after, rule, rules.find((other) => other !== rule)));
  const probed = probes.flatMap(({ found }) => found);
  // A difference that hangs on what nobody can see is this rule's only where the two ways part at this rule.
  const decidedHere = (flow: FlowDifference): boolean => partingRules(flow).some((rule) => rule.key === before?.key || rule.key === after?.key);
  const conditional = probed.filter((flow) => flow.onlyIf.length > 0 && decidedHere(flow));
  const flows: FlowDifference[] = [...probed.filter((flow) => flow.onlyIf.length === 0), ...through.filter((flow) => flow.onlyIf.length === 0 || decidedHere(flow)), ...conditional];
  if (flows.length > 0) return { kind: 'different', flows };
  const hairpins = hairpinsThrough(question, judgement);
  return hairpins.length > 0 ? { kind: 'different', flows: hairpins } : { kind: 'undecided', reason: whyUndecided(probes) };
}

/** Why no packet is led to the rules of a chain: one side alone shows its table, or no hook leads to it. */
function whyPassedBy({ table, chain }: RuleQuestion, { before, after }: Judgement): string | undefined {
  const { family, name } = table.after;
  if (![before, after].some((side) => side.flowTables(family).tracer.world.rules.tables.has(name))) return `packets are not led through the ${name} table`;
  const entered = chainsBehind(table.before, HOOKS).has(chain.before.name) || chainsBehind(table.after, HOOKS).has(chain.after.name);
  return entered ? undefined : `packets are not led through chain ${chain.after.name} of the ${name} table`;
}

/** Chains that packets come to by themselves. */
const HOOKS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/** The rules that decide where the ways of a packet before and after part, with the jumps that lead to them. */
function partingRules({ before, after }: FlowDifference): RuleEntry[] {
  const common = before.path.findIndex((met, index) => after.path[index]?.chain !== met.chain || after.path[index]?.rule?.key !== met.rule?.key);
  const parting = common < 0 ? before.path.length : common;
  return [before, after].flatMap(({ path }) => {
    const way = path.slice(parting);
    const end = way.findIndex(({ rule }) => rule?.target.kind !== 'jump');
    return way.slice(0, end < 0 ? way.length : end + 1).flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
  });
}

function whyUndecided(probes: readonly ReturnType<typeof probeRule>[]): string {
  if (probes.some(({ tooLong }) => tooLong === true)) return 'the chains are too long to try packets on every changed rule';
  if (probes.every(({ tried }) => tried === 0)) return 'no packet could be made up that meets it';
  return 'none of the packets tried is treated otherwise, but others may be';
}
