import { type Expression, type NatStatement, printNftStatement, type SetElement } from '@netdrift/nftables';
import type { Value } from '../field.ts';
import type { Translation, Verdict } from '../ir.ts';
import { toAddress } from '../values.ts';
import type { NftContext } from './context.ts';
import { lookupOf } from './lookups.ts';
import { drawAmong } from './draw.ts';
import { keysOf, sourceOf } from './match-tests.ts';

/** `dnat to 10.0.0.1:80`, `masquerade`, `dnat ip to numgen random mod 2 map { … }`; nothing where it is for packets of the other family. */
export function natVerdict(nat: NatStatement, context: NftContext): Verdict | undefined {
  const { type, family, address, port } = nat;
  if (family !== undefined && (family === 'ip') !== (context.family === 'ipv4')) return undefined;
  const text = printNftStatement(nat);
  if (type === 'masquerade') return { kind: 'source', text };
  if (type === 'redirect') {
    const ports = portsOf(port);
    if (port !== undefined && ports === undefined) return { kind: 'opaque', text, mayReturn: false };
    const shown = ports === undefined ? '' : `:${ports[0] === ports[1] ? ports[0] : ports.join('-')}`;
    return { kind: 'translate', to: { node: true, ...(ports === undefined ? {} : { ports }), text: `this node${shown}` } };
  }
  const to = translationOf(address, port);
  if (type === 'snat') return { kind: 'source', ...(to === undefined ? {} : { to }), text };
  if (to !== undefined) return { kind: 'translate', to };
  return (address?.kind === 'MapLookup' ? mapped(address, context) : undefined) ?? { kind: 'opaque', text, mayReturn: false };
}

function mapped({ key, map }: Extract<Expression, { kind: 'MapLookup' }>, context: NftContext): Verdict | undefined {
  const source = sourceOf(map, context);
  const drawn =
    source.elements === undefined
      ? undefined
      : drawAmong(key, source.elements, (element) => {
          const to = elementTranslation(element);
          return to === undefined ? undefined : { kind: 'translate', to };
        });
  if (drawn !== undefined) return drawn;
  const keys = keysOf(key, context);
  if (keys === undefined || keys === 'never') return undefined;
  return {
    kind: 'translate',
    to: lookupOf<Translation>(
      source,
      keys.map(({ field }) => field),
      context.family,
      elementTranslation,
    ),
  };
}

/** `10.180.0.2 . 80` of a map, or an address alone. */
function elementTranslation({ value }: SetElement): Translation | undefined {
  if (value === undefined || value.kind === 'Verdict') return undefined;
  if (value.kind !== 'Concatenation') return translationOf(value, undefined);
  const [address, port] = value.parts;
  return value.parts.length === 2 ? translationOf(address, port) : undefined;
}

function translationOf(address: Expression | undefined, port: Expression | undefined): Translation | undefined {
  const addresses = address === undefined ? undefined : addressesOf(address);
  const ports = portsOf(port);
  if ((address !== undefined && addresses === undefined) || (port !== undefined && ports === undefined)) return undefined;
  const host = address === undefined ? '' : shownAddress(address);
  const bracketed = ports !== undefined && host.includes(':') ? `[${host}]` : host;
  return {
    ...(addresses === undefined ? {} : { addresses }),
    ...(ports === undefined ? {} : { ports }),
    text: ports === undefined ? host : `${bracketed}:${ports[0] === ports[1] ? ports[0] : ports.join('-')}`,
  };
}

function addressesOf(address: Expression): readonly [Value, Value] | undefined {
  if (address.kind === 'Address') {
    const value = toAddress(address.address);
    return value === undefined ? undefined : [value, value];
  }
  if (address.kind !== 'Range') return undefined;
  const low = addressesOf(address.first);
  const high = addressesOf(address.last);
  return low === undefined || high === undefined ? undefined : [low[0], high[1]];
}

function shownAddress(address: Expression): string {
  if (address.kind === 'Address') return address.address;
  return address.kind === 'Range' ? `${shownAddress(address.first)}-${shownAddress(address.last)}` : '';
}

function portsOf(port: Expression | undefined): readonly [number, number] | undefined {
  if (port?.kind === 'Number') return [port.value, port.value];
  return port?.kind === 'Range' && port.first.kind === 'Number' && port.last.kind === 'Number'
    ? [port.first.value, port.last.value]
    : undefined;
}
