import { balanceOf } from '../ipvs/balance.ts';
import type { IpvsService, Model, RuleEntry } from '../state/model.ts';
import type { ServiceFrontend, ServicePort, SourceKind } from '../proxy/service-table.ts';

const SENDERS: readonly SourceKind[] = ['pod', 'node', 'outside'];

/**
 * The services of firewall marks: they answer wherever a packet with their mark asks to go. Which packets get it is told by the rules of
 * mangle that set it, where that table was given.
 */
export function markServices(model: Model): ServicePort[] {
  const services = [...(model.ipvs?.services.values() ?? [])].filter(({ fwmark }) => fwmark !== undefined);
  return services.map((service) => ({ name: service.key, named: false, protocol: '', frontends: [markFrontend(model, service)] }));
}

function markFrontend(model: Model, service: IpvsService): ServiceFrontend {
  const { parts, words } = balanceOf(service);
  // Port 0 is no port: a packet keeps the one that it asks for.
  const endpoints = parts.map(({ address, share }) => ({ address: address.replace(/:0$/, ''), share: share ?? 1 / parts.length }));
  const marked = markedBy(model, service);
  return {
    purpose: 'unknown',
    protocol: '',
    addresses: [],
    port: 0,
    fwmark: service.fwmark ?? 0,
    by: 'ipvs',
    ...(service.showsPersistence ? { affinitySeconds: service.persistence === undefined ? 0 : (service.persistence.timeout ?? 0) } : {}),
    ...(words === undefined ? {} : { balancing: words }),
    ...(parts.every(({ share }) => share !== undefined) ? {} : { sharesKnown: false }),
    ...(marked.length === 0 ? {} : { marked }),
    paths: SENDERS.map((from) => (endpoints.length === 0 ? { from, verdict: 'refused', endpoints, reason: 'no endpoints' } : { from, verdict: 'delivered', endpoints })),
  };
}

/** The rules that give packets the mark, as they would be written. */
function markedBy(model: Model, { fwmark, family }: IpvsService): string[] {
  const chains = [...(model.tables.get(`${family} mangle`)?.chains.values() ?? [])];
  const sets = ({ target }: RuleEntry): boolean => target.kind === 'mark' && target.xorValue === fwmark;
  return chains.flatMap(({ name, rules }) => rules.filter(sets).map((rule) => `${[...rule.conditions.map(({ text }) => text)].join(' ') || 'every packet'} (mangle ${name}#${rule.number})`));
}
