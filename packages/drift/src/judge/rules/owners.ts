import { sidesOf } from '../../structure/difference.ts';
import type { RuleChain, RuleTable } from '../../state/model.ts';
import type { Detail, ExplainedDifference } from '../../report.ts';
import type { CauseDraft, Draft, SidedOrigin } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { reachableChains } from '../packets/reachable.ts';
import { comparesServedPlaces } from '../node/served-mode.ts';
import { counted, listed, packetsOf } from '../words.ts';

/** Programs by the prefix of their chains. */
const OWNERS: readonly (readonly [RegExp, string])[] = [
  [/^KUBE-ROUTER-/, 'kube-router'],
  [/^KUBE-/, 'kube-proxy'],
  [/^(?:cali|CALI)-?/, 'Calico'],
  [/^CNI-/, 'the CNI plugins'],
  [/^FLANNEL-/, 'flannel'],
  [/^CILIUM_/, 'Cilium'],
  [/^DOCKER/, 'Docker'],
  [/^NETAVARK/, 'netavark'],
  [/^OVN-/, 'OVN-Kubernetes'],
  [/^ufw6?-/, 'ufw'],
  [/(?:_ZONES|_direct|_ZONES_SOURCE)$/, 'firewalld'],
];

/** The program that makes a chain, by its name; undefined for a chain of nobody known. */
export function chainOwner(name: string): string | undefined {
  return OWNERS.find(([sign]) => sign.test(name))?.[1];
}

/**
 * Programs that lost every jump from a built-in chain into their chains: what they set up no longer happens. Several at once is a
 * flush of the rules.
 */
export function judgeOwners(judgement: Judgement): Draft[] {
  const before = anchorCounts(judgement.before.model.tables);
  const after = anchorCounts(judgement.after.model.tables);
  const comparable = judgement.differences.tables.length > 0;
  if (!comparable) return [];
  // Rules that another mode does without are no loss: what became of services is told with the mode.
  const isOfMode = (owner: string): boolean => owner === 'kube-proxy' && comparesServedPlaces(judgement);
  const wiped = [...before.keys()].filter((owner) => !after.has(owner) && isComplete(judgement, owner) && !isOfMode(owner)).sort();
  const appeared = [...after.keys()].filter((owner) => !before.has(owner) && !isOfMode(owner)).sort();
  const cause: CauseDraft | undefined =
    wiped.length === 0
      ? undefined
      : {
          id: wiped.length > 1 ? 'cause.ruleset-flushed' : 'cause.owner-wiped',
          certainty: 'heuristic',
          text:
            wiped.length > 1
              ? `the rules were flushed: nothing leads into the chains of ${listed(wiped, 8)} any more`
              : `the rules of ${wiped[0]} are gone: nothing leads into ${their(wiped[0])} chains any more`,
          details: [...lostServices(judgement), ...lostForwards(wiped, judgement)],
        };
  if (cause !== undefined && wiped.includes('kube-proxy')) wipes.set(judgement, cause);
  return [
    ...wiped.map((owner) => ownerDraft(owner, 'wiped', judgement, cause)),
    ...appeared.map((owner) => ownerDraft(owner, 'appeared', judgement, undefined)),
  ];
}

const wipes = new WeakMap<Judgement, CauseDraft>();

/**
 * Why services that no rule leads to any more are gone, where the rules of kube-proxy are gone as a whole. Asked after {@link judgeOwners}.
 */
export function wipeOfServices(judgement: Judgement): CauseDraft | undefined {
  return wipes.get(judgement);
}

/** Jumps from built-in chains into the chains of each owner. */
function anchorCounts(tables: ReadonlyMap<string, RuleTable>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const table of tables.values()) {
    for (const chain of table.chains.values()) {
      if (chain.policy === undefined) continue;
      for (const { target } of chain.rules) {
        const owner = target.kind === 'jump' ? chainOwner(target.chain) : undefined;
        if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** Only where every table that had its anchors is listed on both sides, whole. */
function isComplete({ before, after }: Judgement, owner: string): boolean {
  for (const [key, table] of before.model.tables) {
    if (!anchorCounts(new Map([[key, table]])).has(owner)) continue;
    const other = after.model.tables.get(key);
    if (other === undefined ? !after.model.wholeFamilies.has(table.family) : !other.complete) return false;
  }
  return true;
}

function their(owner: string | undefined): string {
  return owner?.startsWith('the ') === true ? 'their' : 'its';
}

function lostServices({ flows }: Judgement): Detail[] {
  const lost = new Set<string>();
  const unmasked = new Set<string>();
  for (const flow of flows.all) {
    if (flow.frontend === undefined) continue;
    const name = flow.frontend.servicePort ?? flow.frontend.key;
    if (flow.before.endpoints.length > 0 && flow.after.endpoints.length === 0) lost.add(name);
    else if (flow.before.masqueraded === true && flow.after.masqueraded === false) unmasked.add(name);
  }
  const details: Detail[] = [];
  if (lost.size > 0)
    details.push({ label: 'effect', text: `new connections to ${listed([...lost].sort(), 6)} reach no endpoint any more` });
  const rest = [...unmasked].filter((name) => !lost.has(name)).sort();
  if (rest.length > 0) details.push({ label: 'effect', text: `connections to ${listed(rest, 6)} are no longer masqueraded` });
  return details;
}

/** What the rules of programs other than kube-proxy forwarded: ports of hosts, mostly. */
function lostForwards(owners: readonly string[], { before }: Judgement): Detail[] {
  const lost = new Set<string>();
  for (const table of before.model.tables.values()) {
    const reached = reachableChains(table);
    for (const chain of table.chains.values()) {
      const owner = chainOwner(chain.name);
      if (owner === undefined || owner === 'kube-proxy' || !owners.includes(owner) || !reached.has(chain.name)) continue;
      for (const rule of chain.rules)
        if (rule.target.kind === 'dnat')
          lost.add(`packets ${packetsOf(rule)} (→ ${rule.target.toNode === true ? 'this node' : rule.target.to})`);
    }
  }
  return lost.size === 0 ? [] : [{ label: 'effect', text: `no rule forwards ${listed([...lost], 5)} any more` }];
}

function ownerDraft(owner: string, how: 'wiped' | 'appeared', judgement: Judgement, cause: CauseDraft | undefined): Draft {
  const explains: ExplainedDifference[] = [];
  const origins: SidedOrigin[] = [];
  const side = how === 'wiped' ? 'before' : 'after';
  const claim = (object: object, id: string, subject: string, origin: SidedOrigin['origin']): void => {
    if (judgement.told.has(object)) return;
    judgement.told.add(object);
    explains.push({ id, subject });
    origins.push({ side, origin });
  };
  for (const table of judgement.differences.tables) {
    const name = table.after.name;
    for (const chain of table.changed) {
      for (const rule of chain.rules) {
        const entry = rule.kind === 'removed' ? rule.before : rule.after;
        // A jump that led into the chains of another program before is that program's loss too, and no part of this story.
        const own =
          chainOwner(chain.after.name) === owner ||
          sidesOf(rule).every(({ target }) => target.kind === 'jump' && chainOwner(target.chain) === owner);
        if (own) claim(rule, `iptables.rule.${rule.kind}`, `${name} ${chain.after.name}#${entry.number}`, entry.origin);
      }
    }
    const chains: readonly RuleChain[] = how === 'wiped' ? table.removed : table.added;
    for (const chain of chains)
      if (chainOwner(chain.name) === owner)
        claim(chain, `iptables.chain.${how === 'wiped' ? 'removed' : 'added'}`, `${name} ${chain.name}`, chain.origin);
  }
  const scale = counted(explains.length, 'chain or rule', 'chains and rules');
  return {
    id: `iptables.owner.${how}`,
    severity: how === 'wiped' ? 'critical' : 'notice',
    effect: how === 'wiped' ? 'lost' : 'gained',
    certainty: 'proven',
    subject: { kind: 'config', name: owner },
    text:
      how === 'wiped'
        ? `the rules of ${owner} are gone: nothing leads into ${their(owner)} chains any more (${scale})`
        : `${owner} ${their(owner) === 'its' ? 'has' : 'have'} rules now: built-in chains lead into ${their(owner)} chains (${scale})`,
    explains,
    origins: origins.slice(0, 6),
    ...(cause === undefined ? {} : { cause }),
  };
}
