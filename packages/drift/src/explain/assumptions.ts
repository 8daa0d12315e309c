import { IPVS_INTERFACE } from '../proxy/facts/node-world.ts';
import type { NodeView } from '../services/node-facts.ts';

/** What the listings of a snapshot hide, where it bears on what is said of its services. */
export function assumptionsOf({ model, facts, table, knowledge }: NodeView): string[] {
  const told: string[] = [];
  const nat = model.tables.get('ipv4 nat') ?? model.tables.get('ipv6 nat');
  const mode = facts.proxyMode?.value;
  if (model.ipvs?.complete === false)
    told.push(
      `the IPVS table is not whole (${model.ipvs.partialBecause ?? 'cut'}): services and destinations that are not shown may be there`,
    );
  if (table.servicePorts.length === 0) return told;
  if (nat === undefined) told.push('no nat table is in the snapshot: whether source addresses are replaced is not known');
  else if (nat.interfacesHidden) told.push('nat is listed without -v: conditions on interfaces do not show, and are taken to be none');
  if (nat !== undefined && !nat.complete)
    told.push(`nat is not whole (${nat.partialBecause ?? 'cut'}): rules that are not shown are taken not to be there`);
  if (mode !== 'iptables' && model.ipvs === undefined) told.push('no IPVS table is in the snapshot: where its services lead is not known');
  if (mode === 'ipvs' && nat !== undefined && model.sets === undefined)
    told.push('no ip sets are in the snapshot: rules that look into them can go either way, and are taken not to match');
  if (mode === 'ipvs' && !model.interfaces.has(IPVS_INTERFACE) && !knowledge.noInterfaces.has(IPVS_INTERFACE))
    told.push(`the addresses of ${IPVS_INTERFACE} are not in the snapshot: every virtual service is taken to be reachable`);
  if ((model.tables.get('ipv4 filter') ?? model.tables.get('ipv6 filter')) === undefined)
    told.push('no filter table is in the snapshot: it is taken to let everything pass');
  return told;
}
