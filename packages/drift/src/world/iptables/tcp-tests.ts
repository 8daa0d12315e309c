import type { TcpMatch } from '@netdrift/iptables';
import { complement, toIntervals } from '../intervals.ts';
import type { Test } from '../ir.ts';
import { type CompileContext, unknownMatch } from './context.ts';
import { portTests } from './port-tests.ts';

/** `-m tcp`: ports and flags; TCP options are nowhere to be seen. */
export function tcpTests(match: TcpMatch, context: CompileContext): Test[] {
  const tests = portTests(match, context);
  if (match.flags !== undefined) {
    const { not, mask, set } = match.flags;
    const values = Array.from({ length: 64 }, (_, value) => value).filter((value) => (value & mask) === set);
    const intervals = toIntervals(values.map((value) => [value, value] as const));
    tests.push({ kind: 'field', field: 'tcpFlags', in: not ? complement(intervals, 'tcpFlags', context.family) : intervals });
  }
  if (match.option !== undefined) tests.push(unknownMatch({ kind: 'TcpMatch', option: match.option }, context.family));
  return tests;
}
