import { type Frontend, frontendsOf, refusedFrontends } from '../services/frontends.ts';
import { type Found, missingInLog } from '../services/ipvs-readiness.ts';
import { lastFlag } from '../read/kinds/node-knowledge.ts';
import { type ProxyFacts, proxyFacts } from '../proxy/facts/facts.ts';
import { type Beside, podRangesOf, unknownNode, worldOf } from '../proxy/facts/known-node.ts';
import { IPVS_INTERFACE } from '../proxy/facts/node-world.ts';
import type { Model } from '../state/model.ts';
import type { FlowTables } from '../packets/flow.ts';
import { tracerOf } from '../packets/trace.ts';
import type { Side } from '../report.ts';

/** One snapshot with everything told from it. */
export interface SideView {
  readonly side: Side;
  readonly model: Model;
  readonly facts: ProxyFacts;
  readonly frontends: ReadonlyMap<string, Frontend>;
  readonly flowTables: (family: 'ipv4' | 'ipv6') => FlowTables;
  /** What the log of kube-proxy says is missing for ipvs mode. */
  readonly missing?: Found;
}

/** Tells from a model what the judges ask for. `beside`: what both snapshots tell of the node besides. */
export function sideView(side: Side, model: Model, other: Model, beside: Besides): SideView {
  const own = side === 'before' ? beside.before : beside.after;
  const partner = side === 'before' ? beside.after : beside.before;
  const made = new Map<'ipv4' | 'ipv6', FlowTables>();
  const flowTables = (family: 'ipv4' | 'ipv6'): FlowTables => {
    const known = made.get(family) ?? {
      tracer: tracerOf(worldOf(comparable(model, other), jointly(model, other, own, partner), family)),
      table: (name: string) => model.tables.get(`${family} ${name}`),
    };
    made.set(family, known);
    return known;
  };
  const log = own.log ?? [];
  const missing = missingInLog(log, lastFlag(log, 'ipvs-scheduler'));
  return {
    side,
    model,
    facts: proxyFacts(model),
    frontends: allFrontends(model, other),
    flowTables,
    ...(missing === undefined ? {} : { missing }),
  };
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
  const served = frontendsOf(model);
  return refused.size === 0 ? served : new Map([...refused, ...served]);
}
