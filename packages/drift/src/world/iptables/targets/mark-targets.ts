import type { ConnmarkTarget, CtTarget, MarkTarget, TproxyTarget } from '@netdrift/iptables';
import { printIptablesTarget } from '@netdrift/iptables';
import type { Action, Verdict } from '../../ir.ts';
import { toAddress } from '../../values.ts';
import type { CompileContext } from '../context.ts';

const ALL = 0xffff_ffff;

/** `-j MARK` in its normal form: `(mark & ~mask) ^ value`. */
export function markAction({ mask, value }: MarkTarget): Action {
  return { kind: 'mark', register: 'packet', and: (~mask & ALL) >>> 0, xor: value };
}

/**
 * `-j CONNMARK`: sets the connection's mark, or copies it (Linux xt_connmark.c `connmark_tg_shift`). A shift of a set mark is left to what
 * it is: an effect that nobody can tell further.
 */
export function connmarkActions(target: ConnmarkTarget): readonly Action[] {
  const bits = target.shift === undefined ? 0 : target.shift.direction === 'left' ? target.shift.bits : -target.shift.bits;
  if (target.action === 'set') {
    if (bits !== 0) return [{ kind: 'effect', text: printIptablesTarget(target) }];
    return [{ kind: 'mark', register: 'connection', and: (~target.mask & ALL) >>> 0, xor: target.value }];
  }
  const { packetMask, connectionMask } = target;
  return target.action === 'save'
    ? [{ kind: 'copyMark', to: 'connection', keep: (~connectionMask & ALL) >>> 0, take: packetMask, shift: bits }]
    : [{ kind: 'copyMark', to: 'packet', keep: (~packetMask & ALL) >>> 0, take: connectionMask, shift: bits }];
}

/** `-j CT`: `--notrack` is followed, zones, helpers and timeouts are effects. */
export function ctActions(target: CtTarget): readonly Action[] {
  const { notrack, ...rest } = target;
  const others = Object.keys(rest).length > 2;
  return [
    ...(notrack === true ? [{ kind: 'notrack' } as const] : []),
    ...(others ? [{ kind: 'effect', text: printIptablesTarget(rest) } as const] : []),
  ];
}

/** `-j TPROXY`. */
export function tproxyVerdict({ address, port, mask, value }: TproxyTarget, { family }: CompileContext): Verdict {
  const place = address === undefined ? undefined : toAddress(address);
  const any = family === 'ipv6' ? 0n : 0;
  return {
    kind: 'tproxy',
    ...(place === undefined || place === any ? {} : { address: place }),
    port,
    mark: { and: (~mask & ALL) >>> 0, xor: value },
  };
}
