import { type Frontend, frontendFamily } from '../../services/frontends.ts';
import { addressFamily, addressNumber } from '../../state/address-range.ts';
import { endpointAddress } from '../../state/ipvs-table.ts';
import { eachFlow, type Flow } from '../../packets/flow.ts';
import type { Comparison, RuleQuestion } from '../comparison.ts';
import { compareFlows, type FlowDifference, meetsRule } from './flow-differences.ts';
import { packetTo, type Sender } from './probes.ts';

/** Service ports asked about for a rule that belongs to none. */
const MAX_SERVICES = 100;
/** Endpoints asked about of each. */
export const MAX_ENDPOINTS = 16;

/**
 * Packets of endpoints to their own service that chance or IPVS leads back to them, and that only one side masquerades: an endpoint that
 * gets a packet with its own source address drops it, so it does not reach itself. Only those are given whose packet meets the rule.
 */
export function hairpinsThrough({ table, before, after }: RuleQuestion, comparison: Comparison): FlowDifference[] {
  return comparison
    .hairpins()
    .filter((found) => meetsRule(found.before, table.after.name, before) || meetsRule(found.after, table.after.name, after));
}

/** The hairpins that differ, of the first service ports that both snapshots have: each at its cluster IP where it has one. */
export function hairpinsOf(comparison: Comparison): readonly FlowDifference[] {
  const { before, after } = comparison;
  const both = [...after.frontends.values()].filter(({ key, address }) => address !== undefined && before.frontends.has(key));
  const rank = ({ purpose, key }: Frontend): string => `${purpose === undefined || purpose === 'cluster IP' ? 0 : 1} ${key}`;
  both.sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
  const services = new Map<string, Frontend>();
  for (const frontend of both) {
    const name = frontend.servicePort ?? frontend.key;
    if (!services.has(name)) services.set(name, frontend);
  }
  return [...services.values()].slice(0, MAX_SERVICES).flatMap((frontend) => hairpinsAt(frontend, comparison));
}

/** The hairpins of a place where a service answers that differ: of its first endpoints, or of those that have one of the addresses. */
export function hairpinsAt(frontend: Frontend, comparison: Comparison, addresses?: ReadonlySet<bigint>): FlowDifference[] {
  const { before, after } = comparison;
  const all = endpointsAt(frontend, comparison).map((endpoint) => ({ endpoint, address: addressNumber(endpointAddress(endpoint)) }));
  const asked =
    addresses === undefined ? all.slice(0, MAX_ENDPOINTS) : all.filter(({ address }) => address !== undefined && addresses.has(address));
  return asked.flatMap(({ endpoint, address }) => {
    if (address === undefined) return [];
    const sender: Sender = { kind: 'endpoint', address, hook: 'PREROUTING', endpoint };
    const packet = packetTo(frontend, sender, before, after);
    const difference = packet === undefined ? undefined : compareFlows(before, after, packet, sender, frontend);
    return difference !== undefined && isHairpin(difference, endpoint) ? [difference] : [];
  });
}

/** Endpoints that a connection from outside or from a pod gets to on both sides. */
function endpointsAt(frontend: Frontend, { before, after, flows }: Comparison): string[] {
  const family = frontendFamily(frontend);
  const isOfFamily = ({ address }: Sender): boolean => addressFamily(address) === family;
  const sender = flows.senders.find((one) => one.hook === 'PREROUTING' && isOfFamily(one));
  const packet = sender === undefined ? undefined : packetTo(frontend, sender, before, after);
  if (packet === undefined) return [];
  const [one, other] = [before, after].map(
    (side) =>
      eachFlow(side.flowTables(family), packet, 'PREROUTING')
        .next()
        .value?.endpoints.map(({ address }) => address) ?? [],
  ) as [string[], string[]];
  const both = new Set(other);
  return one.filter((address) => both.has(address));
}

function isHairpin({ before, after, masquerade }: FlowDifference, endpoint: string): boolean {
  const reachesIt = ({ endpoints }: Flow): boolean => endpoints.length === 1 && endpoints[0]?.address === endpoint;
  return masquerade && reachesIt(before) && reachesIt(after);
}
