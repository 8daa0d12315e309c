import { addToGroup } from '../../common/add-to-group.ts';
import { once } from '../../common/once.ts';
import type { Detail, Side } from '../../report.ts';
import type { RuleEntry } from '../../state/model.ts';
import type { Comparison, EffectOnPackets } from '../comparison.ts';
import { askedNames, setEngine, type SetQuestion } from '../packets/exact-set-effect.ts';
import { metBy } from '../packets/flow-differences.ts';
import { packetsOfChange } from '../packets/packet-engine.ts';
import type { PendingChange } from '../pending-change.ts';
import { flowStory } from './rule-stories.ts';

/** A rule that asks for a set. */
interface AskingRule {
  readonly side: Side;
  readonly table: string;
  readonly chain: string;
  readonly rule: RuleEntry;
}

/** The rules of either snapshot that ask for each set, those of the later one first. */
export type AskingRules = ReadonlyMap<string, readonly AskingRule[]>;

/** Finds the rules that ask for sets. */
export function askingRules({ before, after }: Comparison): AskingRules {
  const found = new Map<string, AskingRule[]>();
  for (const { side, model } of [after, before])
    for (const table of model.tables.values())
      for (const { name, rules } of table.chains.values())
        for (const rule of rules)
          for (const condition of rule.conditions)
            if (condition.kind === 'set') addToGroup(found, condition.set, { side, table: table.name, chain: name, rule });
  return found;
}

/** A change as far as packets tell it. */
type EffectOfSet = Pick<PendingChange, 'severity' | 'effect' | 'certainty' | 'text' | 'details' | 'witness' | 'packets' | 'alike'>;

/** What a difference of a set does to packets, and how that is told. */
export interface SetEffects {
  /** Members that came or went. */
  readonly ofMembers: (members: ReadonlySet<string>) => EffectOnPackets;
  readonly ofAll: () => EffectOnPackets;
  /** The story of an answer; undefined where no packet tells. */
  readonly story: (answer: EffectOnPackets, because: Detail) => EffectOfSet | undefined;
}

/** What becomes of packets because of a difference of a set. */
export function setEffects(question: SetQuestion, comparison: Comparison, asking: AskingRules): SetEffects {
  const names = once(() => askedNames(question.after.name, comparison));
  const places = once(() => [...names()].flatMap((name) => asking.get(name) ?? []));
  const engine = once(() =>
    setEngine(
      question,
      places().map(({ rule }) => rule),
      comparison,
    ),
  );
  return {
    ofMembers: (members) => engine().ofMembers(members),
    ofAll: () => engine().ofAll(),
    story: (answer, because) => {
      if (answer.kind !== 'different') return undefined;
      const met = new Set(answer.flows.flatMap(({ before, after }) => [...metBy(before), ...metBy(after)].map(({ rule }) => rule?.key)));
      const place = places().find(({ rule }) => met.has(rule.key)) ?? places()[0];
      if (place === undefined) return undefined;
      const { rule, table, chain } = place;
      const difference = { kind: 'match-changed' as const, before: rule, after: rule };
      const { id: _, ...story } = flowStory(answer.flows, { difference, table, chain, because, comparison });
      return { ...story, ...packetsOfChange(answer) };
    },
  };
}
