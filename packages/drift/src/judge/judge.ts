import { once } from '../common/once.ts';
import type { Model } from '../state/model.ts';
import type { Differences } from '../differences/difference.ts';
import { claimed, type Found, type Story } from './claims.ts';
import type { Comparison } from './comparison.ts';
import { changesPackets } from './node/kernel-settings.ts';
import { flowDifferences, type FlowDifferences } from './packets/flow-differences.ts';
import { hairpinsOf } from './packets/hairpins.ts';
import { keptDestinations } from './ipvs/endpoint-facts.ts';
import { loopBackMembers } from './packets/loop-back.ts';
import { spaceOf } from './packets/node-space.ts';
import { packetEngine } from './packets/packet-engine.ts';
import { changesMode } from './node/served-mode.ts';
import type { PendingChange } from './pending-change.ts';
import type { ChangeRule } from './rule.ts';
import { CAUSE_RULES, CHANGE_RULES } from './rules.ts';
import { wipeOf } from './rules/owners.ts';
import { ownedDifferences } from './services/owned-differences.ts';
import { serviceGroups } from './services/service-groups.ts';
import { type Besides, type SideView, sideView } from './side.ts';

/** What the differences of two snapshots come to. */
export interface Verdicts {
  readonly stories: readonly Story[];
  readonly before: SideView;
  readonly after: SideView;
  readonly flows: FlowDifferences;
  /** What could not be compared, in sentences. */
  readonly uncompared: readonly string[];
}

/** What is made only where it is asked for. */
export type Later = Pick<Comparison, 'survival' | 'cluster'>;

/** Says what each difference means for traffic: the rules are asked in their order, and then what explains several of their changes. */
export function judge(before: Model, after: Model, differences: Differences, beside: Besides, later: Later): Verdicts {
  const comparison = comparisonOf(before, after, differences, beside, later);
  return {
    stories: before === after ? [] : storiesOf(comparison),
    before: comparison.before,
    after: comparison.after,
    flows: comparison.flows,
    uncompared: differences.uncompared,
  };
}

function storiesOf(comparison: Comparison): readonly Story[] {
  const rules = CHANGE_RULES.filter(({ when }) => when?.(comparison) ?? true);
  const found = claimed(rules, (rule, explained) => foundBy(rule, comparison, explained));
  return CAUSE_RULES.reduce<readonly Story[]>((stories, { explain }) => explain(stories, comparison), found);
}

/** What a rule finds, with the severity that it has in this comparison. */
function foundBy({ find, tellsLosses }: ChangeRule, comparison: Comparison, explained: ReadonlySet<object>): readonly Found[] {
  const found = find(comparison, explained);
  if (tellsLosses === true || !changesMode(comparison)) return found;
  const atMostWarning = (change: PendingChange): PendingChange =>
    change.severity === 'critical' ? { ...change, severity: 'warning' } : change;
  return found.map(({ change, parts = [], ...rest }) => ({ ...rest, change: atMostWarning(change), parts: parts.map(atMostWarning) }));
}

/** Everything that rules look at. */
export function comparisonOf(before: Model, after: Model, differences: Differences, beside: Besides, later: Later): Comparison {
  const one = sideView('before', before, after, beside);
  const sides = { before: one, after: before === after ? { ...one, side: 'after' as const } : sideView('after', after, before, beside) };
  const settings = changesPackets(sides.before, sides.after);
  const flows: FlowDifferences =
    settings || needsFlows(differences)
      ? flowDifferences(sides.before, sides.after, differences, settings)
      : { all: [], compared: 0, complete: false, byRule: new Map(), byFrontend: new Map(), senders: [] };
  const comparison: Comparison = {
    ...sides,
    differences,
    flows,
    ...later,
    owned: once(() => ownedDifferences(differences, sides)),
    groups: once(() => serviceGroups(sides)),
    hairpins: once(() => hairpinsOf(comparison)),
    wipe: once(() => wipeOf(comparison)),
    keptDestinations: once(() => keptDestinations(before, after)),
    loopBack: once(() => loopBackMembers(differences)),
    engine: packetEngine,
    space: spaceOf(sides.before, sides.after),
    mirroredSpace: spaceOf(sides.after, sides.before),
  };
  return comparison;
}

/** Packets are led through the rules only where a rule, a set or a setting differs: what IPVS alone changes is seen without. */
function needsFlows({ tables, sets }: Differences): boolean {
  return tables.length > 0 || (sets?.changed.length ?? 0) > 0;
}
