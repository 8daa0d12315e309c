import { type DeadRule, deadRules } from '../check/coverage/dead-rules.ts';
import { once } from '../common/once.ts';
import { type Frontend, shownFrontends, refusedFrontends } from '../services/frontends.ts';
import { type Found, missingInLog } from '../services/ipvs-obstacles.ts';
import { lastFlag } from '../read/kinds/node-knowledge.ts';
import { proxyFacts } from '../proxy/facts/facts.ts';
import type { ProxyFacts } from '../proxy/facts/fact.ts';
import { type Beside, podRangesOf, unknownNode, worldOf } from '../proxy/facts/known-node.ts';
import { IPVS_INTERFACE } from '../proxy/facts/node-world.ts';
import { routingOf } from '../proxy/facts/routing-of.ts';
import type { Model } from '../state/model.ts';
import { type FlowTables, flowTables as flowTablesOf } from '../packets/flow-tables.ts';
import type { Side } from '../report.ts';
import type { Routing } from '../world/routing.ts';
import type { World } from '../world/world.ts';

/** One snapshot with everything told from it. */
export interface SideView {
  readonly side: Side;
  readonly model: Model;
  readonly facts: ProxyFacts;
  readonly frontends: ReadonlyMap<string, Frontend>;
  readonly flowTables: (family: 'ipv4' | 'ipv6') => FlowTables;
  /** The rules that can never match, by table, chain and number. */
  readonly deadRules: (family: 'ipv4' | 'ipv6') => ReadonlyMap<string, DeadRule>;
  /** What the log of kube-proxy says is missing for ipvs mode. */
  readonly missing?: Found;
  /** What this snapshot tells of its node beside the tables. */
  readonly beside: Beside;
  /** The routes of this snapshot, where it shows some. */
  readonly routing: (family: 'ipv4' | 'ipv6') => Routing | undefined;
}

/** The two snapshots of a comparison. */
export interface Sides {
  readonly before: SideView;
  readonly after: SideView;
}

/** Tells from a model what the judges ask for. `beside`: what both snapshots tell of the node besides. */
export function sideView(side: Side, model: Model, other: Model, beside: Besides): SideView {
  const own = side === 'before' ? beside.before : beside.after;
  const partner = side === 'before' ? beside.after : beside.before;
  const flowTables = forFamily((family) =>
    flowTablesOf(worldOf(comparable(model, other), jointly(model, other, own, partner), family), (name) =>
      model.tables.get(`${family} ${name}`),
    ),
  );
  const log = own.log ?? [];
  const missing = missingInLog(log, lastFlag(log, 'ipvs-scheduler'));
  return {
    side,
    model,
    facts: proxyFacts(model),
    frontends: allFrontends(model, other),
    flowTables,
    deadRules: forFamily((family) => deadRulesIn(flowTables(family).tracer.world)),
    ...(missing === undefined ? {} : { missing }),
    beside: own,
    routing: forFamily((family) => routingOf(own, family)),
  };
}

/** What is made of each family, when it is asked for first. */
export function forFamily<Made>(make: (family: 'ipv4' | 'ipv6') => Made): (family: 'ipv4' | 'ipv6') => Made {
  const made = { ipv4: once(() => make('ipv4')), ipv6: once(() => make('ipv6')) };
  return (family) => made[family]();
}

function deadRulesIn({ rules }: World): ReadonlyMap<string, DeadRule> {
  return new Map(deadRules(rules).map((one) => [`${one.chain.table} ${one.chain.name} ${one.rule.source.number}`, one]));
}

/** What the snapshots tell of their node beside its tables. */
export interface Besides {
  readonly before: Beside;
  readonly after: Beside;
}

/** Where nothing is told of a node beside its tables. */
export const NOTHING_BESIDE: Besides = { before: unknownNode(), after: unknownNode() };

/** The tables that both sides show: what one side alone shows would be a difference that nobody made. */
function comparable(model: Model, other: Model): Model {
  const tables = [...model.tables].filter(
    ([key, { family, name }]) => name === 'nat' || other.tables.has(key) || (name !== 'filter' && other.wholeFamilies.has(family)),
  );
  return tables.length === model.tables.size ? model : { ...model, tables: new Map(tables) };
}

/**
 * Whether an address is the node's own should not differ between two snapshots for want of a listing: what one of them tells counts for
 * both, and where no interface is listed the service addresses of the other snapshot are the node's too.
 */
function jointly(model: Model, other: Model, own: Beside, partner: Beside): Beside {
  const isBound = (one: Model, { noInterfaces }: Beside): boolean => noInterfaces.has(IPVS_INTERFACE) || one.interfaces.has(IPVS_INTERFACE);
  const services = model.interfaces.size > 0 ? [] : [...(other.ipvs?.services.values() ?? [])].flatMap(({ address }) => address ?? []);
  return {
    noInterfaces: own.noInterfaces,
    nodeAddresses: [...new Set([...own.nodeAddresses, ...partner.nodeAddresses, ...services])],
    podRanges: podRangesOf([model, own], [other, partner]),
    sysctls: new Map([...partner.sysctls, ...own.sysctls]),
    boundListed: isBound(model, own) && isBound(other, partner),
  };
}

function allFrontends(model: Model, other: Model): Map<string, Frontend> {
  const refused = refusedFrontends(model, other);
  const served = shownFrontends(model);
  return refused.size === 0 ? served : new Map([...refused, ...served]);
}
