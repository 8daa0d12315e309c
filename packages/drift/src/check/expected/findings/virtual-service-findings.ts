import type { NodeView } from '../../../services/node-facts.ts';
import type { IpvsService } from '../../../state/model.ts';
import type { DesiredVirtualService } from '../../../desired/ipvs/ipvs-tables.ts';
import { findingKinds, type FoundThing, listed } from '../../finding.ts';
import type { Expectation } from '../expectation.ts';
import { AFFINITY } from './path-findings.ts';

const { kinds, finding } = findingKinds([
  AFFINITY,
  {
    id: 'x.scheduler-not-expected',
    severity: 'warning',
    title: 'a virtual service has another scheduler or other flags than kube-proxy gives it',
    why: 'connections are shared out in another way',
  },
]);
export { kinds as virtualServiceKinds };

/** Virtual services whose scheduler, flags or session affinity kube-proxy would set otherwise. */
export function virtualServiceFindings({ model, facts }: NodeView, { ipvs }: Expectation): FoundThing[] {
  const [wanted, ...others] = ipvs;
  if (wanted === undefined || facts.proxyMode?.value !== 'ipvs') return [];
  const readings = others.map(({ services }) => new Map(services.map((service) => [service.key, service])));
  const groups = new Map<string, Group>();
  const add = (id: Group['id'], text: string, service: DesiredVirtualService, there: IpvsService): void => {
    const key = `${id} ${service.service} ${text}`;
    const group = groups.get(key) ?? { id, owner: service.service, text, found: [] };
    group.found.push({ service, there });
    groups.set(key, group);
  };
  for (const service of wanted.services) {
    const there = model.ipvs?.services.get(service.key);
    if (there === undefined) continue;
    const asked = [service, ...readings.flatMap((reading) => reading.get(service.key) ?? [])];
    const schedulers = asked.map((one) => wrongScheduler(one, there));
    if (schedulers.every((text) => text !== undefined)) add('x.scheduler-not-expected', schedulers[0] ?? '', service, there);
    const affinity = wrongAffinity(service, there);
    if (affinity !== undefined) add('x.affinity-not-expected', affinity, service, there);
  }
  return [...groups.values()].map(({ id, owner, text, found }) => {
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

/** Virtual services of one service that kube-proxy would set otherwise in the same way. */
interface Group {
  readonly id: (typeof kinds)[number]['id'];
  readonly owner: string;
  readonly text: string;
  readonly found: { readonly service: DesiredVirtualService; readonly there: IpvsService }[];
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
