import type { Chain, Match, Rule, Target } from '../ast.ts';
import type { RuleLine } from './rule-line.ts';

/**
 * A name in the target column that is neither a target of the table nor a chain of the listing, with unknown text at the end
 * of its rule: the text is the target's.
 */
export function withUnknownTargets(chains: readonly Chain[]): readonly Chain[] {
  const names = new Set(chains.map(({ name }) => name));
  return chains.map((chain) => withUnknownTargetsOf(chain, names));
}

/** The same of one chain, with the names of all chains of its table. */
export function withUnknownTargetsOf(chain: Chain, chains: ReadonlySet<string>): Chain {
  const isUnknown = (rule: Rule): boolean =>
    rule.target?.kind === 'ChainTarget' && !chains.has(rule.target.name) && rule.matches.at(-1)?.kind === 'UnknownMatch';
  // With one chain listed nothing tells which names are chains, but that the text begins with the name: `IMQ: todev 0`.
  const isTold = (rule: Rule): boolean => isUnknown(rule) && (chains.size > 1 || namesTarget(rule));
  if (!chain.rules.some(isTold)) return chain;
  return { ...chain, rules: chain.rules.map((rule) => (isTold(rule) ? moveText(rule) : rule)) };
}

function namesTarget({ target, matches }: Rule): boolean {
  const last = matches.at(-1);
  return target !== undefined && last?.kind === 'UnknownMatch' && last.text.startsWith(`${target.name}:`);
}

function moveText(rule: Rule): Rule {
  const last = rule.matches.at(-1);
  if (rule.target === undefined || last?.kind !== 'UnknownMatch') return rule;
  const { text, span } = last;
  return { ...rule, matches: rule.matches.slice(0, -1), target: { kind: 'UnknownTarget', name: rule.target.name, text, span } };
}

/** Unknown text behind a target that could not be read is the target's too: printed before it, it would be read as the target. */
export function withTextBehind(
  { source, base }: RuleLine,
  matches: readonly Match[],
  target: Target | undefined,
): { readonly matches: readonly Match[]; readonly target: Target | undefined } {
  const last = matches.at(-1);
  if (target?.kind !== 'UnknownTarget' || target.text === '' || last?.kind !== 'UnknownMatch' || last.span.start < target.span.end)
    return { matches, target };
  const span = { start: target.span.start, end: last.span.end };
  return { matches: matches.slice(0, -1), target: { ...target, text: source.slice(span.start - base, span.end - base), span } };
}
