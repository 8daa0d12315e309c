import type { TokenCode } from '@netdrift/core';
import { type Dimension, tokens } from './tokens.ts';

/** One type of set, as the kernel's modules `ip_set_*` make them. */
export interface SetType {
  /** `hash:ip,port`: method and dimensions. */
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  /** How many of the dimensions a member may leave away at its end. */
  readonly optional: number;
  /** Where netmask and bitmask stand among the options that ipset prints. */
  readonly maskPlace: 'early' | 'late';
  /** Its names in ipset 4 and before, which ipset still takes. */
  readonly aliases: readonly string[];
  /** Stands before the elements of a member of this type, without text. */
  readonly token: TokenCode;
}

function setType(name: string, dimensions: readonly Dimension[], aliases: readonly string[] = []): SetType {
  return {
    name,
    dimensions,
    optional: name === 'bitmap:ip,mac' ? 1 : 0,
    maskPlace: name === 'hash:ip' || name === 'bitmap:ip' ? 'early' : 'late',
    aliases,
    token: tokens.add(name),
  };
}

/** Every type of ipset 7.17 to 7.22 (`ipset help`). */
export const setTypes: readonly SetType[] = [
  setType('hash:ip', ['ip'], ['iphash']),
  setType('hash:mac', ['mac']),
  setType('hash:ip,mac', ['ip', 'mac']),
  setType('hash:net', ['net'], ['nethash']),
  setType('hash:net,net', ['net', 'net']),
  setType('hash:ip,port', ['ip', 'port'], ['ipporthash']),
  setType('hash:net,port', ['net', 'port']),
  setType('hash:ip,port,ip', ['ip', 'port', 'ip'], ['ipportiphash']),
  setType('hash:ip,port,net', ['ip', 'port', 'net'], ['ipportnethash']),
  setType('hash:ip,mark', ['ip', 'mark']),
  setType('hash:net,port,net', ['net', 'port', 'net']),
  setType('hash:net,iface', ['net', 'iface']),
  setType('bitmap:ip', ['ip'], ['ipmap']),
  setType('bitmap:ip,mac', ['ip', 'mac'], ['macipmap']),
  setType('bitmap:port', ['port'], ['portmap']),
  setType('list:set', ['set'], ['setlist']),
];

/** What stands before the elements of a member whose set's type is not shown or not known. */
export const anyType: TokenCode = tokens.add('AnyType');

const BY_NAME = new Map(setTypes.flatMap((type) => [type.name, ...type.aliases].map((name) => [name, type] as const)));

/** The type of a name or an alias, or `undefined` where ipset has none of that name. */
export function findSetType(name: string | undefined): SetType | undefined {
  return name === undefined ? undefined : BY_NAME.get(name);
}
