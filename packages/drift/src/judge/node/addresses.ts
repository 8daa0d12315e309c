import { addToGroup } from '../../common/add-to-group.ts';
import { type Frontend, frontendLabel, servicePortAt } from '../../services/frontends.ts';
import { IPVS_INTERFACE } from '../../proxy/facts/node-world.ts';
import type { InterfaceDifference } from '../../differences/difference.ts';
import type { Detail } from '../../report.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { alone, type Found } from '../claims.ts';
import type { SideView } from '../side.ts';
import type { ChangeKind, ChangeRule } from '../rule.ts';
import { wipeOfServices } from '../rules/owners.ts';
import { baseName } from '../services/service-groups.ts';
import { counted, listed } from '../words.ts';

const INTERFACE_CHANGES = [
  {
    id: 'interface.address.added',
    severity: 'notice',
    title: 'an address was added to an interface',
    why: 'the node accepts packets to it as its own',
    mirror: 'interface.address.removed',
  },
  {
    id: 'interface.address.removed',
    severity: 'critical',
    title: 'an address was removed from an interface',
    why: 'the node no longer accepts packets to it as its own',
    mirror: 'interface.address.added',
  },
] as const satisfies readonly ChangeKind[];

export const interfaces: ChangeRule = { kinds: INTERFACE_CHANGES, find: judgeInterfaces };

/** Changes of the addresses of interfaces: a service address that is not on kube-ipvs0 is dead in ipvs mode. */
function judgeInterfaces(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  const open = comparison.differences.interfaces.filter((difference) => !explained.has(difference));
  const differences = [...open, ...ofMissingInterface(comparison)];
  if (differences.length === 0) return [];
  const { before, after } = comparison;
  const served: Served = { before: byAddress(before), after: byAddress(after) };
  const changes = differences.map((difference) => changedAddress(difference, served, after));
  const cause = wipeOfServices(comparison);
  // With its rules kube-proxy takes the addresses away.
  if (cause !== undefined) return changes.map((change) => alone(change.effect === 'lost' ? { ...change, cause } : change));
  return inOneStory(changes, served.after, after);
}

/** The frontends of a side by their address. */
type ByAddress = ReadonlyMap<string, readonly Frontend[]>;
type Served = { readonly before: ByAddress; readonly after: ByAddress };

function byAddress({ frontends }: SideView): ByAddress {
  const found = new Map<string, Frontend[]>();
  for (const frontend of frontends.values()) if (frontend.address !== undefined) addToGroup(found, frontend.address, frontend);
  return found;
}

/**
 * What the interface of ipvs mode held for virtual services that both sides have, where the other side says that it has no such interface:
 * with another mode it goes for good.
 */
function ofMissingInterface({ before, after }: Comparison): InterfaceDifference[] {
  const kept = new Set(
    [...(before.model.ipvs?.services.values() ?? [])].flatMap(({ key, address }) =>
      address !== undefined && after.model.ipvs?.services.has(key) === true ? [address] : [],
    ),
  );
  const onlyOn = (having: SideView, lacking: SideView, kind: InterfaceDifference['kind']): InterfaceDifference[] =>
    lacking.beside.noInterfaces.has(IPVS_INTERFACE)
      ? [...(having.model.interfaces.get(IPVS_INTERFACE)?.addresses ?? [])]
          .filter(([address]) => kept.has(address))
          .map(([address, origin]) => ({ interface: IPVS_INTERFACE, kind, address, origin }))
      : [];
  return [...onlyOn(before, after, 'removed'), ...onlyOn(after, before, 'added')];
}

function changedAddress({ interface: device, kind, address, origin }: InterfaceDifference, served: Served, after: SideView): PendingChange {
  const gone = kind === 'removed';
  const [was = [], is = []] = [served.before.get(address), served.after.get(address)];
  const port = [...is, ...was].find(({ servicePort }) => servicePort !== undefined)?.servicePort;
  const name = port === undefined ? servicePortAt(after.model, `tcp ${address}:0`) : baseName(port);
  const what = name === undefined ? `address ${address}` : `${name}: address ${address}`;
  const dead = gone && is.length > 0 && device === IPVS_INTERFACE;
  return {
    id: `interface.address.${kind}`,
    severity: dead ? 'critical' : gone && device === IPVS_INTERFACE ? 'none' : 'notice',
    effect: dead ? 'lost' : gone ? 'none' : 'gained',
    certainty: 'proven',
    subject: { kind: 'interface.address', name: `${address} on ${device}` },
    ...(gone ? { before: { address } } : { after: { address } }),
    text: dead
      ? `${what} is no longer on ${device}: the node does not take packets to it, although virtual services have it`
      : `${what} ${gone ? 'is no longer' : 'is now'} on ${device}`,
    details: dead ? servicesAt([address], served.after) : [],
    origins: gone ? seenAt(origin, undefined) : seenAt(undefined, origin),
  };
}

function servicesAt(addresses: readonly string[], served: ByAddress): Detail[] {
  const found = addresses.flatMap((address) => served.get(address) ?? []);
  return [{ label: 'services', text: listed([...new Set(found.map(frontendLabel))].sort(), 8) }];
}

/** Addresses that go or come together are one story: an interface that was flushed, deleted or made. */
function inOneStory(changes: readonly PendingChange[], served: ByAddress, after: SideView): Found[] {
  const dead = changes.filter(({ effect }) => effect === 'lost');
  const come = changes.filter(({ effect, subject }) => effect === 'gained' && subject.name.endsWith(` on ${IPVS_INTERFACE}`));
  const groups = [dead, come].filter(({ length }) => length >= SEVERAL);
  const told = new Set(groups.flat());
  return [...groups.map((group) => together(group, served, after)), ...changes.filter((change) => !told.has(change)).map(alone)];
}

const SEVERAL = 3;

function together(group: readonly PendingChange[], served: ByAddress, after: SideView): Found {
  const [first, ...others] = group as [PendingChange, ...PendingChange[]];
  const addresses = group.map(({ before, after: now }) => String((before ?? now)?.['address'])).sort();
  const isGone = after.beside.noInterfaces.has(IPVS_INTERFACE);
  const count = counted(group.length, 'service address', 'service addresses');
  const lost = isGone
    ? `interface ${IPVS_INTERFACE} does not exist any more: the node does not take packets to ${count}, although virtual services have them`
    : `${count} are no longer on ${IPVS_INTERFACE}: the node does not take packets to them, although virtual services have them`;
  return {
    change: {
      ...first,
      text:
        first.effect === 'lost'
          ? lost
          : `${counted(group.length, 'address', 'addresses')} are now on ${IPVS_INTERFACE}: ${listed(addresses)}`,
      details: servicesAt(addresses, served),
      origins: group.flatMap(({ origins }) => origins).slice(0, 6),
    },
    parts: others.map((change) => ({ ...change, details: [] })),
  };
}
