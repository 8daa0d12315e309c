import { withEndpointCauses } from './causes/endpoint-causes.ts';
import { withRenameOnly } from './causes/rename-only.ts';
import { alone, type Found, type Story } from './claims.ts';
import type { Comparison } from './comparison.ts';
import { withIpvsEmptied } from './ipvs/ipvs-emptied.ts';
import { judgeChangedIpvsServices, judgeReaddressed, judgeWholeIpvsServices } from './ipvs/ipvs-services.ts';
import { judgeIpvsState } from './ipvs/ipvs-state.ts';
import { withSchedulerSetting } from './ipvs/scheduler.ts';
import { judgeInterfaces, judgeModules } from './node/machine.ts';
import { judgeMode } from './node/mode.ts';
import { changesMode, judgeServedPlaces } from './node/served-mode.ts';
import { judgeMasqueradeBit, judgeMasqueradeSettings } from './node/settings.ts';
import { judgeSync, withClusterRequests } from './node/sync.ts';
import { withUpgrade } from './node/upgrade.ts';
import { judgeSelfConnections } from './packets/self-connections.ts';
import type { PendingChange } from './pending-change.ts';
import { judgeSets } from './rules/ip-sets.ts';
import { judgeNftTables } from './rules/nft-tables.ts';
import { judgeOwners } from './rules/owners.ts';
import { judgeTables } from './rules/rules.ts';
import { judgeNodePortAddresses } from './services/node-port-addresses.ts';
import { judgeRestrictions, withRestrictedServices } from './services/restrictions.ts';
import { judgeAffinity } from './services/service-affinity.ts';
import { withFrontendAgreement } from './services/frontend-agreement.ts';
import { judgeEndpoints } from './services/service-endpoints.ts';
import { judgeMovedServices, judgeWholeServices } from './services/services.ts';
import { judgeTrafficPolicies } from './services/traffic-policy.ts';

/** Finds changes of one subject. */
export interface ChangeRule {
  /** Where it is asked; missing = everywhere. */
  readonly when?: (comparison: Comparison) => boolean;
  /** It says itself what a change of the mode loses: what other rules find beside that is a warning at most. */
  readonly tellsLosses?: true;
  /** `explained`: what earlier rules claimed, which this one leaves out. */
  readonly find: (comparison: Comparison, explained: ReadonlySet<object>) => readonly Found[];
}

/** Where services are served in the same way on both sides: where the mode changed, what becomes of connections tells all. */
const inOneMode = (comparison: Comparison): boolean => !changesMode(comparison);

/** Where the tables that serve are shown: what IPVS serves cannot be told without its table. */
const whereServicesShow = (comparison: Comparison): boolean =>
  inOneMode(comparison) &&
  [comparison.before, comparison.after].every((side) => side.facts.proxyMode?.value !== 'ipvs' || side.model.ipvs !== undefined);

/** Larger changes are asked first, and claim the smaller ones that they explain. */
export const CHANGE_RULES: readonly ChangeRule[] = [
  { tellsLosses: true, find: judgeServedPlaces },
  { find: judgeRestrictions },
  { find: each(judgeMode) },
  { find: judgeOwners },
  { when: inOneMode, find: judgeMasqueradeSettings },
  { when: inOneMode, find: judgeMasqueradeBit },
  { when: whereServicesShow, find: judgeWholeServices },
  { when: whereServicesShow, find: judgeMovedServices },
  { when: whereServicesShow, find: judgeNodePortAddresses },
  { when: whereServicesShow, find: judgeTrafficPolicies },
  { when: whereServicesShow, find: judgeAffinity },
  { when: whereServicesShow, find: judgeEndpoints },
  { when: whereServicesShow, find: judgeSelfConnections },
  { when: inOneMode, find: judgeReaddressed },
  { when: inOneMode, find: judgeWholeIpvsServices },
  { when: inOneMode, find: judgeChangedIpvsServices },
  { find: each(judgeIpvsState) },
  { find: judgeSets },
  { find: judgeTables },
  { find: each(judgeNftTables) },
  { find: each(judgeModules) },
  { find: each(judgeInterfaces) },
  { when: inOneMode, find: each(judgeSync) },
];

/** What a rule finds, with the severity that it has in this comparison. */
export function foundBy({ find, tellsLosses }: ChangeRule, comparison: Comparison, explained: ReadonlySet<object>): readonly Found[] {
  const found = find(comparison, explained);
  if (tellsLosses === true || !changesMode(comparison)) return found;
  const atMostWarning = (change: PendingChange): PendingChange =>
    change.severity === 'critical' ? { ...change, severity: 'warning' } : change;
  return found.map(({ change, parts = [], ...rest }) => ({ ...rest, change: atMostWarning(change), parts: parts.map(atMostWarning) }));
}

/** Changes that explain nothing but themselves. */
function each(find: (comparison: Comparison, explained: ReadonlySet<object>) => readonly PendingChange[]): ChangeRule['find'] {
  return (comparison, explained) => find(comparison, explained).map(alone);
}

/** What lays several changes to one cause, once all are found. */
export const CAUSE_RULES: readonly ((stories: readonly Story[], comparison: Comparison) => readonly Story[])[] = [
  withRestrictedServices,
  withIpvsEmptied,
  withUpgrade,
  withSchedulerSetting,
  withEndpointCauses,
  withFrontendAgreement,
  withRenameOnly,
  withClusterRequests,
];
