import { chains } from './chain-findings.ts';
import { connections } from './connection-findings.ts';
import { deadRules } from './dead-rule-findings.ts';
import { disagreements } from './disagreements.ts';
import { expectations } from './expected/expectation-findings.ts';
import type { FindingRow } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';
import { firewallMarks } from './firewall-mark-findings.ts';
import { ipvs } from './ipvs-findings.ts';
import { leftovers } from './leftover-findings.ts';
import { logs } from './log-findings.ts';
import { masquerading } from './masquerade-findings.ts';
import { nodePortAddresses } from './node-port-address-findings.ts';
import { nftTables } from './nft-table-findings.ts';
import { hairpins } from './hairpin-findings.ts';
import { ledToAnother } from './led-to-another-findings.ts';
import { neverChosen } from './never-chosen-findings.ts';
import { persistences } from './persistence-findings.ts';
import { servedInPart } from './served-in-part-findings.ts';
import { nodeSettings } from './node-setting-findings.ts';
import { proxyRules } from './proxy-rule-findings.ts';
import { routes } from './route-findings.ts';
import { readiness } from './readiness-findings.ts';
import { serviceChains } from './service-chain-findings.ts';
import { takenServices } from './taken-service-findings.ts';
import { trackedConnections } from './tracked-connection-findings.ts';

/** Everything that is looked for in one snapshot. */
export const FINDING_RULES: readonly FindingRule[] = [
  readiness,
  logs,
  ipvs,
  persistences,
  nodePortAddresses,
  connections,
  firewallMarks,
  chains,
  deadRules,
  masquerading,
  takenServices,
  trackedConnections,
  serviceChains,
  ledToAnother,
  servedInPart,
  neverChosen,
  hairpins,
  proxyRules,
  leftovers,
  nodeSettings,
  routes,
  nftTables,
  expectations,
  disagreements,
];

/** Every kind of finding by its id. */
export const FINDING_KINDS: ReadonlyMap<string, FindingRow> = new Map(
  FINDING_RULES.flatMap(({ kinds }) => kinds.map((kind) => [kind.id, kind] as const)).sort(([one], [other]) => (one < other ? -1 : 1)),
);
