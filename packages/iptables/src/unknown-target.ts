import type { Chain, Rule } from './ast.ts';

/**
 * A name in the target column that is neither a target of the table nor a chain of the listing, with unknown text at the end
 * of its rule: the text is the target's.
 */
export function withUnknownTargets(chain: Chain, chains: ReadonlySet<string>): Chain {
  const isUnknown = (rule: Rule): boolean =>
    rule.target?.kind === 'ChainTarget' && !chains.has(rule.target.name) && rule.matches.at(-1)?.kind === 'UnknownMatch';
  // With one chain listed nothing tells which names are chains.
  if (chains.size < 2 || !chain.rules.some(isUnknown)) return chain;
  return { ...chain, rules: chain.rules.map((rule) => (isUnknown(rule) ? moveText(rule) : rule)) };
}

function moveText(rule: Rule): Rule {
  const last = rule.matches.at(-1);
  if (rule.target === undefined || last?.kind !== 'UnknownMatch') return rule;
  const { text, span } = last;
  return { ...rule, matches: rule.matches.slice(0, -1), target: { kind: 'UnknownTarget', name: rule.target.name, text, span } };
}
