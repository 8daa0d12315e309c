import { astrayChains, astrayPlaces, idleChains, nodePortsOfServices, targetsOfPlaces } from '../../proxy/nftables/astray-places.ts';
import { nameOfChain } from '../../proxy/nftables/names.ts';
import type { ServedPlace } from '../../services/survival/served.ts';
import type { Sides, SideView } from '../side.ts';
import type { LedToOthers } from './led-to-others.ts';

/** Says of a place whether one side alone leads it to a chain of another service. */
export type NftLedToOthers = (place: Pick<ServedPlace, 'place' | 'service' | 'purpose' | 'protocol' | 'port'>) => LedToOthers | undefined;

type Led = Pick<LedToOthers, 'chain' | 'other' | 'isForeign'>;

interface LedSide {
  /** By place, and by service port. */
  readonly astray: ReadonlyMap<string, Led>;
  readonly idle: ReadonlySet<string>;
  readonly targets: ReadonlyMap<string, string>;
  /** Service ports with a chain that has rules. */
  readonly living: ReadonlySet<string>;
  /** Service ports to which two node ports lead: kube-proxy gives one. */
  readonly twice: ReadonlySet<string>;
}

/** Reads the tables of kube-proxy of both sides once. */
export function nftLedToOthers({ before, after }: Sides): NftLedToOthers {
  const [was, is] = [ledSide(before), ledSide(after)];
  return ({ place, service, purpose, protocol, port }) => {
    const key = purpose === 'node port' ? `${protocol} *:${port}` : place;
    const led = (side: LedSide, other: LedSide): Led | undefined =>
      side.astray.get(key) ?? side.astray.get(service) ?? replaced(key, side, other);
    const [now, then] = [led(is, was), led(was, is)];
    const found = now ?? then;
    if (found === undefined) return takenOver(key, was, is);
    return now !== undefined && then !== undefined ? undefined : { ...found, isRepaired: now === undefined };
  };
}

/**
 * A map that leads to a chain of one service and led to that of another one, while both are still served. A service port with two node
 * ports shows on which side kube-proxy did not write that; else the address may have been given to the other service.
 */
function takenOver(key: string, was: LedSide, is: LedSide): LedToOthers | undefined {
  const [before, after] = [was.targets.get(key), is.targets.get(key)];
  if (before === undefined || after === undefined) return undefined;
  const [owner, taker] = [nameOfChain(before)?.servicePort, nameOfChain(after)?.servicePort];
  if (owner === undefined || taker === undefined || owner === taker || !is.living.has(owner) || !was.living.has(taker)) return undefined;
  const [wasForeign, isForeign] = [was.twice.has(owner), is.twice.has(taker)];
  return wasForeign && !isForeign
    ? { chain: before, other: owner, isForeign: true, isRepaired: true }
    : { chain: after, other: taker, isForeign, isRepaired: false };
}

/** A map that leads elsewhere than on the other side, while the chain there still has its rules and nothing leads to it. */
function replaced(key: string, side: LedSide, other: LedSide): Led | undefined {
  const [chain, own] = [side.targets.get(key), other.targets.get(key)];
  if (chain === undefined || own === undefined || chain === own || !side.idle.has(own)) return undefined;
  const [name, ownName] = [nameOfChain(chain)?.servicePort, nameOfChain(own)?.servicePort];
  return name === undefined || name === ownName ? undefined : { chain, other: name, isForeign: true };
}

function ledSide({ model }: SideView): LedSide {
  const tables = [...(model.nft?.tables.values() ?? [])].map(({ table }) => table);
  const targets = new Map(tables.flatMap((table) => [...targetsOfPlaces(table)]));
  return {
    astray: new Map(
      tables.flatMap((table) => [
        ...astrayPlaces(table).map(
          ({ place, chain, servicePort }) => [place, { chain: chain.name, other: servicePort, isForeign: true }] as const,
        ),
        ...astrayChains(table).map(
          ({ servicePort, target, other }) => [servicePort, { chain: target.name, other, isForeign: true }] as const,
        ),
      ]),
    ),
    idle: new Set(tables.flatMap((table) => idleChains(table).map(({ name }) => name))),
    targets,
    living: new Set(
      tables.flatMap(({ chains = [] }) =>
        chains.flatMap(({ name, rules = [] }) => (rules.length === 0 ? [] : [nameOfChain(name)?.servicePort ?? name])),
      ),
    ),
    twice: new Set(
      tables.flatMap((table) => nodePortsOfServices(table).flatMap(({ servicePort, ports }) => (ports.length > 1 ? [servicePort] : []))),
    ),
  };
}
