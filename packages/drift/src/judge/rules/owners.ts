import { ruleOf, sidesOf } from '../../differences/difference.ts';
import type { RuleChain, RuleTable } from '../../state/model.ts';
import type { Detail, ExplainedDifference } from '../../report.ts';
import type { Met } from '../../packets/flow-tables.ts';
import type { PendingCause, PendingChange, SidedOrigin } from '../pending-change.ts';
import { type Claim, explainedRule, type Found } from '../claims.ts';
import type { Comparison, Wipe } from '../comparison.ts';
import { metBy } from '../packets/flow-differences.ts';
import { reachableChains } from '../packets/reachable.ts';
import { comparesServedPlaces } from '../node/served-mode.ts';
import { lostServices } from '../packets/lost-services.ts';
import type { SideView } from '../side.ts';
import { counted, listed, packetsOf } from '../words.ts';
import type { CauseKind, ChangeKind, ChangeRule } from '../rule.ts';

const OWNER_CHANGES = [
  {
    id: 'iptables.owner.wiped',
    severity: 'critical',
    title: 'all chains of one program were deleted',
    why: 'what it set up no longer works',
    mirror: 'iptables.owner.appeared',
  },
  {
    id: 'iptables.owner.appeared',
    severity: 'notice',
    title: 'chains of a program were created',
    why: 'it now handles packets too',
    mirror: 'iptables.owner.wiped',
  },
] as const satisfies readonly ChangeKind[];

export const OWNER_CAUSES = [
  {
    id: 'cause.owner-wiped',
    title: 'the rules of one program were deleted',
    why: 'nothing jumps to its chains, or the IPVS table is empty',
  },
  { id: 'cause.ruleset-flushed', title: 'the rules of several programs were deleted', why: 'nothing jumps to the chains of any of them' },
] as const satisfies readonly CauseKind[];

export const owners: ChangeRule = { kinds: OWNER_CHANGES, causes: OWNER_CAUSES, find: judgeOwners };

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
function chainOwner(name: string): string | undefined {
  return OWNERS.find(([sign]) => sign.test(name))?.[1];
}

/**
 * Programs that lost every jump from a built-in chain into their chains: what they set up no longer happens. Several at once is a
 * flush of the rules.
 */
function judgeOwners(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  if (comparison.differences.tables.length === 0) return [];
  const { before, after } = comparison;
  const wipe = comparison.wipe();
  const taken = new Set(explained);
  return [
    ...(wipe?.owners ?? []).map((owner) => ownerChange(owner, 'wiped', taken, comparison, wipe?.cause)),
    ...ownersOn(after, before, comparison).map((owner) => ownerChange(owner, 'appeared', taken, comparison, undefined)),
  ];
}

/** What was wiped; undefined where no program lost all jumps into its chains. */
export function wipeOf(comparison: Comparison): Wipe | undefined {
  if (comparison.differences.tables.length === 0) return undefined;
  const owners = ownersOn(comparison.before, comparison.after, comparison);
  return owners.length === 0 ? undefined : { owners, cause: causeOf(owners, comparison) };
}

/** Why services that no rule leads to any more are gone, where the rules of kube-proxy are gone as a whole. */
export function wipeOfServices({ wipe }: Comparison): PendingCause | undefined {
  return wipe()?.owners.includes('kube-proxy') === true ? wipe()?.cause : undefined;
}

/** Programs into whose chains one side has jumps, and the other has none for certain. */
function ownersOn(having: SideView, lacking: SideView, comparison: Comparison): string[] {
  const others = anchoredOwners(lacking.model.tables.values());
  return [...anchoredOwners(having.model.tables.values())]
    .filter((owner) => !others.has(owner) && !isOfMode(owner, comparison) && lacks(lacking, having, owner))
    .sort();
}

/** Rules that another mode does without are no loss: what became of services is told with the mode. */
function isOfMode(owner: string, comparison: Comparison): boolean {
  return owner === 'kube-proxy' && comparesServedPlaces(comparison);
}

function causeOf(wiped: readonly string[], comparison: Comparison): PendingCause {
  return {
    id: wiped.length > 1 ? 'cause.ruleset-flushed' : 'cause.owner-wiped',
    certainty: 'heuristic',
    text:
      wiped.length > 1
        ? `the rules were flushed: nothing leads into the chains of ${listed(wiped, 8)} any more`
        : `the rules of ${wiped[0]} are gone: nothing leads into ${their(wiped[0])} chains any more`,
    details: [...lostServices(comparison), ...lostForwards(wiped, comparison)],
  };
}

/** Programs into whose chains a built-in chain jumps. */
function anchoredOwners(tables: Iterable<RuleTable>): Set<string> {
  const owners = new Set<string>();
  for (const table of tables) {
    for (const chain of table.chains.values()) {
      if (chain.policy === undefined) continue;
      for (const { target } of chain.rules) {
        const owner = target.kind === 'jump' ? chainOwner(target.chain) : undefined;
        if (owner !== undefined) owners.add(owner);
      }
    }
  }
  return owners;
}

/** Whether one side has no jump to the chains of an owner for certain: it shows each table whole in which the other side has one. */
function lacks({ model }: SideView, other: SideView, owner: string): boolean {
  return [...other.model.tables].every(([key, table]) => {
    if (!anchoredOwners([table]).has(owner)) return true;
    return model.tables.get(key)?.complete ?? model.wholeFamilies.has(table.family);
  });
}

function their(owner: string | undefined): string {
  return owner?.startsWith('the ') === true ? 'their' : 'its';
}

function lostForwards(owners: readonly string[], { before }: Comparison): Detail[] {
  const lost = forwardsOf(owners, before.model.tables);
  return lost.length === 0 ? [] : [{ label: 'effect', text: `no rule forwards ${listed(lost, 5)} any more` }];
}

/** What the rules of programs other than kube-proxy forward: ports of hosts, mostly. */
function forwardsOf(owners: readonly string[], tables: ReadonlyMap<string, RuleTable>): string[] {
  const found = new Set<string>();
  for (const table of tables.values()) {
    const reached = reachableChains(table);
    for (const chain of table.chains.values()) {
      const owner = chainOwner(chain.name);
      if (owner === undefined || owner === 'kube-proxy' || !owners.includes(owner) || !reached.has(chain.name)) continue;
      for (const rule of chain.rules)
        if (rule.target.kind === 'dnat')
          found.add(`packets ${packetsOf(rule)} (→ ${rule.target.toNode === true ? 'this node' : rule.target.to})`);
    }
  }
  return [...found];
}

/** Whether a rule of a program decides about packets to services that were served otherwise before. */
function decidesAboutServices(owner: string, { flows }: Comparison): boolean {
  // That of kube-proxy is told as a whole: it is what serves them.
  if (owner === 'kube-proxy') return false;
  const isItsWork = (met: Met): boolean =>
    met.rule !== undefined && chainOwner(met.chain) === owner && !['jump', 'return'].includes(met.rule.target.kind);
  return flows.all.some(
    ({ frontend, before, after }) => frontend !== undefined && before.endpoints.length > 0 && metBy(after).some(isItsWork),
  );
}

function ownerChange(
  owner: string,
  how: 'wiped' | 'appeared',
  taken: Set<object>,
  comparison: Comparison,
  cause: PendingCause | undefined,
): Found {
  const claims: Claim[] = [];
  const side = how === 'wiped' ? 'before' : 'after';
  const claim = (difference: object, explained: ExplainedDifference, origin: SidedOrigin['origin']): void => {
    if (taken.has(difference)) return;
    taken.add(difference);
    claims.push({ difference, explained: [explained], origins: [{ side, origin }] });
  };
  // A jump behind which packets to services fare differently is a story of its own, told by what becomes of them.
  const isQuiet = how === 'wiped' || !decidesAboutServices(owner, comparison);
  for (const table of comparison.differences.tables) {
    const name = table.after.name;
    for (const chain of table.changed) {
      for (const rule of isQuiet ? chain.rules : []) {
        // A jump that led into the chains of another program before is that program's loss too, and no part of this story.
        const own =
          chainOwner(chain.after.name) === owner ||
          sidesOf(rule).every(({ target }) => target.kind === 'jump' && chainOwner(target.chain) === owner);
        if (own) claim(rule, explainedRule(rule, name, chain.after.name), ruleOf(rule).origin);
      }
    }
    const chains: readonly RuleChain[] = how === 'wiped' ? table.removed : table.added;
    for (const chain of chains)
      if (chainOwner(chain.name) === owner)
        claim(chain, { id: `iptables.chain.${how === 'wiped' ? 'removed' : 'added'}`, subject: `${name} ${chain.name}` }, chain.origin);
  }
  const forwards = how === 'appeared' ? forwardsOf([owner], comparison.after.model.tables) : [];
  const scale = counted(claims.length, 'chain or rule', 'chains and rules');
  const change: PendingChange = {
    id: `iptables.owner.${how}`,
    severity: how === 'wiped' ? 'critical' : 'notice',
    effect: how === 'wiped' ? 'lost' : 'gained',
    certainty: 'proven',
    subject: { kind: 'config', name: owner },
    text:
      how === 'wiped'
        ? `the rules of ${owner} are gone: nothing leads into ${their(owner)} chains any more (${scale})`
        : `${owner} ${their(owner) === 'its' ? 'has' : 'have'} rules now: built-in chains lead into ${their(owner)} chains (${scale})`,
    details: forwards.length === 0 ? [] : [{ label: 'effect', text: `they forward ${listed(forwards, 5)}` }],
    origins: [],
    ...(cause === undefined ? {} : { cause }),
  };
  return { change, claims };
}
