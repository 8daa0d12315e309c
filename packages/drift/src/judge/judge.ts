import type { Differences } from '../structure/difference.ts';
import { countRules } from '../state/count-rules.ts';
import type { Model } from '../state/model.ts';
import type { Draft } from './draft.ts';
import { withEndpointCauses } from './causes/endpoint-causes.ts';
import { flowDifferences, type FlowDifferences } from './packets/flow-differences.ts';
import { withFrontendAgreement } from './services/frontend-agreement.ts';
import { judgeInterfaces, judgeModules } from './node/machine.ts';
import type { Judgement } from './judgement.ts';
import { withIpvsEmptied } from './ipvs/ipvs-emptied.ts';
import { judgeIpvs } from './ipvs/ipvs-services.ts';
import { judgeIpvsState } from './ipvs/ipvs-state.ts';
import { judgeMode } from './node/mode.ts';
import { changesMode, judgeServedPlaces, withLossesAlone } from './node/served-mode.ts';
import { judgeNftTables } from './rules/nft-tables.ts';
import { judgeOwners } from './rules/owners.ts';
import { exactEngine } from './packets/packet-engine.ts';
import { spaceOf } from './packets/node-space.ts';
import { withRenameOnly } from './causes/rename-only.ts';
import { judgeRestrictions, withRestrictedServices } from './services/restrictions.ts';
import { withSchedulerSetting } from './ipvs/scheduler.ts';
import { judgeServices } from './services/services.ts';
import { judgeSets } from './rules/ip-sets.ts';
import { judgeSettings } from './node/settings.ts';
import { judgeSync, withClusterRequests } from './node/sync.ts';
import { judgeTables } from './rules/rules.ts';
import { type Besides, type SideView, sideView } from './side.ts';
import { withUpgrade } from './node/upgrade.ts';

/** What the judges came to. */
export interface Verdicts {
  readonly drafts: readonly Draft[];
  readonly before: SideView;
  readonly after: SideView;
  readonly flows: FlowDifferences;
  /** What could not be compared, in sentences. */
  readonly uncompared: readonly string[];
}

/** What is made only where it is asked for. */
export type Later = Pick<Judgement, 'survival' | 'cluster'>;

/**
 * Says what each difference means for traffic. A larger change is asked first and takes the smaller ones that it explains: the mode,
 * the settings, restrictions; then services, sets, and at last the rules that nothing explains.
 */
export function judge(before: Model, after: Model, differences: Differences, beside: Besides, later: Later): Verdicts {
  const one = sideView('before', before, after, beside);
  const other = sideView('after', after, before, beside);
  const flows: FlowDifferences = needsFlows(differences)
    ? flowDifferences(one, other, differences)
    : { all: [], compared: 0, complete: false, byRule: new Map(), byFrontend: new Map(), senders: [] };
  if (before === after) return { drafts: [], before: one, after: other, flows, uncompared: differences.uncompared };
  const judgement: Judgement = {
    before: one,
    after: other,
    differences,
    flows,
    ...later,
    told: new Set(),
    engine: exactEngine,
    space: spaceOf(one, other),
    mirroredSpace: spaceOf(other, one),
    budget: { walks: WALKS, changes: changesToCompare(before, after) },
  };
  const judges = changesMode(judgement) ? JUDGES.filter((ask) => !OF_ONE_MODE.has(ask)) : JUDGES;
  const judged = judges.flatMap((ask) => ask(judgement));
  const drafts = EXPLAINERS.reduce<readonly Draft[]>((told, explain) => explain(told, judgement), judged);
  return { drafts, before: one, after: other, flows, uncompared: differences.uncompared };
}

/** In the order in which they are asked. */
const JUDGES: readonly ((judgement: Judgement) => Draft[])[] = [
  judgeServedPlaces,
  judgeRestrictions,
  judgeMode,
  judgeOwners,
  judgeSettings,
  judgeServices,
  judgeIpvs,
  judgeIpvsState,
  judgeSets,
  judgeTables,
  judgeNftTables,
  judgeModules,
  judgeInterfaces,
  judgeSync,
];

/** Those that compare how one mechanism serves with how it served: another mechanism is compared by what becomes of connections alone. */
const OF_ONE_MODE: ReadonlySet<(judgement: Judgement) => Draft[]> = new Set([judgeSettings, judgeServices, judgeIpvs, judgeSync]);

/** What lays many changes to one cause, once all are told. */
const EXPLAINERS: readonly ((drafts: readonly Draft[], judgement: Judgement) => Draft[])[] = [
  withRestrictedServices,
  withIpvsEmptied,
  withUpgrade,
  withSchedulerSetting,
  withEndpointCauses,
  withFrontendAgreement,
  withRenameOnly,
  withClusterRequests,
  withLossesAlone,
];

/** Connections of endpoints to themselves: of a thousand services the first endpoints. */
const WALKS = 20_000;
/** Changed rules that are compared by themselves, each at the cost of going over all rules once; what is beyond counts as undecided. */
function changesToCompare(before: Model, after: Model): number {
  const rules = countRules(before) + countRules(after) + 1;
  return Math.max(MOST_CHANGES / 100, Math.min(MOST_CHANGES, Math.floor(RULES_TO_GO_OVER / rules)));
}

const MOST_CHANGES = 2000;
const RULES_TO_GO_OVER = 4_000_000;

/** Packets are led through the rules only where a rule or a set differs: what IPVS alone changes is seen without. */
function needsFlows({ tables, sets }: Differences): boolean {
  return tables.length > 0 || (sets?.changed.length ?? 0) > 0;
}
