import type { Model } from '../state/model.ts';
import type { Intervals, Value } from './field.ts';
import { holds, toIntervals } from './intervals.ts';
import { prefixBounds, toAddress } from './values.ts';
import type { LocalAddresses } from './world.ts';

/** What of the node's addresses is known beside its tables. */
export interface KnownAddresses {
  /** Addresses that a text says are the node's. */
  readonly node: readonly string[];
  /** Ranges of pods, `10.244.0.0/16`. */
  readonly pods: readonly string[];
  /** Addresses of services that ipvs mode keeps on its own interface and nowhere else. */
  readonly services: ReadonlySet<string>;
  /** Addresses that the rules take for those of that interface. */
  readonly bound: readonly string[];
  /** Whether the addresses of that interface were listed, or the listing says that it does not exist. */
  readonly boundListed: boolean;
  /** The table of the kernel that holds every address of the node was shown. */
  readonly whole?: boolean;
}

/**
 * The node's own addresses as far as anything shows them.
 *
 * Where the addresses of ipvs mode's interface are listed, a service address that is not among them is not the node's: packets to it do not
 * reach IPVS. Where they are not, and for other addresses, which may be on another interface, every virtual service counts as reachable.
 */
export function localAddresses(model: Model, known: KnownAddresses, family: 'ipv4' | 'ipv6'): LocalAddresses {
  const local = new Set<Value>();
  const elsewhere = new Set<Value>();
  const add = (to: Set<Value>, text: string): void => {
    const address = text.includes(':') === (family === 'ipv6') ? toAddress(text) : undefined;
    if (address !== undefined) to.add(address);
  };
  for (const address of known.node) add(local, address);
  for (const { addresses } of model.interfaces.values()) for (const address of addresses.keys()) add(local, address);
  if (!known.boundListed) for (const address of known.bound) add(local, address);
  // A listing that begins with the loopback interface is one of all interfaces.
  const whole = model.interfaces.has('lo') || known.whole === true;
  if (known.boundListed) for (const address of known.services) add(elsewhere, address);
  for (const address of local) elsewhere.delete(address);
  if (!whole) {
    for (const { address } of model.ipvs?.services.values() ?? [])
      if (address !== undefined && !elsewhere.has(toAddress(address) ?? 0)) add(local, address);
  }
  return { local, elsewhere, pods: podIntervals(known.pods, family), whole };
}

function podIntervals(blocks: readonly string[], family: 'ipv4' | 'ipv6'): Intervals {
  const pairs = blocks.flatMap((block) => {
    const [text = '', length = '128'] = block.split('/');
    const address = text.includes(':') === (family === 'ipv6') ? toAddress(text) : undefined;
    return address === undefined ? [] : [prefixBounds(address, Number(length))];
  });
  return pairs.length === 0 ? [] : toIntervals(pairs);
}

/** Addresses that never leave a node. */
export const LOOPBACK: Readonly<Record<'ipv4' | 'ipv6', Intervals>> = { ipv4: [0x7f00_0000, 0x7fff_ffff], ipv6: [1n, 1n] };

/** Addresses of many hosts, which no host has. */
const MULTICAST: Readonly<Record<'ipv4' | 'ipv6', Intervals>> = {
  ipv4: [0xe000_0000, 0xefff_ffff],
  ipv6: [0xffn << 120n, (1n << 128n) - 1n],
};

/** Whether an address never leaves a node. */
export function isLoopback(address: Value): boolean {
  return holds(LOOPBACK[typeof address === 'bigint' ? 'ipv6' : 'ipv4'], address);
}

/** Whether an address is one of the node's own; undefined where nothing tells. */
export function isLocal({ local, elsewhere, pods, whole }: LocalAddresses, address: Value): boolean | undefined {
  if (local.has(address)) return true;
  const family = typeof address === 'bigint' ? 'ipv6' : 'ipv4';
  if (isLoopback(address)) return true;
  if (whole || elsewhere.has(address) || holds(pods, address) || holds(MULTICAST[family], address)) return false;
  return undefined;
}
