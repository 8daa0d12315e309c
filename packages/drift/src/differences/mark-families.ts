import { markIdentity } from '../state/ipvs-table.ts';
import type { IpvsService, Model } from '../state/model.ts';

/**
 * Takes the family of a mark's service, which /proc/net/ip_vs does not show, from the other side where it has a service of this mark in one
 * family alone.
 */
export function withMarkFamilies(model: Model, other: Model): Model {
  const shown = other.ipvs?.services;
  if (model.ipvs === undefined || shown === undefined || !hidesFamilies(model.ipvs.services)) return model;
  const services = new Map<string, IpvsService>();
  for (const [key, service] of model.ipvs.services) {
    const { fwmark, family, familyNotShown } = service;
    const otherFamily =
      fwmark === undefined || familyNotShown !== true || shown.has(key)
        ? undefined
        : markIdentity(fwmark, family === 'ipv4' ? 'ipv6' : 'ipv4');
    const isMeant = otherFamily !== undefined && shown.has(otherFamily.key) && !model.ipvs.services.has(otherFamily.key);
    const meant = isMeant ? { ...service, ...otherFamily } : service;
    services.set(meant.key, meant);
  }
  return { ...model, ipvs: { ...model.ipvs, services } };
}

function hidesFamilies(services: ReadonlyMap<string, IpvsService>): boolean {
  for (const { familyNotShown } of services.values()) if (familyNotShown === true) return true;
  return false;
}
