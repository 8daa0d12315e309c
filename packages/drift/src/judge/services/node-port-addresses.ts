import { append } from '../../common/append.ts';
import { isLoopback } from '../../services/survival/served-places.ts';
import type { Frontend } from '../../services/frontends.ts';
import { isLocal } from '../../world/local-addresses.ts';
import { toAddress } from '../../world/values.ts';
import type { Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import type { PendingChange } from '../pending-change.ts';
import type { SideView } from '../side.ts';
import { listed } from '../words.ts';
import type { ChangeKind, ChangeRule } from '../rule.ts';
import { whereServicesShow } from '../node/served-mode.ts';
import { claimsOfFrontends } from './service-claims.ts';

const NODE_PORT_CHANGES = [
  {
    id: 'kube.config.node-port-addresses-changed',
    severity: 'by effect',
    title: 'node ports answer at other addresses of the node',
    why: 'clients of addresses that were removed are no longer served; those that were added are open to more',
  },
] as const satisfies readonly ChangeKind[];

export const nodePortAddresses: ChangeRule = { kinds: NODE_PORT_CHANGES, when: whereServicesShow, find: judgeNodePortAddresses };

/** Node ports that answer at other addresses of the node, for all services alike: `--nodeport-addresses`, or the node's own addresses. */
function judgeNodePortAddresses({ groups, owned, before }: Comparison): Found[] {
  const isPort = (frontend: Frontend): boolean => frontend.purpose === 'node port' && frontend.address !== undefined;
  const changes = new Map<
    string,
    { readonly gone: string[]; readonly come: string[]; readonly names: string[]; readonly frontends: Frontend[] }
  >();
  for (const group of groups()) {
    const was = group.before.filter(isPort);
    const is = group.after.filter(isPort);
    const ports = new Set(was.map((frontend) => frontend.port).filter((port) => is.some((frontend) => frontend.port === port)));
    const addresses = (list: readonly Frontend[]): Set<string> =>
      new Set(list.filter((frontend) => ports.has(frontend.port)).map((frontend) => frontend.address ?? ''));
    const gone = [...addresses(was)].filter((address) => !addresses(is).has(address)).sort();
    const come = [...addresses(is)].filter((address) => !addresses(was).has(address)).sort();
    if (gone.length + come.length === 0) continue;
    const key = `${gone.join()} ${come.join()}`;
    const change = changes.get(key) ?? { gone, come, names: [], frontends: [] };
    change.names.push(group.name);
    append(
      change.frontends,
      was.filter((frontend) => gone.includes(frontend.address ?? '')),
      is.filter((frontend) => come.includes(frontend.address ?? '')),
    );
    changes.set(key, change);
  }
  return [...changes.values()].map(({ gone, come, names, frontends }): Found => {
    const left = frontends.filter(({ address = '' }) => gone.includes(address));
    const served = left.filter((frontend) => isServing(frontend, before));
    const isIdle = left.length > 0 && served.length === 0 && gone.every(isLoopback);
    const texts = [
      ...(gone.length === 0 ? [] : [isIdle ? `no longer have virtual services at ${listed(gone)}` : `no longer answer at ${listed(gone)}`]),
      ...(come.length === 0 ? [] : [`answer at ${listed(come)} too`]),
    ];
    const change: PendingChange = {
      id: 'kube.config.node-port-addresses-changed',
      // What comes from loopback, and goes to a pod, is dropped on the way in most kernels.
      severity: served.some(({ address = '' }) => !isLoopback(address)) ? 'critical' : isIdle && come.length === 0 ? 'notice' : 'warning',
      effect: served.length > 0 ? 'lost' : come.length > 0 ? 'gained' : 'attribute',
      certainty: 'proven',
      subject: { kind: 'config', name: 'node-port addresses' },
      before: { gone },
      after: { come },
      text: `the node ports of ${listed(names.sort(), 6)} ${texts.join(' and ')}`,
      ...(isIdle ? { details: [{ label: 'effect', text: 'none: IPVS sends nothing from a loopback address to another machine' }] } : {}),
      origins: [],
    };
    return { change, claims: claimsOfFrontends(frontends, owned()) };
  });
}

/** A virtual service without destinations served nobody, and one at a loopback address those alone who get to the node itself. */
function isServing({ address = '', key }: Frontend, { model, flowTables }: SideView): boolean {
  const service = model.ipvs?.services.get(key);
  if (service === undefined) return true;
  const { addresses } = flowTables(address.includes(':') ? 'ipv6' : 'ipv4').tracer.world;
  return [...service.destinations.values()].some((destination) => {
    if (destination.weight === 0) return false;
    if (!isLoopback(address)) return true;
    const place = toAddress(destination.address);
    return place !== undefined && isLocal(addresses, place) === true;
  });
}
