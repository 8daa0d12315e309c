import { parseProtocol } from '@netdrift/core';
import type { ConntrackMatch } from '@netdrift/iptables';
import { type Field, STATES } from '../field.ts';
import { complement, toIntervals } from '../intervals.ts';
import type { Test } from '../ir.ts';
import type { UnknownTraits } from '../unknown-test.ts';
import { addressIntervals } from './address-tests.ts';
import { type CompileContext, unknownMatch } from './context.ts';
import { portTests } from './port-tests.ts';

/**
 * `--ctstate` and `--state`: SNAT and DNAT are no states but say that the connection is translated (Linux xt_conntrack.c `conntrack_mt`).
 */
export function stateTests(not: boolean, states: readonly string[], spell: () => Test, { family }: CompileContext): Test[] {
  const plain = states.filter((state) => !TRANSLATED.has(state));
  const numbers = plain.map((state) => STATES.findIndex((name) => name === state));
  if (numbers.includes(-1)) return [spell()];
  const intervals = toIntervals(numbers.map((number) => [number, number] as const));
  const translated = states
    .filter((state) => TRANSLATED.has(state))
    .map((state): Test => ({ kind: 'translated', side: state === 'SNAT' ? 'source' : 'destination', not }));
  // Negated, none of them may hold: tests one after another. Otherwise one of them has to.
  if (not)
    return [
      ...(plain.length === 0 ? [] : [{ kind: 'field', field: 'state', in: complement(intervals, 'state', family) } as const]),
      ...translated,
    ];
  if (translated.length === 0) return [{ kind: 'field', field: 'state', in: intervals }];
  return plain.length === 0 && translated.length === 1 ? translated : [spell()];
}

const TRANSLATED = new Set(['SNAT', 'DNAT']);

/** `-m conntrack`: what it asks of the packet as it began, and of its state. Replies and timers are not known. */
export function conntrackTests(match: ConntrackMatch, context: CompileContext): Test[] {
  const { family } = context;
  const { state, protocol, originalSource, originalDestination, originalSourcePorts, originalDestinationPorts, direction } = match;
  const alone = (part: Partial<ConntrackMatch>, traits?: UnknownTraits): Test =>
    unknownMatch({ kind: 'ConntrackMatch', ...part }, family, traits);
  const tests: Test[] = [];
  if (state !== undefined) {
    const usually = state.not ? !state.values.includes('NEW') : state.values.includes('NEW');
    tests.push(...stateTests(state.not, state.values, () => alone({ state }, { usually }), context));
  }
  if (protocol !== undefined) {
    const number = typeof protocol.value === 'number' ? protocol.value : parseProtocol(protocol.value)?.number;
    if (number === undefined) tests.push(alone({ protocol }));
    else
      tests.push({
        kind: 'field',
        field: 'protocol',
        in: protocol.not ? complement([number, number], 'protocol', family) : [number, number],
      });
  }
  for (const [condition, field, part] of [
    [originalSource, 'source', { originalSource }],
    [originalDestination, 'destination', { originalDestination }],
  ] as const) {
    if (condition === undefined) continue;
    const intervals = addressIntervals(condition, field, family);
    if (intervals === 'unknown') tests.push(alone(part as Partial<ConntrackMatch>, { about: [field] }));
    else if (intervals !== 'any') tests.push({ kind: 'original', field, in: intervals });
  }
  for (const test of portTests(
    {
      ...(originalSourcePorts && { sourcePorts: originalSourcePorts }),
      ...(originalDestinationPorts && { destinationPorts: originalDestinationPorts }),
    },
    context,
  )) {
    tests.push(test.kind === 'field' ? { kind: 'original', field: test.field, in: test.in } : test);
  }
  if (direction !== undefined) tests.push(alone({ direction }, { usually: (direction.value === 'ORIGINAL') !== direction.not }));
  return [...tests, ...later(match, alone)];
}

/** What belongs to the answers to a connection, or to its age. */
function later(
  { replySource, replyDestination, replySourcePorts, replyDestinationPorts, status, expire }: ConntrackMatch,
  alone: (part: Partial<ConntrackMatch>, traits?: UnknownTraits) => Test,
): Test[] {
  const about: Field[] = ['source', 'destination'];
  return [
    ...(replySource === undefined ? [] : [alone({ replySource }, { about })]),
    ...(replyDestination === undefined ? [] : [alone({ replyDestination }, { about })]),
    ...(replySourcePorts === undefined ? [] : [alone({ replySourcePorts }, { about })]),
    ...(replyDestinationPorts === undefined ? [] : [alone({ replyDestinationPorts }, { about })]),
    ...(status === undefined ? [] : [alone({ status }, { usually: status.not })]),
    ...(expire === undefined ? [] : [alone({ expire })]),
  ];
}
