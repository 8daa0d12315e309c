import { type Expression, type Match, printNftExpression, printNftStatement } from '@netdrift/nftables';
import type { Intervals } from '../field.ts';
import { gaps, toIntervals } from '../intervals.ts';
import type { UnknownTest } from '../unknown-test.ts';
import { unknown } from './context.ts';

/** What matches of iptables ask for too, by the same names; translation changes none of it. */
const NAMES: Readonly<Record<string, string>> = {
  'ip dscp': 'dscp',
  'ip ttl': 'ttl',
  'ip6 dscp': 'dscp',
  'ip6 hoplimit': 'hop limit',
  'meta cpu': 'cpu',
  'meta length': 'length',
  'meta skgid': 'owner group',
  'meta skuid': 'owner user',
};

/** What no rule changes on the way. */
const META: readonly string[] = ['cpu', 'iifgroup', 'length', 'oifgroup', 'rtclassid', 'skgid', 'skuid'];
const CT: readonly string[] = ['avgpkt', 'bytes', 'packets'];

/**
 * `meta length > 100`, `ip ttl 1-5`: a comparison of something that no listing shows with numbers, by which tests of it exclude or imply
 * one another; nothing for another match.
 */
export function quantityTest({ left, operator, right, ...match }: Match): UnknownTest | undefined {
  const values = isQuantity(left) ? valuesOf(right) : undefined;
  // A packet that has no such value, as UDP has no window, meets neither a test nor its opposite: it has the value behind the last one.
  const last = isAlwaysThere(left) ? Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER - 1;
  const asked = values && comparedWith(values, operator, last);
  if (asked === undefined) return undefined;
  const text = printNftExpression(left);
  const name = NAMES[text];
  return unknown(printNftStatement({ ...match, left, operator, right }), false, {
    quantity: { name: name ?? text, in: asked },
    ...(name === undefined ? {} : { about: [] }),
  });
}

function isQuantity(left: Expression): boolean {
  if (left.kind === 'Meta') return META.includes(left.key);
  return left.kind === 'Ct' ? CT.includes(left.key) : left.kind === 'Payload' || left.kind === 'Option';
}

function isAlwaysThere(left: Expression): boolean {
  if (left.kind === 'Payload') return left.protocol === 'ip' || left.protocol === 'ip6';
  return left.kind === 'Meta' && (left.key === 'length' || left.key === 'cpu');
}

function valuesOf(right: Expression): Intervals | undefined {
  const values = right.kind === 'AnonymousSet' ? right.elements.map(({ key }) => key) : [right];
  const pairs = values.map((value): readonly [number, number] | undefined => {
    const [first, last] = value.kind === 'Range' ? [value.first, value.last] : [value, value];
    return first.kind === 'Number' && last.kind === 'Number' ? [first.value, last.value] : undefined;
  });
  return pairs.every((pair) => pair !== undefined) ? toIntervals(pairs) : undefined;
}

/** The values for which a comparison holds. */
function comparedWith(values: Intervals, operator: Match['operator'], last: number): Intervals | undefined {
  const value = Number(values[0]);
  switch (operator) {
    case '==':
      return values;
    case '!=':
      return gaps(values, 0, last);
    case '<':
      return value > 0 ? [0, value - 1] : [];
    case '<=':
      return [0, value];
    case '>':
      return [value + 1, last];
    case '>=':
      return [value, last];
    default:
      return undefined;
  }
}
