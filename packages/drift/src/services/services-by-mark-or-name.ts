import { addressNumber } from '../state/address-range.ts';
import { balanceOf } from '../ipvs/balance.ts';
import type { IpvsService, Model, RuleEntry } from '../state/model.ts';
import { SENDERS } from '../proxy/senders.ts';
import type { ServiceFrontend, ServicePort } from '../proxy/service-table.ts';

/**
 * Virtual services that are known by no address and port: those of firewall marks, which answer wherever a packet with their mark asks to
 * go – which packets get it is told by the rules of mangle that set it –, and those that a listing without `-n` shows by names.
 */
export function servicesByMarkOrName(model: Model): ServicePort[] {
  const services = [...(model.ipvs?.services.values() ?? [])].filter((service) => service.fwmark !== undefined || isShownByName(service));
  return services.map((service) => ({
    name: service.key,
    named: false,
    protocol: service.protocol ?? '',
    frontends: [frontendOf(model, service)],
  }));
}

/** `tcp vip.example.com:80`, `tcp 192.0.2.10:http`: which address or port that is, nobody knows. */
export function isShownByName({ protocol, address, key }: IpvsService): boolean {
  return protocol !== undefined && address !== undefined && (addressNumber(address) === undefined || !/:\d+$/.test(key));
}

function frontendOf(model: Model, service: IpvsService): ServiceFrontend {
  const { parts, words } = balanceOf(service);
  // Port 0 is no port: a packet keeps the one that it asks for.
  const endpoints = parts.map(({ address, share }) => ({ address: address.replace(/:0$/, ''), share: share ?? 1 / parts.length }));
  const marked = markedBy(model, service);
  return {
    purpose: 'unknown',
    protocol: service.protocol ?? '',
    addresses: [],
    port: 0,
    ...(service.fwmark === undefined
      ? { shownAs: service.key }
      : { fwmark: service.fwmark, ...(service.family === 'ipv6' ? { family: service.family } : {}) }),
    by: 'ipvs',
    ...affinityOf(service),
    ...(service.partialBecause === undefined ? {} : { partialBecause: service.partialBecause }),
    ...(words === undefined ? {} : { balancing: words }),
    ...(parts.every(({ share }) => share !== undefined) ? {} : { sharesKnown: false }),
    ...(marked.length === 0 ? {} : { marked }),
    paths: SENDERS.map((from) => {
      if (endpoints.length > 0) return { from, verdict: 'delivered', endpoints };
      return service.partialBecause === undefined
        ? { from, verdict: 'refused', endpoints, reason: 'no endpoints' }
        : { from, verdict: 'unknown', endpoints, reason: 'cannot tell' };
    }),
  };
}

/** How long a client stays with its endpoint, as far as the listings tell. */
export function affinityOf({ showsPersistence, persistence }: IpvsService): Pick<ServiceFrontend, 'affinitySeconds' | 'affinityTicks'> {
  if (!showsPersistence) return {};
  if (persistence === undefined) return { affinitySeconds: 0 };
  const { timeout, ticks } = persistence;
  return {
    ...(timeout === undefined ? {} : { affinitySeconds: timeout }),
    ...(timeout === undefined && ticks !== undefined ? { affinityTicks: ticks } : {}),
  };
}

/** The rules that give packets the mark, as they would be written. */
function markedBy(model: Model, { fwmark, family }: IpvsService): string[] {
  if (fwmark === undefined) return [];
  const chains = [...(model.tables.get(`${family} mangle`)?.chains.values() ?? [])];
  const sets = ({ target }: RuleEntry): boolean => target.kind === 'mark' && target.xorValue === fwmark;
  return chains.flatMap(({ name, rules }) =>
    rules
      .filter(sets)
      .map((rule) => `${[...rule.conditions.map(({ text }) => text)].join(' ') || 'every packet'} (mangle ${name}#${rule.number})`),
  );
}
