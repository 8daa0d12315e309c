import { astrayChains, astrayPlaces, idleChains, targetsOfPlaces } from '../../proxy/nftables/astray-places.ts';
import { nameOfChain } from '../../proxy/nftables/names.ts';
import type { ServedPlace } from '../../services/survival/served.ts';
import type { Sides, SideView } from '../side.ts';
import type { LedToOthers } from './led-to-others.ts';

/** Says of a place whether one side alone leads it to a chain of another service. */
export type NftLedToOthers = (place: Pick<ServedPlace, 'place' | 'service' | 'purpose' | 'protocol' | 'port'>) => LedToOthers | undefined;

interface LedSide {
  /** By place, and by service port. */
  readonly astray: ReadonlyMap<string, Pick<LedToOthers, 'chain' | 'other'>>;
  readonly idle: ReadonlySet<string>;
  readonly targets: ReadonlyMap<string, string>;
}

/** Reads the tables of kube-proxy of both sides once. */
export function nftLedToOthers({ before, after }: Sides): NftLedToOthers {
  const [was, is] = [ledSide(before), ledSide(after)];
  return ({ place, service, purpose, protocol, port }) => {
    const key = purpose === 'node port' ? `${protocol} *:${port}` : place;
    const led = (side: LedSide, other: LedSide): Pick<LedToOthers, 'chain' | 'other'> | undefined =>
      side.astray.get(key) ?? side.astray.get(service) ?? replaced(key, side, other);
    const [now, then] = [led(is, was), led(was, is)];
    const found = now ?? then;
    return found === undefined || (now !== undefined && then !== undefined) ? undefined : { ...found, isRepaired: now === undefined };
  };
}

/** A map that leads elsewhere than on the other side, while the chain there still has its rules and nothing leads to it. */
function replaced(key: string, side: LedSide, other: LedSide): Pick<LedToOthers, 'chain' | 'other'> | undefined {
  const [chain, own] = [side.targets.get(key), other.targets.get(key)];
  if (chain === undefined || own === undefined || chain === own || !side.idle.has(own)) return undefined;
  const [name, ownName] = [nameOfChain(chain)?.servicePort, nameOfChain(own)?.servicePort];
  return name === undefined || name === ownName ? undefined : { chain, other: name };
}

function ledSide({ model }: SideView): LedSide {
  const tables = [...(model.nft?.tables.values() ?? [])].map(({ table }) => table);
  return {
    astray: new Map(
      tables.flatMap((table) => [
        ...astrayPlaces(table).map(({ place, chain, servicePort }) => [place, { chain: chain.name, other: servicePort }] as const),
        ...astrayChains(table).map(({ servicePort, target, other }) => [servicePort, { chain: target.name, other }] as const),
      ]),
    ),
    idle: new Set(tables.flatMap((table) => idleChains(table).map(({ name }) => name))),
    targets: new Map(tables.flatMap((table) => [...targetsOfPlaces(table)])),
  };
}
