import type { AddrtypeMatch } from '@netdrift/iptables';
import { complement } from '../intervals.ts';
import type { Test } from '../ir.ts';
import { prefixBounds, toAddress } from '../values.ts';
import type { Intervals } from '../field.ts';
import { type CompileContext, unknownMatch } from './context.ts';

type Side = 'source' | 'destination';

/** Addresses of many hosts: by their number alone. */
const MULTICAST: Readonly<Record<CompileContext['family'], Intervals>> = {
  ipv4: prefixBounds(toAddress('224.0.0.0') ?? 0, 4),
  ipv6: prefixBounds(toAddress('ff00::') ?? 0n, 8),
};

/**
 * `-m addrtype`: LOCAL is asked of the node's addresses, MULTICAST of the number. UNICAST is none of them and no broadcast address, which
 * the routing table alone knows; so are the other types, and an interface that the type is limited to.
 */
export function addrtypeTests(match: AddrtypeMatch, context: CompileContext): Test[] {
  const tests: Test[] = [];
  for (const side of ['source', 'destination'] as const) {
    const asked = match[side];
    if (asked !== undefined) tests.push(...typeTests(match, side, asked.types, asked.not, context));
  }
  return tests;
}

function typeTests(match: AddrtypeMatch, side: Side, types: readonly string[], not: boolean, { family }: CompileContext): Test[] {
  const [only] = types;
  if (match.limitInterface === undefined && types.length === 1) {
    if (only === 'LOCAL') return [{ kind: 'local', field: side, not }];
    if (only === 'MULTICAST')
      return [{ kind: 'field', field: side, in: not ? complement(MULTICAST[family], side, family) : MULTICAST[family] }];
    if (only === 'UNICAST' && !not) {
      return [
        { kind: 'local', field: side, not: true },
        { kind: 'field', field: side, in: complement(MULTICAST[family], side, family) },
        question(match, side, ['BROADCAST'], true, family),
      ];
    }
  }
  return [question(match, side, types, not, family)];
}

function question(
  { limitInterface }: AddrtypeMatch,
  side: Side,
  types: readonly string[],
  not: boolean,
  family: CompileContext['family'],
): Test {
  const limit = limitInterface === undefined ? {} : { limitInterface };
  const [only, ...others] = types;
  const isPlain = only !== undefined && others.length === 0 && limitInterface === undefined;
  const plain = unknownMatch({ kind: 'AddrtypeMatch', [side]: { not: false, types: [...types].sort() }, ...limit }, family, {
    about: [side],
    ...(isPlain ? { asks: { kind: 'address type', of: side, type: only } } : {}),
  });
  return { ...plain, not };
}
