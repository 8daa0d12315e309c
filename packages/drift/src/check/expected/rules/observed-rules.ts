import { isProxyChain } from '../../../proxy/names/chain-roles.ts';
import { once } from '../../../common/once.ts';
import { servicePortsOf } from '../../../proxy/names/comments.ts';
import type { RuleEntry, RuleTable } from '../../../state/model.ts';
import type { Origin } from '../../../state/origin.ts';

/** A rule or element of a node, in the form of those that are planned. */
export interface ObservedRule {
  readonly text: string;
  readonly origin: Origin;
  /** The service port that its comment or target names. */
  readonly servicePort?: string;
}

/** Rules and elements by where they stand, as `nat KUBE-SERVICES`, and how often each text stands there. */
export type ObservedRules = ReadonlyMap<
  string,
  { readonly rules: readonly ObservedRule[]; readonly counts: () => ReadonlyMap<string, number> }
>;

/** Counts the texts of each place. */
export function observedRules(found: ReadonlyMap<string, readonly ObservedRule[]>): ObservedRules {
  return new Map(
    [...found].map(([where, rules]) => {
      // Of most chains nobody asks.
      const counts = once(() => countsOf(rules));
      return [where, { rules, counts }];
    }),
  );
}

function countsOf(rules: readonly ObservedRule[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of rules) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** The rules of kube-proxy's chains; undefined where they cannot be compared one by one. */
export function observedIptables(tables: readonly (RuleTable | undefined)[]): ObservedRules | undefined {
  const found = new Map<string, readonly ObservedRule[]>();
  for (const table of tables) {
    if (table?.complete !== true || table.interfacesHidden || table.namesHosts) return undefined;
    for (const [name, chain] of table.chains) {
      const rules = isProxyChain(name) ? chain.rules.filter((rule) => !counts(rule)).map(observed) : [];
      if (rules.length > 0) found.set(`${table.name} ${name}`, rules);
    }
  }
  return observedRules(found);
}

/** Newer versions have rules beside the others that count packets by name (`-m nfacct`). */
function counts({ conditions }: RuleEntry): boolean {
  return conditions.some((condition) => condition.kind === 'other' && condition.text.includes('nfacct'));
}

/** Conditions in one order, without the share of a packet. */
function observed({ conditions, target, comments, origin }: RuleEntry): ObservedRule {
  const asked = conditions.flatMap(({ kind, text }) => (kind === 'probability' ? [] : [text])).sort();
  const servicePort = servicePortsOf(comments)[0];
  return {
    text: [...asked, target.text].filter((part) => part !== '').join(' '),
    origin,
    ...(servicePort === undefined ? {} : { servicePort }),
  };
}
