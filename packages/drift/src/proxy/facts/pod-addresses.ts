import { addressNumber, addressText, blockRange } from '../../state/address-range.ts';
import { endpointAddress } from '../../state/ipvs-table.ts';
import type { Model } from '../../state/model.ts';
import { translatedAddresses } from '../nftables/nft-endpoints.ts';

/** An address outside of every cluster: RFC 5737 and RFC 3849 keep them for documents. */
export const OUTSIDE_ADDRESS = { ipv4: '198.51.100.7', ipv6: '2001:db8:ffff::7' } as const;

/** An address inside a range of pods, or beside the most endpoints, that is no endpoint itself. */
export function podAddress(model: Model, family: 'ipv4' | 'ipv6', podRanges: readonly string[]): bigint | undefined {
  const endpoints = endpointAddresses(model, family);
  const range = podRanges
    .filter((block) => block.includes(':') === (family === 'ipv6'))
    .map(blockRange)
    .find((found) => found !== undefined);
  const candidates = range ?? busiestRange(endpoints, family);
  if (candidates === undefined) return undefined;
  const size = candidates.high - candidates.low + 1n;
  for (const start of [size > 1024n ? 0x309n : 9n % size, size / 2n, 1n % size]) {
    for (let step = 0n; step < 300n && start + step < size; step++)
      if (!endpoints.has(candidates.low + start + step)) return candidates.low + start + step;
  }
  return undefined;
}

type Addresses = { readonly [Family in 'ipv4' | 'ipv6']: ReadonlySet<bigint> };

const known = new WeakMap<Model, Addresses>();

/** Addresses of endpoints that virtual services and rules of kube-proxy lead to. */
export function endpointAddresses(model: Model, family: 'ipv4' | 'ipv6'): ReadonlySet<bigint> {
  let addresses = known.get(model);
  if (addresses === undefined) known.set(model, (addresses = addressesOf(model)));
  return addresses[family];
}

function addressesOf(model: Model): Addresses {
  const addresses = { ipv4: new Set<bigint>(), ipv6: new Set<bigint>() };
  const add = (text: string, family: 'ipv4' | 'ipv6' = text.includes(':') ? 'ipv6' : 'ipv4'): void => {
    const number = text.includes(':') === (family === 'ipv6') ? addressNumber(text) : undefined;
    if (number !== undefined) addresses[family].add(number);
  };
  for (const service of model.ipvs?.services.values() ?? []) for (const { address } of service.destinations.values()) add(address);
  for (const { table } of model.nft?.tables.values() ?? []) for (const address of translatedAddresses(table)) add(address);
  for (const family of ['ipv4', 'ipv6'] as const) {
    for (const [name, chain] of model.tables.get(`${family} nat`)?.chains ?? []) {
      if (!name.startsWith('KUBE-SEP-')) continue;
      for (const { target } of chain.rules) if (target.kind === 'dnat') add(endpointAddress(target.to), family);
    }
  }
  return addresses;
}

/** The neighbourhood of the most endpoints; the API server's own address is not in it. */
function busiestRange(
  endpoints: ReadonlySet<bigint>,
  family: 'ipv4' | 'ipv6',
): { readonly low: bigint; readonly high: bigint } | undefined {
  const size = family === 'ipv4' ? 1n << 16n : 1n << 64n;
  const counts = new Map<bigint, number>();
  for (const address of endpoints) counts.set(address / size, (counts.get(address / size) ?? 0) + 1);
  const [busiest] = [...counts].sort(([, one], [, other]) => other - one);
  return busiest === undefined ? undefined : { low: busiest[0] * size, high: (busiest[0] + 1n) * size - 1n };
}

/** Ranges of pods where nothing names one: the neighbourhood of the most endpoints of each family. */
export function likelyPodRanges(model: Model): string[] {
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const range = busiestRange(endpointAddresses(model, family), family);
    return range === undefined ? [] : [`${addressText(range.low)}/${family === 'ipv4' ? 16 : 64}`];
  });
}
