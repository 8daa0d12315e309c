import { chainRole } from '../../proxy/names/chain-roles.ts';
import { isKubeProxyTable } from '../../proxy/nftables/names.ts';
import type { Leftover } from '../../proxy/leftovers/leftover.ts';
import { leftoversOf } from '../../proxy/leftovers/leftovers.ts';
import type { Detail, ExplainedDifference, Severity } from '../../report.ts';
import { survivalCounts, type Survived } from '../../services/survival/survival-counts.ts';
import type { Survival } from '../../services/survival/served.ts';
import { type CauseDraft, type Draft, seenAt } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { fallbackOf } from './mode-fallback.ts';
import { claimEverything, MECHANISM } from './mode-claims.ts';
import { modeText, runningMode } from './running-mode.ts';
import { judgeServed } from '../services/served-frontends.ts';
import type { SideView } from '../side.ts';

/** Whether another mechanism leads to services on one side than on the other: then they are compared by what becomes of packets alone. */
export function changesMode({ before, after }: Pick<Judgement, 'before' | 'after'>): boolean {
  const [was, is] = [runningMode(before), runningMode(after)];
  if (was === is && before.facts.proxyMode?.value === after.facts.proxyMode?.value) return false;
  // What no table shows cannot be compared, and where nothing serves any more the differences of one mechanism tell all.
  if (before.facts.proxyMode === undefined && after.facts.proxyMode === undefined) return false;
  return (was !== undefined && is !== undefined) || ([before, after].some(hasProxyTable) && [before, after].every(showsMechanism));
}

/** Whether services are compared by what becomes of connections, and not by what one mechanism has for them. */
export function comparesServedPlaces(judgement: Pick<Judgement, 'before' | 'after'>): boolean {
  const sides = [judgement.before, judgement.after];
  return changesMode(judgement) || (sides.every(showsMechanism) && sides.some(hasProxyTable));
}

/** A side that shows neither tables of nft nor another mechanism that serves shows nothing to compare with. */
function showsMechanism({ model, facts }: SideView): boolean {
  return model.nft !== undefined || facts.proxyMode !== undefined;
}

/** Whether kube-proxy's tables of nft serve on a side. */
export function hasProxyTable({ model }: SideView): boolean {
  return [...(model.nft?.tables.values() ?? [])].some(isKubeProxyTable);
}

/**
 * Services, compared by what becomes of connections: where the mode changed, and in nftables mode. A change of the mode is told first, with
 * what survived of what was served: it is critical where anything was lost, or where that cannot be told.
 */
export function judgeServedPlaces(judgement: Judgement): Draft[] {
  const { before, after, survival } = judgement;
  if (changesMode(judgement)) {
    // Where chains and sets of iptables tell them on both sides, source ranges are told by themselves.
    const served = judgeServed(survival(), true).filter(
      ({ id }) => id !== 'kube.frontend.restriction-changed' || [before, after].some(hasProxyTable),
    );
    return [
      ...modeDrafts(
        judgement,
        served.some(({ severity }) => severity === 'critical'),
      ),
      ...served,
      ...leftoverDrafts(judgement),
    ];
  }
  return comparesServedPlaces(judgement) ? judgeServed(survival(), false) : [];
}

/**
 * What is critical where the mode changed: that something is served no longer, or that it cannot be told, and the change of the mode by
 * which it came.
 */
const LOSSES: ReadonlySet<string> = new Set([
  'kube.frontend.lost',
  'kube.frontend.endpoint-lost',
  'kube.frontend.undecided',
  'kube.mode.changed',
  'kube.mode.fallback',
  'kube.mode.recovered',
  'modules.required-missing',
]);

/** Makes a change of the mode a gate: whatever else differs is a warning at most. */
export function withLossesAlone(drafts: readonly Draft[], judgement: Judgement): Draft[] {
  if (!changesMode(judgement)) return [...drafts];
  const isLoss = drafts.some(({ id, severity }) => severity === 'critical' && id.startsWith('kube.frontend.'));
  return drafts.map((draft) =>
    draft.severity === 'critical' && !(isLoss && LOSSES.has(draft.id)) ? { ...draft, severity: 'warning' } : draft,
  );
}

function modeDrafts(judgement: Judgement, isLoss: boolean): Draft[] {
  const { before, after, told } = judgement;
  const [was, is] = [before.facts.proxyMode, after.facts.proxyMode];
  const explains = [...claimEverything(judgement), ...claimAnchors(judgement)];
  const { servicePorts, frontends, endpoints, undecided } = survivalCounts(judgement.survival());
  const count = ({ of, survived }: Survived, what: string): string => `${survived} of ${of} ${what}`;
  const fallback = fallbackOf(runningMode(before), runningMode(after), judgement);
  for (const difference of fallback?.modules.keys() ?? []) told.add(difference);
  const counts = `${count(servicePorts, 'service ports')}, ${count(frontends, 'frontends')}, ${count(endpoints, 'endpoints')} survived`;
  const text = `${fallback?.text ?? `proxy mode ${modeText(before)} → ${modeText(after)}`}: ${counts}${undecided === 0 ? '' : `; ${undecided} of the frontends could not be decided`}`;
  const details: readonly Detail[] = [
    { label: 'before', text: mechanismText(before) },
    { label: 'after', text: mechanismText(after) },
    ...conditionDetails(judgement.survival()),
  ];
  const severity: Severity = isLoss ? 'critical' : 'warning';
  const effect = isLoss ? 'lost' : 'redirected';
  const cause: CauseDraft = { id: 'cause.proxy-mode-changed', certainty: 'proven', text, details };
  const mode: Draft = {
    id: fallback?.id ?? 'kube.mode.changed',
    severity,
    effect,
    certainty: 'proven',
    subject: { kind: 'config', name: 'proxy-mode' },
    before: { proxyMode: runningMode(before) ?? 'none', servicePorts: servicePorts.of, frontends: frontends.of, endpoints: endpoints.of },
    after: {
      proxyMode: runningMode(after) ?? 'none',
      servicePorts: servicePorts.survived,
      frontends: frontends.survived,
      endpoints: endpoints.survived,
    },
    text,
    details,
    explains,
    // It is told before everything else.
    cause,
    origins: [...seenAt(was?.origins[0], is?.origins[0]), ...(fallback?.origins ?? [])],
  };
  // What the loss of a module does is what the fallback does.
  return [mode, ...[...(fallback?.modules.values() ?? [])].map((draft): Draft => ({ ...draft, severity, effect, cause }))];
}

/** Conditions told of a change of the mode. */
const MOST_CONDITIONS = 3;

function conditionDetails({ places }: Survival): Detail[] {
  const texts = new Set(
    places.flatMap(({ senders }) =>
      senders.flatMap(({ conditions }) => conditions.map(({ text, holds }) => `${text} ${holds ? 'holds' : 'does not hold'}`)),
    ),
  );
  const rest = texts.size - MOST_CONDITIONS;
  return [...[...texts].slice(0, MOST_CONDITIONS), ...(rest > 0 ? [`${rest} more of the kind`] : [])].map((text) => ({
    label: 'if',
    text,
  }));
}

function mechanismText({ facts }: SideView): string {
  const { proxyMode } = facts;
  return proxyMode === undefined
    ? 'no table leads to services'
    : `services are handled by ${MECHANISM[proxyMode.value]}: ${proxyMode.because}`;
}

/** Jumps from the built-in chains into chains of kube-proxy go and come with the mode. */
function claimAnchors({ differences, told }: Judgement): ExplainedDifference[] {
  return differences.tables.flatMap(({ after, changed }) =>
    changed.flatMap((chain) =>
      chain.rules.flatMap((rule) => {
        const entry = rule.kind === 'removed' ? rule.before : rule.after;
        if (told.has(rule) || entry.target.kind !== 'jump' || chainRole(entry.target.chain) === undefined) return [];
        told.add(rule);
        return [{ id: `iptables.rule.${rule.kind}`, subject: `${after.name} ${chain.after.name}#${entry.number}` }];
      }),
    ),
  );
}

const SEVERITIES: Readonly<Record<Leftover['acts'], Severity>> = { services: 'warning', packets: 'notice', nothing: 'none' };

/** What other modes left on the side that is there now, each by what it still does. */
function leftoverDrafts({ after, survival }: Judgement): Draft[] {
  const mode = runningMode(after);
  if (mode === undefined) return [];
  return leftoversOf({ model: after.model, mode, table: survival().tables.after }).map((left): Draft => ({
    id: 'kube.mode.leftover',
    severity: SEVERITIES[left.acts],
    effect: left.acts === 'nothing' ? 'none' : 'attribute',
    certainty: 'proven',
    subject: { kind: 'config', name: left.what },
    after: { mode: left.mode, acts: left.acts, command: left.command },
    text: `left by ${left.mode} mode: ${left.what} ${left.does}`,
    details: [{ label: 'look at', text: left.command }],
    origins: left.origins.map((origin) => ({ side: 'after', origin })),
  }));
}
