import { type Frontend, frontendsOf, refusedFrontends } from '../kubernetes/frontends.ts';
import { type ProxyFacts, proxyFacts } from '../kubernetes/facts.ts';
import { SOME_NODE_ADDRESS } from '../kubernetes/node-world.ts';
import { addressNumber } from '../model/address-range.ts';
import type { IpvsTable, Model } from '../model/model.ts';
import type { FlowTables } from '../packets/flow.ts';
import type { Side } from '../report.ts';

const SOME_NODES = Object.values(SOME_NODE_ADDRESS).map((text) => addressNumber(text) as bigint);

/** One snapshot with everything told from it. */
export interface SideView {
  readonly side: Side;
  readonly model: Model;
  readonly facts: ProxyFacts;
  readonly frontends: ReadonlyMap<string, Frontend>;
  readonly flowTables: (family: 'ipv4' | 'ipv6') => FlowTables;
}

/** Tells from a model what the judges ask for. */
export function sideView(side: Side, model: Model, other: Model): SideView {
  let local: ReadonlySet<bigint> | undefined;
  const isLocal = (address: bigint): boolean | undefined => (local ??= localAddresses(model, other)).has(address);
  const sets = model.sets?.sets;
  const world = { ...(sets === undefined ? {} : { sets }), isLocal };
  const flowTables = (family: 'ipv4' | 'ipv6'): FlowTables => {
    const nat = model.tables.get(`${family} nat`);
    // What one side alone shows of the filter would be a difference that nobody made.
    const filter = other.tables.has(`${family} filter`) ? model.tables.get(`${family} filter`) : undefined;
    const mangle = marksCount(family, model, other) ? model.tables.get(`${family} mangle`) : undefined;
    return {
      ...(mangle === undefined ? {} : { mangle }),
      ...(nat === undefined ? {} : { nat }),
      ...(filter === undefined ? {} : { filter }),
      ...(model.ipvs === undefined ? {} : { ipvs: model.ipvs }),
      world,
    };
  };
  return { side, model, facts: proxyFacts(model), frontends: allFrontends(model, other), flowTables };
}

/** Whether packets are led through mangle: a side has firewall-mark services, and both show the table or that there is none. */
function marksCount(family: 'ipv4' | 'ipv6', ...models: readonly Model[]): boolean {
  const shown = models.every(({ tables, wholeFamilies }) => tables.has(`${family} mangle`) || wholeFamilies.has(family));
  return shown && models.some(({ ipvs }) => hasMarkService(ipvs, family));
}

function hasMarkService(ipvs: IpvsTable | undefined, family: 'ipv4' | 'ipv6'): boolean {
  for (const service of ipvs?.services.values() ?? []) if (service.fwmark !== undefined && service.family === family) return true;
  return false;
}

function allFrontends(model: Model, other: Model): Map<string, Frontend> {
  const refused = refusedFrontends(model, other);
  const served = frontendsOf(model);
  return refused.size === 0 ? served : new Map([...refused, ...served]);
}

/**
 * The node's own addresses, as far as anything shows them: those of listed interfaces, those that ipvs mode holds on kube-ipvs0
 * (set KUBE-IPVS-IPS), and those of virtual services. The service addresses of the other snapshot count too where no interface is
 * listed: whether an address is the node's own should not differ between two snapshots for want of a listing.
 */
function localAddresses(model: Model, other: Model): ReadonlySet<bigint> {
  const addresses = new Set<bigint>(SOME_NODES);
  const add = (text: string): void => {
    const number = addressNumber(text);
    if (number !== undefined) addresses.add(number);
  };
  add('127.0.0.1');
  for (const { addresses: listed } of model.interfaces.values()) for (const address of listed.keys()) add(address);
  for (const name of ['KUBE-IPVS-IPS', 'KUBE-6-IPVS-IPS']) for (const member of model.sets?.sets.get(name)?.members?.keys() ?? []) add(member);
  for (const { address } of model.ipvs?.services.values() ?? []) if (address !== undefined) add(address);
  if (model.interfaces.size === 0) for (const { address } of other.ipvs?.services.values() ?? []) if (address !== undefined) add(address);
  return addresses;
}
