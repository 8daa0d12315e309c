import { alike } from './causes/alike.ts';
import { foreignNft } from './causes/foreign-nft.ts';
import { sharedNftChains } from './causes/shared-nft-chains.ts';
import { endpointCauses } from './causes/endpoint-causes.ts';
import { renameOnly } from './causes/rename-only.ts';
import { ipvsEmptied } from './ipvs/ipvs-emptied.ts';
import { changedIpvsServices, readdressedIpvsServices, wholeIpvsServices } from './ipvs/ipvs-services.ts';
import { ipvsState } from './ipvs/ipvs-state.ts';
import { schedulerSetting } from './ipvs/scheduler.ts';
import { interfaces } from './node/addresses.ts';
import { kernelSettings } from './node/kernel-settings.ts';
import { routeChanges } from './node/route-changes.ts';
import { modules } from './node/machine.ts';
import { modeAnswer } from './node/mode.ts';
import { proxyVersion } from './node/proxy-version.ts';
import { servedPlaces } from './node/served-mode.ts';
import { masqueradeBit, masqueradeSettings } from './node/settings.ts';
import { clusterRequests, sync } from './node/sync.ts';
import { upgrade } from './node/upgrade.ts';
import { selfConnections } from './packets/self-connections.ts';
import type { CauseKind, CauseRule, ChangeKind, ChangeRule } from './rule.ts';
import { ipSets } from './rules/ip-sets.ts';
import { nftTables } from './rules/nft-tables.ts';
import { owners } from './rules/owners.ts';
import { tables } from './rules/rules.ts';
import { frontendAgreement } from './services/frontend-agreement.ts';
import { nodePortAddresses } from './services/node-port-addresses.ts';
import { restrictedServices, restrictions } from './services/restrictions.ts';
import { affinity } from './services/service-affinity.ts';
import { endpoints } from './services/service-endpoints.ts';
import { movedServices, wholeServices } from './services/services.ts';
import { trafficPolicies } from './services/traffic-policy.ts';

/** Larger changes are asked first, and claim the smaller ones that they explain. */
export const CHANGE_RULES: readonly ChangeRule[] = [
  servedPlaces,
  restrictions,
  modeAnswer,
  proxyVersion,
  owners,
  masqueradeSettings,
  masqueradeBit,
  wholeServices,
  movedServices,
  nodePortAddresses,
  trafficPolicies,
  affinity,
  endpoints,
  selfConnections,
  readdressedIpvsServices,
  wholeIpvsServices,
  changedIpvsServices,
  ipvsState,
  ipSets,
  tables,
  nftTables,
  modules,
  interfaces,
  kernelSettings,
  routeChanges,
  sync,
];

/** What lays several changes to one cause, once all are found. */
export const CAUSE_RULES: readonly CauseRule[] = [
  restrictedServices,
  ipvsEmptied,
  upgrade,
  schedulerSetting,
  endpointCauses,
  foreignNft,
  alike,
  sharedNftChains,
  frontendAgreement,
  renameOnly,
  clusterRequests,
];

const ALL: readonly Pick<CauseRule, 'kinds' | 'causes'>[] = [...CHANGE_RULES, ...CAUSE_RULES];

/** Every kind of change by its id, gathered from the rules. */
export const CHANGE_KINDS: ReadonlyMap<string, ChangeKind> = byId(ALL.flatMap(({ kinds = [] }) => kinds));

/** Every kind of cause by its id, gathered from the rules. */
export const CAUSE_KINDS: ReadonlyMap<string, CauseKind> = byId(ALL.flatMap(({ causes = [] }) => causes));

function byId<Kind extends { readonly id: string }>(kinds: readonly Kind[]): Map<string, Kind> {
  return new Map(kinds.map((kind) => [kind.id, kind] as const).sort(([one], [other]) => (one < other ? -1 : 1)));
}
