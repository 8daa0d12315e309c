import type { SetMatch } from '@netdrift/iptables';
import type { Test } from '../ir.ts';
import { type CompileContext, unknownMatch, unknownTest } from './context.ts';

/** `-m set --match-set NAME src,dst`. Counters of a set's elements are not looked at, and neither is `--return-nomatch`. */
export function setTests(match: SetMatch, context: CompileContext): Test[] {
  const { set, directions, not, packets, bytes, returnNomatch } = match;
  if (returnNomatch === true)
    return [unknownMatch(match, context.family, { about: ['source', 'destination', 'sourcePort', 'destinationPort'] })];
  const tests: Test[] = [{ kind: 'member', of: context.lookup(set, directions), not }];
  for (const [name, counter] of [
    ['packets', packets],
    ['bytes', bytes],
  ] as const) {
    if (counter !== undefined)
      tests.push(
        unknownTest(`-m set --match-set ${set} ${directions.join(',')} --${name}-${counter.operator} ${counter.value}`, counter.not, {
          counts: true,
        }),
      );
  }
  return tests;
}
