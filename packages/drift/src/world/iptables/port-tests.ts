import { portOfName } from '@netdrift/core';
import type { MultiportMatch, PortCondition, PortRange } from '@netdrift/iptables';
import { complement, toIntervals } from '../intervals.ts';
import type { Test } from '../ir.ts';
import { type CompileContext, unknownMatch, unknownTest } from './context.ts';

type PortField = 'sourcePort' | 'destinationPort';

/** What `-m tcp`, `-m udp`, `-m sctp` and `-m dccp` ask of ports. */
export function portTests(
  match: { readonly sourcePorts?: PortCondition; readonly destinationPorts?: PortCondition },
  context: CompileContext,
): Test[] {
  const tests: Test[] = [];
  if (match.sourcePorts !== undefined) tests.push(portTest(match.sourcePorts, 'sourcePort', context));
  if (match.destinationPorts !== undefined) tests.push(portTest(match.destinationPorts, 'destinationPort', context));
  return tests;
}

function portTest(condition: PortCondition, field: PortField, { family }: CompileContext): Test {
  const pair = portPair(condition);
  if (pair === undefined) {
    const option = field === 'sourcePort' ? '--sport' : '--dport';
    return unknownTest(`${option} ${condition.low}${condition.low === condition.high ? '' : `:${condition.high}`}`, condition.not, {
      about: [field],
    });
  }
  return { kind: 'field', field, in: condition.not ? complement(pair, field, family) : pair };
}

/** Undefined where a port is shown by a name that is not known. */
function portPair({ low, high }: PortRange): [number, number] | undefined {
  const first = portNumber(low);
  const last = portNumber(high);
  return first === undefined || last === undefined ? undefined : [first, last];
}

function portNumber(port: number | string): number | undefined {
  return typeof port === 'number' ? port : portOfName(port);
}

/** `-m multiport`. */
export function multiportTests(match: MultiportMatch, { family }: CompileContext): Test[] {
  const pairs = match.ports.map(portPair);
  if (!pairs.every((pair) => pair !== undefined)) {
    return [
      unknownMatch(match, family, { about: match.direction === 'either' ? ['sourcePort', 'destinationPort'] : [`${match.direction}Port`] }),
    ];
  }
  const intervals = toIntervals(pairs);
  if (match.direction === 'either') return [{ kind: 'eitherPort', in: intervals, not: match.not }];
  const field = `${match.direction}Port` as const;
  return [{ kind: 'field', field, in: match.not ? complement(intervals, field, family) : intervals }];
}
