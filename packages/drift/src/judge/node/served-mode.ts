import { isKubeProxyTable } from '../../proxy/nftables/names.ts';
import type { Leftover } from '../../proxy/leftovers/leftover.ts';
import { leftoversOf } from '../../proxy/leftovers/leftovers.ts';
import type { Detail, Severity } from '../../report.ts';
import { survivalCounts, type Survived } from '../../services/survival/survival-counts.ts';
import type { Survival } from '../../services/survival/served.ts';
import { type PendingCause, type PendingChange, seenAt } from '../pending-change.ts';
import { alone, type Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { judgeServed } from '../services/served-frontends.ts';
import { FRONTEND_CHANGES } from '../services/served-kinds.ts';
import type { SideView } from '../side.ts';
import type { CauseKind, ChangeKind, ChangeRule } from '../rule.ts';
import { FALLBACK_CHANGES, fallbackOf } from './mode-fallback.ts';
import { claimsOfMode, MECHANISM } from './mode-claims.ts';
import { modeText, runningMode } from './running-mode.ts';

export const MODE_CHANGES = [
  {
    id: 'kube.mode.changed',
    severity: 'by effect',
    title: 'another mechanism handles services',
    why: 'connections reach endpoints in another way',
  },
  {
    id: 'kube.mode.leftover',
    severity: 'by effect',
    title: 'another mode left something behind',
    why: 'it may still handle packets, and nothing keeps it up to date',
  },
] as const satisfies readonly ChangeKind[];

const MODE_CAUSES = [
  {
    id: 'cause.proxy-mode-changed',
    title: 'another mechanism handles services',
    why: 'IPVS, iptables rules and nftables tables of kube-proxy are told apart by what they hold',
  },
] as const satisfies readonly CauseKind[];

export const servedPlaces: ChangeRule = {
  kinds: [...MODE_CHANGES, ...FALLBACK_CHANGES, ...FRONTEND_CHANGES],
  causes: MODE_CAUSES,
  tellsLosses: true,
  find: judgeServedPlaces,
};

/** Whether another mechanism leads to services on one side than on the other: then they are compared by what becomes of packets alone. */
export function changesMode({ before, after }: Pick<Comparison, 'before' | 'after'>): boolean {
  const [was, is] = [runningMode(before), runningMode(after)];
  if (was === is && before.facts.proxyMode?.value === after.facts.proxyMode?.value) return false;
  // What no table shows cannot be compared, and where nothing serves any more the differences of one mechanism tell all.
  if (before.facts.proxyMode === undefined && after.facts.proxyMode === undefined) return false;
  return (was !== undefined && is !== undefined) || ([before, after].some(hasProxyTable) && [before, after].every(showsMechanism));
}

/** Where services are served in the same way on both sides: where the mode changed, what becomes of connections tells all. */
export function inOneMode(comparison: Comparison): boolean {
  return !changesMode(comparison);
}

/** Where the tables that serve are shown: what IPVS serves cannot be told without its table. */
export function whereServicesShow(comparison: Comparison): boolean {
  const isShown = ({ facts, model }: SideView): boolean => facts.proxyMode?.value !== 'ipvs' || model.ipvs !== undefined;
  return inOneMode(comparison) && isShown(comparison.before) && isShown(comparison.after);
}

/** Whether services are compared by what becomes of connections, and not by what one mechanism has for them. */
export function comparesServedPlaces(comparison: Pick<Comparison, 'before' | 'after'>): boolean {
  const sides = [comparison.before, comparison.after];
  return changesMode(comparison) || (sides.every(showsMechanism) && sides.some(hasProxyTable));
}

/** A side that shows neither tables of nft nor another mechanism that serves shows nothing to compare with. */
function showsMechanism({ model, facts }: SideView): boolean {
  return model.nft !== undefined || facts.proxyMode !== undefined;
}

/** Of a table that is cut nobody can tell what becomes of connections. */
function showsProxyTablesWhole({ model }: SideView): boolean {
  return [...(model.nft?.tables.values() ?? [])].every((entry) => entry.whole || !isKubeProxyTable(entry));
}

/** Whether kube-proxy's tables of nft serve on a side. */
export function hasProxyTable({ model }: SideView): boolean {
  return [...(model.nft?.tables.values() ?? [])].some(isKubeProxyTable);
}

/**
 * Services, compared by what becomes of connections: where the mode changed, and in nftables mode. A change of the mode is told first, with
 * what survived of what was served: it is critical where anything was lost, or where that cannot be told.
 */
function judgeServedPlaces(comparison: Comparison): Found[] {
  const { before, after } = comparison;
  if (changesMode(comparison)) {
    // Where chains and sets of iptables tell them on both sides, source ranges are told by themselves.
    const served = judgeServed(comparison, runningMode(before) !== runningMode(after)).filter(
      ({ id }) => id !== 'kube.frontend.restriction-changed' || [before, after].some(hasProxyTable),
    );
    return [
      ...modeChanges(
        comparison,
        served.some(({ severity }) => severity === 'critical'),
      ),
      ...[...served, ...leftoverChanges(comparison)].map(alone),
    ];
  }
  return comparesServedPlaces(comparison) && [before, after].every(showsProxyTablesWhole) ? judgeServed(comparison, false).map(alone) : [];
}

function modeChanges(comparison: Comparison, isLoss: boolean): Found[] {
  const { before, after } = comparison;
  const [was, is] = [before.facts.proxyMode, after.facts.proxyMode];
  const { servicePorts, frontends, endpoints, undecided } = survivalCounts(comparison.survival());
  const count = ({ of, survived }: Survived, what: string): string => `${survived} of ${of} ${what}`;
  const fallback = fallbackOf(runningMode(before), runningMode(after), comparison);
  const counts = `${count(servicePorts, 'service ports')}, ${count(frontends, 'frontends')}, ${count(endpoints, 'endpoints')} survived`;
  const [mode, modeAfter] = [modeText(before), modeText(after)];
  const what = mode === modeAfter ? `what serves in ${mode} mode is no longer whole` : `proxy mode ${mode} → ${modeAfter}`;
  const text = `${fallback?.text ?? what}: ${counts}${undecided === 0 ? '' : `; ${undecided} of the frontends could not be decided`}`;
  const details: readonly Detail[] = [
    { label: 'before', text: mechanismText(before) },
    { label: 'after', text: mechanismText(after) },
    ...conditionDetails(comparison.survival()),
  ];
  const severity: Severity = isLoss ? 'critical' : 'warning';
  const effect = isLoss ? 'lost' : 'redirected';
  const cause: PendingCause = { id: 'cause.proxy-mode-changed', certainty: 'proven', text, details };
  const change: PendingChange = {
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
    // It is told before everything else.
    cause,
    origins: [...seenAt(was?.origins[0], is?.origins[0]), ...(fallback?.origins ?? [])],
  };
  // What the loss of a module does is what the fallback does.
  return [
    { change, claims: [...claimsOfMode(comparison), ...[...(fallback?.modules.keys() ?? [])].map((difference) => ({ difference }))] },
    ...[...(fallback?.modules.values() ?? [])].map((change) => alone({ ...change, severity, effect, cause })),
  ];
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

const SEVERITIES: Readonly<Record<Leftover['acts'], Severity>> = { services: 'warning', packets: 'notice', nothing: 'none' };

/** What other modes left on the side that is there now, each by what it still does. */
function leftoverChanges({ after, survival }: Comparison): PendingChange[] {
  const mode = runningMode(after);
  if (mode === undefined) return [];
  return leftoversOf({ model: after.model, mode, table: survival().tables.after }).map((left): PendingChange => ({
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
