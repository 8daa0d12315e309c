import type { Icmp6Match, IcmpMatch } from '@netdrift/iptables';
import { complement } from '../intervals.ts';
import type { Test } from '../ir.ts';
import { type CompileContext, unknownMatch } from './context.ts';

/** `-m icmp --icmp-type 3/4`, type and code in one number. */
export function icmpTests(match: IcmpMatch | Icmp6Match, { family }: CompileContext): Test[] {
  const { type, code, not } = match;
  if (typeof type === 'string') return [unknownMatch(match, family)];
  // Type 255 of ICMP is any type; of ICMPv6 it is a number like the others (Linux xt_tcpudp and ip_tables `icmp_type_code_match`).
  if (type === 255 && match.kind === 'IcmpMatch') return not ? [{ kind: 'field', field: 'icmpType', in: [] }] : [];
  const pair = code === undefined ? [type * 256, type * 256 + 255] : [type * 256 + code, type * 256 + code];
  return [{ kind: 'field', field: 'icmpType', in: not ? complement(pair, 'icmpType', family) : pair }];
}
