import type { DnatTarget, MasqueradeTarget, NatRange, NetmapTarget, PortRange, RedirectTarget, SnatTarget } from '@netdrift/iptables';
import { printIptablesTarget } from '@netdrift/iptables';
import { portOfName } from '@netdrift/core';
import type { Value } from '../../field.ts';
import type { Translation, Verdict } from '../../ir.ts';
import { prefixBounds, toAddress } from '../../values.ts';
import type { CompileContext } from '../context.ts';

/** `-j DNAT --to-destination`. */
export function dnatVerdict(target: DnatTarget): Verdict {
  const to = translationOf(target.to);
  return to === undefined ? opaque(printIptablesTarget(target)) : { kind: 'translate', to };
}

/** `-j REDIRECT`: to this node. */
export function redirectVerdict(target: RedirectTarget): Verdict {
  if (target.ports === undefined) return { kind: 'translate', to: { node: true, text: 'this node' } };
  const ports = portBounds(target.ports);
  if (ports === undefined) return opaque(printIptablesTarget(target));
  return { kind: 'translate', to: { node: true, ports, text: `this node:${portText(ports)}` } };
}

/** `-j SNAT --to-source`. */
export function snatVerdict(target: SnatTarget): Verdict {
  const to = translationOf(target.to);
  return { kind: 'source', ...(to === undefined ? {} : { to }), text: printIptablesTarget(target) };
}

/** `-j MASQUERADE`. */
export function masqueradeVerdict(target: MasqueradeTarget): Verdict {
  return { kind: 'source', text: printIptablesTarget(target) };
}

/** `-j NETMAP`: the destination where packets come in or begin, the source where they leave (Linux xt_NETMAP.c `netmap_tg6`). */
export function netmapVerdict(target: NetmapTarget, context: CompileContext): Verdict {
  const text = printIptablesTarget(target, context);
  const address = toAddress(target.to.address);
  const hooks = context.hooks();
  const isSource = hooks.has('POSTROUTING') || hooks.has('INPUT');
  const isDestination = hooks.has('PREROUTING') || hooks.has('OUTPUT');
  if (address === undefined || 'mask' in target.to || (isSource && isDestination)) return opaque(text);
  const { prefixLength } = target.to;
  const to: Translation = { addresses: prefixBounds(address, prefixLength), prefixLength, text: `${target.to.address}/${prefixLength}` };
  return isSource ? { kind: 'source', to, text } : { kind: 'translate', to };
}

function opaque(text: string): Verdict {
  return { kind: 'opaque', text, mayReturn: false };
}

function translationOf({ address, addressEnd, ports, basePort }: NatRange): Translation | undefined {
  const low = address === undefined ? undefined : toAddress(address);
  const high = addressEnd === undefined ? low : toAddress(addressEnd);
  const bounds = ports === undefined ? undefined : portBounds(ports);
  if (
    (address !== undefined && (low === undefined || high === undefined)) ||
    (ports !== undefined && bounds === undefined) ||
    basePort !== undefined
  )
    return undefined;
  const addresses: readonly [Value, Value] | undefined = low === undefined || high === undefined ? undefined : [low, high];
  const shown = `${address ?? ''}${addressEnd === undefined ? '' : `-${addressEnd}`}`;
  const host = bounds !== undefined && shown.includes(':') ? `[${shown}]` : shown;
  return {
    ...(addresses === undefined ? {} : { addresses }),
    ...(bounds === undefined ? {} : { ports: bounds }),
    text: bounds === undefined ? host : `${host}:${portText(bounds)}`,
  };
}

function portBounds({ low, high }: PortRange): readonly [number, number] | undefined {
  const first = typeof low === 'number' ? low : portOfName(low);
  const last = typeof high === 'number' ? high : portOfName(high);
  return first === undefined || last === undefined ? undefined : [first, last];
}

function portText([low, high]: readonly [number, number]): string {
  return low === high ? String(low) : `${low}-${high}`;
}
