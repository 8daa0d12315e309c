import { parseProtocol } from '@netdrift/core';
import type { IpvsMatch } from '@netdrift/iptables';
import { complement } from '../intervals.ts';
import type { Test } from '../ir.ts';
import { addressIntervals } from './address-tests.ts';
import { type CompileContext, unknownMatch } from './context.ts';
import { portTests } from './port-tests.ts';

/**
 * `-m ipvs`: whether IPVS has taken the packet, and the virtual service it came for. `--vdir`, `--vmethod` and `--vportctl` ask for more
 * than a walk keeps. Linux xt_ipvs.c `ipvs_mt`: a packet that IPVS has not taken meets none of the conditions but `! --ipvs`.
 */
export function ipvsTests(match: IpvsMatch, context: CompileContext): Test[] {
  const { ipvs, protocol, virtualAddress, virtualPort, direction, method, controllingPort } = match;
  const { family } = context;
  if (direction !== undefined || method !== undefined || controllingPort !== undefined)
    return [unknownMatch(match, family, { about: ['destination'] })];
  const virtual: Test[] = [];
  if (protocol !== undefined) {
    const number = typeof protocol.value === 'number' ? protocol.value : parseProtocol(protocol.value)?.number;
    if (number === undefined) return [unknownMatch(match, family, { about: ['destination'] })];
    virtual.push({
      kind: 'field',
      field: 'protocol',
      in: protocol.not ? complement([number, number], 'protocol', family) : [number, number],
    });
  }
  if (virtualAddress !== undefined) {
    const intervals = addressIntervals(virtualAddress, 'destination', family);
    if (intervals === 'unknown') return [unknownMatch(match, family, { about: ['destination'] })];
    if (intervals !== 'any') virtual.push({ kind: 'field', field: 'destination', in: intervals });
  }
  if (virtualPort !== undefined) virtual.push(...portTests({ destinationPorts: virtualPort }, context));
  return [{ kind: 'balanced', virtual, not: virtual.length === 0 && ipvs?.not === true }];
}
