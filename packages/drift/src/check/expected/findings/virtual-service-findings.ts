import { addToGroup } from '../../../common/add-to-group.ts';
import type { NodeView } from '../../../services/node-facts.ts';
import type { IpvsService } from '../../../state/model.ts';
import type { DesiredVirtualService } from '../../../desired/ipvs/ipvs-tables.ts';
import { finding, type FoundThing, listed } from '../../finding.ts';
import type { Expectation } from '../expectation.ts';

/** Virtual services whose scheduler, flags or session affinity kube-proxy would set otherwise. */
export function virtualServiceFindings({ model, facts }: NodeView, { ipvs }: Expectation): FoundThing[] {
  const [wanted, ...others] = ipvs;
  if (wanted === undefined || facts.proxyMode?.value !== 'ipvs') return [];
  const readings = others.map(({ services }) => new Map(services.map((service) => [service.key, service])));
  const groups = new Map<string, { readonly service: DesiredVirtualService; readonly there: IpvsService }[]>();
  for (const service of wanted.services) {
    const there = model.ipvs?.services.get(service.key);
    if (there === undefined) continue;
    const asked = [service, ...readings.flatMap((reading) => reading.get(service.key) ?? [])];
    const scheduler = asked.map((one) => wrongScheduler(one, there));
    if (scheduler.every((text) => text !== undefined))
      addToGroup(groups, `x.scheduler-not-expected|${service.service}|${scheduler[0] ?? ''}`, { service, there });
    const affinity = wrongAffinity(service, there);
    if (affinity !== undefined) addToGroup(groups, `x.affinity-not-expected|${service.service}|${affinity}`, { service, there });
  }
  return [...groups].map(([group, found]) => {
    const [id = '', owner = '', text = ''] = group.split('|');
    const keys = found.map(({ there }) => there.key);
    const names = [...new Set(found.map(({ service }) => service.name))].sort();
    const name = names.length === 1 ? (names[0] ?? owner) : owner;
    return finding(id, {
      subject: { kind: 'kube.servicePort', name, frontends: keys },
      text: `${listed(names)}: ${listed(keys)} ${text}`,
      origins: found.slice(0, 2).map(({ there }) => there.origin),
      about: [...names, owner],
    });
  });
}

function wrongScheduler({ scheduler, flags }: DesiredVirtualService, there: IpvsService): string | undefined {
  if (there.scheduler !== undefined && there.scheduler !== scheduler)
    return `has the scheduler ${there.scheduler}, kube-proxy gives ${scheduler}`;
  if (there.flags === undefined || there.flags.join() === flags.join()) return undefined;
  return `has ${there.flags.length === 0 ? 'no flags of the scheduler' : `the flags ${there.flags.join(', ')} of the scheduler`}, kube-proxy gives ${flags.length === 0 ? 'none' : flags.join(', ')}`;
}

function wrongAffinity({ persistence = 0 }: DesiredVirtualService, there: IpvsService): string | undefined {
  if (!there.showsPersistence) return undefined;
  const found = there.persistence === undefined ? 0 : there.persistence.timeout;
  if (found === undefined || found === persistence) return undefined;
  const seconds = (value: number): string => (value === 0 ? 'to no endpoint' : `to one endpoint for ${value} seconds`);
  return `keeps clients ${seconds(found)}, the service asks to keep them ${seconds(persistence)}`;
}
