import { chainRole } from '../../proxy/names/chain-roles.ts';
import { generationOf } from '../../proxy/facts/generation.ts';
import { type Detail, reaches } from '../../report.ts';
import type { CauseDraft, Draft } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { replaceDrafts } from '../causes/replace-drafts.ts';
import { counted } from '../words.ts';

/** Effects of an upgrade that are told one by one. */
const MOST_EFFECTS = 5;

/** Lays the changes of kube-proxy's own chains and sets to one cause where their form is that of another version. */
export function withUpgrade(drafts: readonly Draft[], judgement: Judgement): Draft[] {
  const mode = judgement.after.facts.proxyMode?.value;
  if (mode === undefined || judgement.before.facts.proxyMode?.value !== mode) return [...drafts];
  const was = generationOf(judgement.before.model)?.value ?? {};
  const is = generationOf(judgement.after.model)?.value ?? {};
  const up = was.before !== undefined && is.from !== undefined && compareVersions(is.from, was.before) >= 0;
  const down = is.before !== undefined && was.from !== undefined && compareVersions(was.from, is.before) >= 0;
  if (!up && !down) return [...drafts];
  const owned = drafts.filter((draft) => draft.cause === undefined && isOwn(draft));
  if (owned.length === 0) return [...drafts];
  const quieted = new Map(owned.map((draft) => [draft, quiet(draft)]));
  const told = [...quieted.values()].filter((draft) => reaches(draft.severity, 'notice') && draft.toldWith === undefined);
  // Several rules may show one effect.
  const effects = [...new Map(told.map((draft) => [draft.text, draft])).values()];
  const form = up
    ? `the form of before ${was.before}, now of ${is.from} or later`
    : `the form of ${was.from} or later, now of before ${is.before}`;
  const details: Detail[] = effects.slice(0, MOST_EFFECTS).map((draft) => ({ label: 'effect', text: draft.text }));
  if (effects.length > MOST_EFFECTS) details.push({ label: 'effect', text: `${effects.length - MOST_EFFECTS} more` });
  const rest = owned.length - told.length;
  if (rest > 0)
    details.push({
      label: 'also',
      text: `${counted(rest, 'chain, rule or set', 'chains, rules and sets')} of kube-proxy differ without effect on known services`,
    });
  const cause: CauseDraft = {
    id: 'cause.proxy-upgraded',
    certainty: 'heuristic',
    text: `kube-proxy was ${up ? 'upgraded' : 'downgraded'}: its rules had ${form}`,
    details,
  };
  const replaced = new Map([...quieted].map(([draft, changed]) => [draft, { ...changed, cause }]));
  return replaceDrafts(drafts, replaced);
}

/** Negative, 0 or positive as one version, `1.9`, is older than, equal to or newer than another. */
function compareVersions(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major - otherMajor || minor - otherMinor;
}

/** Chains, rules and sets that kube-proxy makes, jumps into its chains, and node ports on other addresses. */
function isOwn({ id, subject, before, after }: Draft): boolean {
  if (subject.kind === 'ipset.set' || subject.kind === 'ipset.member')
    return /\bKUBE-/.test(subject.name) || subject.frontends !== undefined;
  if (id === 'kube.config.node-port-addresses-changed' || id.startsWith('kube.anchor.')) return true;
  if (subject.kind !== 'iptables.chain' && subject.kind !== 'iptables.rule') return false;
  const chain = subject.name.replace(/^(?:ip6 )?\S+ /, '').replace(/#\d+$/, '');
  if (chainRole(chain) !== undefined) return true;
  return [before, after].some((facts) => /-j KUBE-/.test(String(facts?.['target'] ?? '')));
}

/** What a version writes in another form, and what no packet to a known service shows, is no effect. */
function quiet(draft: Draft): Draft {
  if (draft.witness !== undefined && draft.id !== 'kube.anchor.restored') return draft;
  if (draft.effect !== 'undecided' && draft.id !== 'kube.anchor.restored' && draft.id !== 'kube.anchor.missing') return draft;
  return { ...draft, severity: 'none', effect: 'none', certainty: 'heuristic' };
}
