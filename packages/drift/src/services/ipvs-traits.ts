import { balanceOf } from '../ipvs/balance.ts';
import { isNodePort } from '../proxy/facts/node-world.ts';
import type { FrontendPurpose } from '../proxy/names/comments.ts';
import type { SetRole } from '../proxy/names/set-catalogue.ts';
import type { IpvsService, Model } from '../state/model.ts';
import type { Frontend } from './frontends.ts';
import { type FrontendTraits, setsOf, type TraitIndex } from './service-frontends.ts';
import { affinityOf as ipvsAffinity } from './services-by-mark-or-name.ts';

/** What an IPVS service is for and how it is restricted, by the ip sets and, where they say nothing, by what names it. */
export function ipvsTraits(model: Model, index: TraitIndex, frontend: Frontend, service: IpvsService): FrontendTraits {
  const address = service.address ?? '';
  const port = service.port ?? 0;
  const member = `${address},${frontend.protocol}:${port}`;
  const inSet = (role: SetRole): boolean => setsOf(model, role, service.family).some((set) => set.members?.has(member) === true);
  const external = inSet('external-ip') || inSet('external-ip-local');
  const node = isNodePort(model, address, frontend.protocol, port) === true;
  const told: FrontendPurpose | undefined = inSet('cluster-ip')
    ? 'cluster IP'
    : inSet('load-balancer')
      ? 'load-balancer IP'
      : external
        ? 'external IP'
        : node
          ? 'node port'
          : undefined;
  const purpose = told ?? frontend.purpose ?? index.purposes.get(frontend.key) ?? 'unknown';
  const policy = policyOf(model, purpose, frontend, member, port, service.family);
  const sourceRanges = inSet('restricted') ? [...(index.ranges.get(`${service.family} ${member}`) ?? [])].sort() : undefined;
  return {
    purpose,
    ...(policy === undefined ? {} : { policy }),
    ...ipvsAffinity(service),
    ...(sourceRanges === undefined ? {} : { sourceRanges }),
    ...balancingOf(service),
  };
}

/** Whether the sets of ipvs mode say that a virtual service leads to endpoints of this node alone. */
export function hasLocalPolicy(model: Model, { address, port, protocol, family }: IpvsService): boolean {
  if (address === undefined || port === undefined || protocol === undefined) return false;
  const member = `${address},${protocol}:${port}`;
  const isIn = (role: SetRole): boolean => setsOf(model, role, family).some(({ members }) => members?.has(member) === true);
  if (isIn('cluster-ip')) return false;
  return (
    isIn('external-ip-local') ||
    isIn('load-balancer-local') ||
    policyOf(model, 'node port', { key: '', address, port, protocol }, member, port, family) === 'Local'
  );
}

function balancingOf(service: IpvsService): Pick<FrontendTraits, 'balancing' | 'sharesKnown'> {
  const { parts, words } = balanceOf(service);
  return {
    ...(words === undefined ? {} : { balancing: words }),
    ...(parts.every(({ share }) => share !== undefined) ? {} : { sharesKnown: false }),
  };
}

function policyOf(
  model: Model,
  purpose: FrontendTraits['purpose'],
  { protocol }: Frontend,
  member: string,
  port: number,
  family: 'ipv4' | 'ipv6',
): FrontendTraits['policy'] {
  if (model.sets === undefined || purpose === 'unknown' || purpose === 'cluster IP') return undefined;
  if (purpose === 'node port') {
    const local = setsOf(model, 'node-port-local', family).some((set) => {
      const own = set.name.includes(`-${protocol.toUpperCase()}`);
      return own && (set.members?.has(String(port)) === true || set.members?.has(member) === true);
    });
    return local ? 'Local' : 'Cluster';
  }
  const role: SetRole = purpose === 'external IP' ? 'external-ip-local' : 'load-balancer-local';
  return setsOf(model, role, family).some((set) => set.members?.has(member) === true) ? 'Local' : 'Cluster';
}
