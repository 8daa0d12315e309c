import { type Assignment, type Expression, printNftStatement } from '@netdrift/nftables';
import type { Action } from '../ir.ts';

const ALL = 0xffff_ffff;

/** `meta mark set meta mark | 0x4000`, `ct mark set meta mark`: what it does to a mark; nothing where that is not told. */
export function assignmentAction(assignment: Assignment): Action | undefined {
  const { target, value } = assignment;
  const register = registerOf(target);
  if (register === undefined) return { kind: 'effect', text: printNftStatement(assignment) };
  const from = registerOf(value);
  if (from !== undefined && from !== register) return { kind: 'copyMark', to: register, keep: 0, take: ALL, shift: 0 };
  const change = changeOf(value, register);
  return change === undefined ? undefined : { kind: 'mark', register, ...change };
}

function registerOf(expression: Expression): 'packet' | 'connection' | undefined {
  if (expression.kind === 'Meta' && expression.key === 'mark') return 'packet';
  return expression.kind === 'Ct' && expression.key === 'mark' ? 'connection' : undefined;
}

interface Change {
  readonly and: number;
  readonly xor: number;
}

/** A value as what it makes of the mark itself: `(mark & and) ^ xor`. */
function changeOf(value: Expression, register: 'packet' | 'connection'): Change | undefined {
  if (value.kind === 'Number') return { and: 0, xor: value.value >>> 0 };
  if (registerOf(value) === register) return { and: ALL, xor: 0 };
  if (value.kind !== 'Binary' || value.right.kind !== 'Number') return undefined;
  const inner = changeOf(value.left, register);
  const bits = value.right.value >>> 0;
  if (inner === undefined) return undefined;
  switch (value.operator) {
    case '&':
      return { and: (inner.and & bits) >>> 0, xor: (inner.xor & bits) >>> 0 };
    case '|':
      return { and: (inner.and & ~bits) >>> 0, xor: ((inner.xor & ~bits) | bits) >>> 0 };
    case '^':
      return { and: inner.and, xor: (inner.xor ^ bits) >>> 0 };
    default:
      return undefined;
  }
}
