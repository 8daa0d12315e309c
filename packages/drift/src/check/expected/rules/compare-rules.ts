import { addToGroup } from '../../../common/add-to-group.ts';
import type { DesiredPort } from '../../../desired/desired-ports.ts';
import type { PlannedRule, PlannedRules } from '../../../desired/service-plan.ts';
import type { KnownSettings } from '../../../desired/known-settings.ts';
import { knowsServiceRules, serviceRules } from '../../../desired/service-rules.ts';
import type { Family } from '../../../desired/settings.ts';
import { nftTableOf } from '../../../proxy/nftables/names.ts';
import type { NodeView } from '../../../services/node-facts.ts';
import type { Expectation } from '../expectation.ts';
import type { Reading } from '../expected-places.ts';
import { knowsNodeIp } from '../open-addresses.ts';
import { type ObservedPlace, type ObservedRule, type ObservedRules, observedIptables } from './observed-rules.ts';
import { observedNft } from './observed-nft.ts';

/** How the rules of one service port in one family differ from those that kube-proxy writes. */
export interface RuleDifference {
  readonly port: DesiredPort;
  readonly missing: readonly PlannedRule[];
  readonly extra: readonly (ObservedRule & { readonly where: string })[];
}

/** The service ports that were compared rule by rule, and those that differ. */
export interface ComparedRules {
  readonly differing: readonly RuleDifference[];
  /** Service ports all rules of which are as kube-proxy writes them, in every family that is shown. */
  readonly intact: ReadonlySet<string>;
}

/** Compares the rules of each service port with those that kube-proxy writes, in iptables mode and in nftables mode. */
export function compareRules(view: NodeView, { readings, known }: Expectation): ComparedRules {
  const mode = view.facts.proxyMode?.value;
  const usable = readings.filter(({ settings }) => settings.mode === mode && knowsServiceRules(settings));
  const differing: RuleDifference[] = [];
  const intact = new Set<string>();
  for (const family of ['ipv4', 'ipv6'] as const) {
    const observed = usable.length < readings.length ? undefined : observedOf(view, family);
    const plans = observed === undefined || known === undefined ? [] : usable.map((reading) => plansOf(reading, family, known));
    const found = differencesOf(plans, observed ?? new Map());
    // Where most differ, something else is so than is known: a setting, or a build of its own.
    if (found.size > 3 && found.size * 2 > (plans[0]?.size ?? 0)) return { differing: [], intact: new Set() };
    differing.push(...found.values());
    for (const name of plans[0]?.keys() ?? []) if (!found.has(name)) intact.add(name);
  }
  for (const { port } of differing) intact.delete(port.name);
  return { differing, intact };
}

function observedOf({ model, facts }: NodeView, family: Family): ObservedRules | undefined {
  if (facts.proxyMode?.value === 'nftables') return observedNft(model.nft?.tables.get(nftTableOf(family)));
  return observedIptables([model.tables.get(`${family} nat`), model.tables.get(`${family} filter`)]);
}

interface Plan {
  readonly port: DesiredPort;
  readonly rules: PlannedRules;
}

/**
 * What one reading asks for: without services of policy Local where it is not known which endpoints are local, and without those of source
 * ranges where nothing tells the address of the node, which these may hold.
 */
function plansOf({ settings, ports }: Reading, family: Family, known: KnownSettings): ReadonlyMap<string, Plan> {
  const isOpen = ({ internalLocal, externalLocal, sourceRanges }: DesiredPort): boolean =>
    (known.nodeIsOpen && (internalLocal || externalLocal)) || (sourceRanges.length > 0 && !knowsNodeIp(known, family));
  const own = ports.filter((port) => port.family === family && !isOpen(port));
  return new Map(
    own.flatMap((port) => {
      const rules = serviceRules(port, settings);
      return rules === undefined ? [] : [[port.name, { port, rules }] as const];
    }),
  );
}

/** A service port differs where it does under every reading of what is not known. */
function differencesOf([likely, ...others]: readonly ReadonlyMap<string, Plan>[], observed: ObservedRules): Map<string, RuleDifference> {
  const found = new Map<string, RuleDifference>();
  if (likely === undefined) return found;
  const shared = new Map([likely, ...others].map((plans) => [plans, sharedRules(plans, observed)]));
  for (const [name, plan] of likely) {
    const difference = differenceOf(plan, observed, shared.get(likely));
    if (difference === undefined) continue;
    const fits = others.some((plans) => {
      const other = plans.get(name);
      return other === undefined || differenceOf(other, observed, shared.get(plans)) === undefined;
    });
    if (!fits) found.set(name, difference);
  }
  return found;
}

/** Rules at places of all services by the service port that they name, where the service port does not ask for them. */
type Strays = ReadonlyMap<string, RuleDifference['extra']>;

function sharedRules(plans: ReadonlyMap<string, Plan>, observed: ObservedRules): Strays {
  const asked = new Map<string, Set<string>>();
  for (const { rules } of plans.values()) {
    for (const { where, text } of rules.rules) {
      if (rules.own.has(where)) continue;
      const texts = asked.get(where) ?? new Set();
      asked.set(where, texts.add(text));
    }
  }
  const strays = new Map<string, (ObservedRule & { readonly where: string })[]>();
  for (const [where, texts] of asked) {
    for (const rule of observed.get(where)?.rules ?? [])
      if (rule.servicePort !== undefined && !texts.has(rule.text)) addToGroup(strays, rule.servicePort, { ...rule, where });
  }
  return strays;
}

/** Whether the rules of a service port are all there, its own ones in the order planned and no others: so it is of nearly all. */
function isAsPlanned({ rules: { rules, own } }: Plan, observed: ObservedRules): boolean {
  const next = new Map<string, number>();
  let at: { readonly where: string; readonly there: ObservedPlace | undefined; readonly isOwn: boolean } | undefined;
  for (const { where, text } of rules) {
    // Rules of one place mostly follow one another.
    if (at?.where !== where) at = { where, there: observed.get(where), isOwn: own.has(where) };
    const { there, isOwn } = at;
    if (!isOwn) {
      if (there?.counts().has(text) !== true) return false;
      continue;
    }
    const place = next.get(where) ?? 0;
    if (there?.rules[place]?.text !== text) return false;
    next.set(where, place + 1);
  }
  for (const where of own) if ((observed.get(where)?.rules.length ?? 0) !== (next.get(where) ?? 0)) return false;
  return true;
}

function differenceOf(plan: Plan, observed: ObservedRules, strays: Strays | undefined): RuleDifference | undefined {
  const {
    port,
    rules: { rules, own },
  } = plan;
  if (strays?.has(port.name) !== true && isAsPlanned(plan, observed)) return undefined;
  const missing = rules.filter(({ where, text }) => !own.has(where) && observed.get(where)?.counts().has(text) !== true);
  const extra: (ObservedRule & { readonly where: string })[] = [...(strays?.get(port.name) ?? [])];
  const left = new Map([...own].map((where) => [where, new Map(observed.get(where)?.counts())]));
  for (const rule of rules) {
    const counts = left.get(rule.where);
    const count = counts?.get(rule.text) ?? 0;
    if (counts !== undefined && count === 0) missing.push(rule);
    counts?.set(rule.text, count - 1);
  }
  for (const [where, counts] of left) {
    for (const rule of observed.get(where)?.rules ?? []) {
      const count = counts.get(rule.text) ?? 0;
      if (count > 0) extra.push({ ...rule, where });
      counts.set(rule.text, count - 1);
    }
  }
  return missing.length + extra.length === 0 ? undefined : { port, missing, extra };
}
