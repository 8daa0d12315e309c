import type { IpvsService, Model } from '../../state/model.ts';
import { IPVS_INTERFACE } from '../facts/node-world.ts';
import { type Leftover, type LeftBehind, placesServedBy } from './leftover.ts';

/** Virtual services, service addresses and sets that ipvs mode left. */
export function leftOfIpvs({ model, mode, table }: LeftBehind): Leftover[] {
  return mode === 'ipvs' ? [] : [...leftServices(model, placesServedBy(table, 'ipvs')), ...leftAddresses(model), ...leftSets(model)];
}

function leftServices({ ipvs, interfaces, sets }: Model, served: number): Leftover[] {
  // Others use IPVS too: kube-proxy has an interface and sets beside it.
  const isOfMode = interfaces.has(IPVS_INTERFACE) || [...(sets?.sets.keys() ?? [])].some((name) => name.startsWith('KUBE-'));
  if (!isOfMode) return [];
  const services = [...(ipvs?.services.values() ?? [])].filter(isOfKubeProxy);
  if (services.length === 0) return [];
  return [
    {
      mode: 'ipvs',
      what: `${services.length} virtual ${services.length === 1 ? 'service' : 'services'} of IPVS`,
      does:
        served > 0
          ? `still take connections to ${served} of their addresses, which no rule translates first`
          : 'take no connection: rules translate the address of each before IPVS sees it',
      acts: served > 0 ? 'services' : 'nothing',
      command: 'ipvsadm --clear',
      origins: services.slice(0, 1).map(({ origin }) => origin),
    },
  ];
}

/** kube-proxy masquerades; other uses of IPVS mostly do not. */
function isOfKubeProxy({ fwmark, destinations }: IpvsService): boolean {
  return fwmark === undefined && [...destinations.values()].every(({ forward }) => forward === undefined || forward === 'Masq');
}

function leftAddresses({ interfaces }: Model): Leftover[] {
  const addresses = [...(interfaces.get(IPVS_INTERFACE)?.addresses.values() ?? [])];
  if (addresses.length === 0) return [];
  return [
    {
      mode: 'ipvs',
      what: `${addresses.length} ${addresses.length === 1 ? 'address' : 'addresses'} on ${IPVS_INTERFACE}`,
      does: "make the addresses of services the node's own: a connection to one that no rule translates ends at the node",
      acts: 'packets',
      command: `ip link delete ${IPVS_INTERFACE}`,
      origins: addresses.slice(0, 1),
    },
  ];
}

function leftSets({ sets, tables }: Model): Leftover[] {
  const left = [...(sets?.sets.values() ?? [])].filter(({ name }) => name.startsWith('KUBE-'));
  if (left.length === 0) return [];
  const asked = new Set<string>();
  for (const { chains } of tables.values()) {
    for (const { rules } of chains.values())
      for (const { conditions } of rules) for (const condition of conditions) if (condition.kind === 'set') asked.add(condition.set);
  }
  const used = left.filter(({ name }) => asked.has(name)).length;
  const what = `${left.length} ${left.length === 1 ? 'set' : 'sets'} KUBE-*`;
  return [
    {
      mode: 'ipvs',
      what,
      does:
        used === 0
          ? `${left.length === 1 ? 'is' : 'are'} looked into by no rule`
          : `are looked into by rules of ipvs mode (${used} of them)`,
      acts: 'nothing',
      command: "ipset list -n | grep '^KUBE-' | xargs -n 1 ipset destroy",
      origins: left.slice(0, 1).flatMap(({ origin }) => origin),
    },
  ];
}
