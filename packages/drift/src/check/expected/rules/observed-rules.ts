import { isProxyChain, isServiceChain } from '../../../proxy/names/chain-roles.ts';
import { once } from '../../../common/once.ts';
import { servicePortsOf } from '../../../proxy/names/comments.ts';
import type { RuleChain, RuleEntry, RuleTable } from '../../../state/model.ts';
import type { Origin } from '../../../state/origin.ts';

/** A rule or element of a node, in the form of those that are planned. */
export interface ObservedRule {
  readonly text: string;
  readonly origin: Origin;
  /** The service port that its comment or target names. */
  readonly servicePort?: string;
}

/** The rules or elements of one place, and how often each text stands there. */
export interface ObservedPlace {
  readonly rules: readonly ObservedRule[];
  readonly counts: () => ReadonlyMap<string, number>;
}

/** Rules and elements by where they stand, as `nat KUBE-SERVICES`. */
export type ObservedRules = ReadonlyMap<string, ObservedPlace>;

/** Counts the texts of each place. */
export function observedRules(found: ReadonlyMap<string, readonly ObservedRule[]>): ObservedRules {
  const places = new Map<string, ObservedPlace>();
  // Of most chains nobody asks.
  for (const [where, rules] of found) places.set(where, { rules, counts: once(() => countsOf(rules)) });
  return places;
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
      if (!isProxyChain(name)) continue;
      // The rules of a chain of one service port or endpoint are all of one service: nobody asks which.
      const rules = observedIn(chain, !isServiceChain(name));
      if (rules.length > 0) found.set(`${table.name} ${name}`, rules);
    }
  }
  return observedRules(found);
}

function observedIn({ rules }: RuleChain, asksForNames: boolean): ObservedRule[] {
  const found: ObservedRule[] = [];
  for (const rule of rules) {
    if (counts(rule)) continue;
    const { comments, origin } = rule;
    const servicePort = asksForNames ? servicePortsOf(comments)[0] : undefined;
    const text = textOf(rule);
    found.push(servicePort === undefined ? { text, origin } : { text, origin, servicePort });
  }
  return found;
}

/** Newer versions have rules beside the others that count packets by name (`-m nfacct`). */
function counts({ conditions }: RuleEntry): boolean {
  return conditions.some((condition) => condition.kind === 'other' && condition.text.includes('nfacct'));
}

/** Conditions in one order, without the share of a packet. */
function textOf({ conditions, target, key }: RuleEntry): string {
  // Those of which the order says nothing are in order.
  if (conditions.every(({ kind }) => kind !== 'probability' && kind !== 'other')) return key;
  const asked = conditions.flatMap(({ kind, text }) => (kind === 'probability' ? [] : [text])).sort();
  return [...asked, target.text].filter((part) => part !== '').join(' ');
}
