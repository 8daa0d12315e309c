import type { ModuleDifference } from '../compare/difference.ts';
import { chainRole } from '../kubernetes/chain-roles.ts';
import type { ProxyMode } from '../kubernetes/facts.ts';
import { generationOf } from '../kubernetes/generation.ts';
import type { Detail, ExplainedDifference, Severity } from '../report.ts';
import { type CauseDraft, type Draft, seenAt } from './draft.ts';
import { concernsNft } from './nft-mode.ts';
import type { Judgement } from './judgement.ts';
import { frontendFate } from './frontend-fate.ts';
import { requiredModules } from './machine.ts';
import type { SideView } from './side.ts';
import { listed } from './words.ts';

/** What handles services in a mode. */
export const MECHANISM: { readonly [Mode in ProxyMode]: string } = {
  ipvs: 'IPVS',
  iptables: 'iptables rules',
  nftables: 'nftables rules',
  userspace: 'a process of kube-proxy (userspace mode)',
  mixed: 'several mechanisms at once',
};

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
  const origins = seenAt(was.origins[0], is.origins[0]);
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
}

/** kube-proxy asked for ipvs and ran by iptables rules for want of modules, or does so no longer. */
function fallbackOf(was: ProxyMode, is: ProxyMode, judgement: Judgement): Fallback | undefined {
  const fell = was === 'ipvs' && is === 'iptables' && mayFallBack(judgement.after);
  const recovered = was === 'iptables' && is === 'ipvs' && mayFallBack(judgement.before);
  if (!fell && !recovered) return undefined;
  const modules = requiredModules(judgement, fell ? 'removed' : 'added');
  if (modules.size === 0) return undefined;
  const names = [...modules.values()].map(({ subject }) => subject.name).sort();
  const which = `${names.length === 1 ? 'module' : 'modules'} ${listed(names)}, which ipvs mode needs, ${names.length === 1 ? 'is' : 'are'}`;
  return fell
    ? { id: 'kube.mode.fallback', text: `kube-proxy fell back from ipvs to iptables: ${which} missing`, modules }
    : { id: 'kube.mode.recovered', text: `kube-proxy is in ipvs mode, no longer in iptables mode: ${which} there now`, modules };
}

/** From 1.26 on kube-proxy does not fall back: it exits. */
function mayFallBack({ model }: SideView): boolean {
  const version = model.proxyVersion?.replace(/^v/, '') ?? generationOf(model)?.value.from ?? '1.0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 1 && minor < 26;
}

/** Everything that kube-proxy makes is made anew in another mode: its chains, the jumps into them, its sets, its virtual services. */
export function claimEverything({ differences, told }: Judgement): ExplainedDifference[] {
  const explains: ExplainedDifference[] = [];
  const claim = (difference: object, id: string, subject: string): void => {
    if (told.has(difference)) return;
    told.add(difference);
    explains.push({ id, subject });
  };
  for (const table of differences.tables) {
    const name = table.after.name;
    for (const chain of table.changed) {
      for (const rule of chain.rules) {
        const entry = rule.kind === 'removed' ? rule.before : rule.after;
        const anchor = entry.target.kind === 'jump' && chainRole(entry.target.chain) !== undefined && !KEPT_ANCHORS.has(entry.target.chain);
        if (chainRole(chain.after.name) !== undefined || anchor) claim(rule, `iptables.rule.${rule.kind}`, `${name} ${chain.after.name}#${entry.number}`);
      }
    }
    for (const chain of table.added) if (chainRole(chain.name) !== undefined) claim(chain, 'iptables.chain.added', `${name} ${chain.name}`);
    for (const chain of table.removed) if (chainRole(chain.name) !== undefined) claim(chain, 'iptables.chain.removed', `${name} ${chain.name}`);
  }
  for (const set of differences.sets?.added ?? []) if (set.name.startsWith('KUBE-')) claim(set, 'ipset.set.added', set.name);
  for (const set of differences.sets?.removed ?? []) if (set.name.startsWith('KUBE-')) claim(set, 'ipset.set.removed', set.name);
  for (const service of differences.ipvs?.removed ?? []) claim(service, 'ipvs.service.removed', service.key);
  for (const service of differences.ipvs?.added ?? []) claim(service, 'ipvs.service.added', service.key);
  for (const difference of differences.interfaces) if (difference.interface === 'kube-ipvs0') claim(difference, `interface.address.${difference.kind}`, difference.address);
  return explains;
}

/** Both modes need these: that one is gone is told by itself. */
const KEPT_ANCHORS = new Set(['KUBE-POSTROUTING']);
