import type { RuleChain } from '../../state/model.ts';

/** Where the first rule of a chain that translates leads: `10.244.0.15:80` for the chain of an endpoint. */
export function translatedEndpoint({ rules }: Pick<RuleChain, 'rules'>): string | undefined {
  for (const { target } of rules) if (target.kind === 'dnat') return target.to;
  return undefined;
}
