import type { ModuleDifference } from '../compare/difference.ts';
import type { ProxyMode } from '../kubernetes/facts.ts';
import { generationOf } from '../kubernetes/generation.ts';
import type { Detail, Severity } from '../report.ts';
import { missingText } from '../kubernetes/ipvs-readiness.ts';
import { type CauseDraft, type Draft, type SidedOrigin, seenAt } from './draft.ts';
import { concernsNft } from './nft-mode.ts';
import { claimEverything, MECHANISM } from './mode-claims.ts';
import type { Judgement } from './judgement.ts';
import { frontendFate } from './frontend-fate.ts';
import { modulesMissing, requiredModules } from './machine.ts';
import type { SideView } from './side.ts';
import { listed } from './words.ts';


/** A change of the mechanism that leads to services. It explains every change of chains, sets and virtual services of kube-proxy. */
export function judgeMode(judgement: Judgement): Draft[] {
  const was = judgement.before.facts.proxyMode;
  const is = judgement.after.facts.proxyMode;
  if (was === undefined || is === undefined || was.value === is.value) return answeredMode(judgement);
  // What becomes of services is told with the mode there.
  if (concernsNft(judgement)) return [];
  const explains = claimEverything(judgement);
  const fate = frontendFate(judgement);
  const severity: Severity = fate.isLoss ? 'critical' : 'warning';
  const fallback = fallbackOf(was.value, is.value, judgement);
  for (const difference of fallback?.modules.keys() ?? []) judgement.told.add(difference);
  const text = fallback?.text ?? `services are now handled by ${MECHANISM[is.value]}, not by ${MECHANISM[was.value]} (proxy mode ${was.value} → ${is.value})`;
  const details: Detail[] = [
    { label: 'because', text: `before: ${was.because}; after: ${is.because}` },
    ...fate.details,
  ];
  const origins = [...seenAt(was.origins[0], is.origins[0]), ...(fallback?.origins ?? [])];
  const cause: CauseDraft = { id: 'cause.proxy-mode-changed', certainty: 'heuristic', text, details };
  const mode: Draft = {
    id: fallback?.id ?? 'kube.mode.changed',
    severity,
    effect: fate.isLoss ? 'lost' : 'redirected',
    certainty: 'heuristic',
    subject: { kind: 'config', name: 'proxy-mode' },
    before: { proxyMode: was.value },
    after: { proxyMode: is.value },
    text,
    details,
    explains,
    origins,
    cause,
  };
  // What the loss of a module does is what the fallback does.
  return [mode, ...[...(fallback?.modules.values() ?? [])].map((draft): Draft => ({ ...draft, severity, effect: mode.effect, cause }))];
}

/** kube-proxy itself says that its mode is another, and no table that both sides show tells. */
function answeredMode(judgement: Judgement): Draft[] {
  const was = judgement.before.model.proxyModeAnswer;
  const is = judgement.after.model.proxyModeAnswer;
  if (was === undefined || is === undefined || was === is || judgement.before.facts.proxyMode?.value !== judgement.after.facts.proxyMode?.value) return [];
  return [{
    id: 'kube.mode.changed',
    severity: 'warning',
    effect: 'undecided',
    certainty: 'heuristic',
    subject: { kind: 'config', name: 'proxy-mode' },
    before: { proxyMode: was },
    after: { proxyMode: is },
    text: `kube-proxy says that its mode is ${is}, it was ${was}; the tables that would show it are not among those compared`,
    origins: [],
  }];
}

interface Fallback {
  readonly id: string;
  readonly text: string;
  /** The modules whose loss, or whose return, explains it. */
  readonly modules: ReadonlyMap<ModuleDifference, Draft>;
  /** Where the log says so. */
  readonly origins: readonly SidedOrigin[];
}

/** kube-proxy asked for ipvs and ran by iptables rules for want of something, or does so no longer: by its log, or by the modules that came or went. */
function fallbackOf(was: ProxyMode, is: ProxyMode, judgement: Judgement): Fallback | undefined {
  const fell = was === 'ipvs' && is === 'iptables';
  if (!fell && !(was === 'iptables' && is === 'ipvs')) return undefined;
  const lacking = fell ? judgement.after : judgement.before;
  if (lacking.missing === undefined && !mayFallBack(lacking)) return undefined;
  const modules = requiredModules(judgement, fell ? 'removed' : 'added');
  const said = modulesMissing(lacking);
  const names = said.length > 0 ? said : [...modules.values()].map(({ subject }) => subject.name).sort();
  if (names.length === 0 && lacking.missing === undefined) return undefined;
  const which = `${names.length === 1 ? 'module' : 'modules'} ${listed(names)}, which ipvs mode needs, ${names.length === 1 ? 'is' : 'are'}`;
  const other = names.length === 0 && lacking.missing !== undefined ? missingText(lacking.missing.missing) : undefined;
  const origins = lacking.missing?.origins.map((origin) => ({ side: lacking.side, origin })) ?? [];
  return fell
    ? { id: 'kube.mode.fallback', text: `kube-proxy fell back from ipvs to iptables: ${other ?? `${which} missing`}`, modules, origins }
    : { id: 'kube.mode.recovered', text: `kube-proxy is in ipvs mode, no longer in iptables mode${other === undefined ? `: ${which} there now` : ` (before: ${other})`}`, modules, origins };
}

/** From 1.26 on kube-proxy does not fall back: it exits. */
function mayFallBack({ model }: SideView): boolean {
  const version = model.proxyVersion?.replace(/^v/, '') ?? generationOf(model)?.value.from ?? '1.0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 1 && minor < 26;
}
