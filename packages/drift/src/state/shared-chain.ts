import type { Rule } from '@netdrift/iptables';
import type { RuleChain } from './model.ts';
import type { Origin } from './origin.ts';

/**
 * Whether a chain was read already, on the other side of a comparison: the same rules in the same lines. Most chains of two listings are,
 * and comparing what was parsed costs a tenth of making entries of it again.
 */
export function isRead(
  known: RuleChain,
  chain: Pick<RuleChain, 'policy' | 'references' | 'partialBecause' | 'mayGoOn' | 'origin'>,
  rules: readonly Rule[],
  originOf: (rule: Rule) => Origin,
): boolean {
  return (
    known.rules.length === rules.length &&
    known.policy === chain.policy &&
    known.references === chain.references &&
    known.partialBecause === chain.partialBecause &&
    String(known.mayGoOn) === String(chain.mayGoOn) &&
    isSameOrigin(known.origin, chain.origin) &&
    rules.every((rule, place) => {
      const entry = known.rules[place];
      return entry?.number === place + 1 && isSameTree(entry.parsed, rule) && isSameOrigin(entry.origin, originOf(rule));
    })
  );
}

function isSameOrigin(one: Origin, other: Origin): boolean {
  return one.part === other.part && one.lines[0] === other.lines[0] && one.lines[1] === other.lines[1];
}

/** Whether two parsed rules are equal but for where they stand; a rule is a tree of few levels, whatever its text. */
function isSameTree(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const node = one as Readonly<Record<string, unknown>>;
  const partner = other as Readonly<Record<string, unknown>>;
  const keys = Object.keys(node);
  if (keys.length !== Object.keys(partner).length) return false;
  for (const key of keys) if (key !== 'span' && !(Object.hasOwn(partner, key) && isSameTree(node[key], partner[key]))) return false;
  return true;
}
