import { compareVersions } from '../../common/compare-versions.ts';
import { generationOf } from '../../proxy/facts/generation.ts';
import { type Detail, reaches } from '../../report.ts';
import type { PendingCause, PendingChange } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { changesOf, type Story, withChanges } from '../claims.ts';
import { counted } from '../words.ts';
import type { CauseKind, CauseRule } from '../rule.ts';

const UPGRADE_CAUSES = [
  {
    id: 'cause.proxy-upgraded',
    title: 'another version of kube-proxy wrote the rules',
    why: 'the rules have the form of another range of versions',
  },
] as const satisfies readonly CauseKind[];

export const upgrade: CauseRule = { causes: UPGRADE_CAUSES, explain: withUpgrade };

/** Effects of an upgrade that are named one by one. */
const MOST_EFFECTS = 5;

/** Lays the changes of kube-proxy's own chains and sets to one cause where their form is that of another version. */
function withUpgrade(stories: readonly Story[], comparison: Comparison): readonly Story[] {
  const mode = comparison.after.facts.proxyMode?.value;
  if (mode === undefined || comparison.before.facts.proxyMode?.value !== mode) return stories;
  const was = generationOf(comparison.before.model)?.value ?? {};
  const is = generationOf(comparison.after.model)?.value ?? {};
  const up = was.before !== undefined && is.from !== undefined && compareVersions(is.from, was.before) >= 0;
  const down = is.before !== undefined && was.from !== undefined && compareVersions(was.from, is.before) >= 0;
  if (!up && !down) return stories;
  const owned = changesOf(stories).filter((change) => change.cause === undefined && isOwn(change));
  if (owned.length === 0) return stories;
  const weighed = new Map(owned.map((change) => [change, withoutOpenEffect(change)]));
  const shown = stories.flatMap(({ change }) => weighed.get(change) ?? []).filter(({ severity }) => reaches(severity, 'notice'));
  // Several rules may show one effect.
  const effects = [...new Set(shown.map(({ text }) => text))];
  const form = up
    ? `the form of before ${was.before}, now of ${is.from} or later`
    : `the form of ${was.from} or later, now of before ${is.before}`;
  const details: Detail[] = effects.slice(0, MOST_EFFECTS).map((text) => ({ label: 'effect', text }));
  if (effects.length > MOST_EFFECTS) details.push({ label: 'effect', text: `${effects.length - MOST_EFFECTS} more` });
  const rest = owned.length - shown.length;
  if (rest > 0)
    details.push({
      label: 'also',
      text: `${counted(rest, 'chain, rule or set', 'chains, rules and sets')} of kube-proxy differ without effect on known services`,
    });
  const cause: PendingCause = {
    id: 'cause.proxy-upgraded',
    certainty: 'heuristic',
    text: `kube-proxy was ${up ? 'upgraded' : 'downgraded'}: its rules had ${form}`,
    details,
  };
  return withChanges(stories, new Map([...weighed].map(([change, now]) => [change, { ...now, cause }])));
}

/** Chains, rules and sets that kube-proxy makes, jumps into its chains, and node ports on other addresses. */
function isOwn({ id, ofProxy }: PendingChange): boolean {
  return ofProxy === true || id === 'kube.config.node-port-addresses-changed';
}

/** What a version writes in another form, and what no packet to a known service shows, is no effect. */
function withoutOpenEffect(change: PendingChange): PendingChange {
  if (change.witness !== undefined && change.id !== 'kube.anchor.restored') return change;
  if (change.effect !== 'undecided' && change.id !== 'kube.anchor.restored' && change.id !== 'kube.anchor.missing') return change;
  return { ...change, severity: 'none', effect: 'none', certainty: 'heuristic' };
}
