import type { ModuleDifference } from '../compare/difference.ts';
import { chainRole } from '../kubernetes/chain-roles.ts';
import type { ProxyMode } from '../kubernetes/facts.ts';
import { generationOf } from '../kubernetes/generation.ts';
import { frontendLabel, type Frontend } from '../kubernetes/frontends.ts';
import type { Detail, ExplainedDifference, Severity } from '../report.ts';
import { type CauseDraft, type Draft, seenAt } from './draft.ts';
import type { Judgement } from './judgement.ts';
import type { FlowDifference } from './flow-differences.ts';
import { requiredModules } from './machine.ts';
import type { SideView } from './side.ts';
import { counted, endpointsText, listed, outcomeText, sendersText } from './words.ts';

const MECHANISM: { readonly [Mode in ProxyMode]: string } = {
  ipvs: 'IPVS',
  iptables: 'iptables rules',
  userspace: 'a process of kube-proxy (userspace mode)',
  mixed: 'IPVS and iptables rules at once',
};

/** A change of the mechanism that leads to services. It explains every change of chains, sets and virtual services of kube-proxy. */
export function judgeMode(judgement: Judgement): Draft[] {
  const was = judgement.before.facts.proxyMode;
  const is = judgement.after.facts.proxyMode;
  if (was === undefined || is === undefined || was.value === is.value) return [];
  const explains = claimEverything(judgement);
  const fate = frontendFate(judgement);
  const severity: Severity = fate.lost.length > 0 ? 'critical' : 'warning';
  const fallback = fallbackOf(was.value, is.value, judgement);
  for (const difference of fallback?.modules.keys() ?? []) judgement.told.add(difference);
  const text = fallback?.text ?? `services are led by ${MECHANISM[is.value]} now, they were led by ${MECHANISM[was.value]} (proxy mode ${was.value} → ${is.value})`;
  const details: Detail[] = [
    { label: 'because', text: `before: ${was.because}; after: ${is.because}` },
    ...fate.details,
  ];
  const origins = seenAt(was.origins[0], is.origins[0]);
  const cause: CauseDraft = { id: 'cause.proxy-mode-changed', certainty: 'heuristic', text, details };
  const mode: Draft = {
    id: fallback?.id ?? 'kube.mode.changed',
    severity,
    effect: fate.lost.length > 0 ? 'lost' : 'redirected',
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
function claimEverything({ differences, told }: Judgement): ExplainedDifference[] {
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

interface Fate {
  readonly lost: readonly Frontend[];
  readonly details: readonly Detail[];
}

/** What became of each place where a service answered. */
function frontendFate({ before, after, flows }: Judgement): Fate {
  // What IPVS serves cannot be told without its table.
  const unseen = (side: SideView): boolean => side.facts.proxyMode?.value === 'ipvs' && side.model.ipvs === undefined;
  const lost = unseen(after) ? [] : [...before.frontends.values()].filter((frontend) => !serves(frontend, after.frontends) && !servesNodePort(frontend, after.frontends));
  const kept = [...before.frontends.values()].filter((frontend) => serves(frontend, after.frontends));
  const gained = [...after.frontends.values()].filter((frontend) => !serves(frontend, before.frontends) && !servesNodePort(frontend, before.frontends));
  const details: Detail[] = [];
  const total = before.frontends.size;
  const moved = flows.all.filter((flow) => flow.endpoints && flow.onlyIf.length === 0 && flow.frontend !== undefined && kept.some((frontend) => frontend.key === flow.frontend?.key));
  const other = new Set(moved.map((flow) => flow.frontend?.key));
  if (unseen(after)) {
    details.push({ label: 'effect', text: `no rule translates ${labels([...before.frontends.values()])} any more; whether IPVS does cannot be told, its table is not in the snapshot` });
  } else if (unseen(before)) {
    details.push({ label: 'if', text: 'IPVS had endpoints for its addresses; its table is not in the snapshot' });
  } else if (total > 0) {
    details.push({ label: 'after', text: `${kept.length - other.size} of ${counted(total, 'service address', 'service addresses')} lead to the same endpoints with the same shares` });
  }
  if (lost.length > 0) details.push({ label: 'effect', text: `nothing leads from ${labels(lost)} to an endpoint any more` });
  for (const flow of [...new Map(moved.toReversed().map((one) => [one.frontend?.key, one])).values()].toReversed().slice(0, 3)) {
    details.push({ label: 'effect', text: `${frontendLabel(flow.frontend as Frontend)}, from ${sendersText([flow])}: ${outcomeText(flow.before)} → ${outcomeText(flow.after)}` });
  }
  details.push(...sourceDetails(flows.all));
  if (gained.length > 0) {
    const reached = flows.all.find((flow) => flow.frontend !== undefined && !before.frontends.has(flow.frontend.key) && flow.after.endpoints.length > 0);
    const to = gained.length <= 2 && reached !== undefined ? `, to ${endpointsText(reached.after.endpoints)}` : '';
    details.push({ label: 'also', text: `new: ${labels(gained)}${to}` });
  }
  return { lost, details };
}

/** Connections whose source address is treated differently although they get to the same endpoints. */
function sourceDetails(flows: readonly FlowDifference[]): Detail[] {
  const same = flows.filter((flow) => flow.masquerade && flow.onlyIf.length === 0 && !flow.endpoints && flow.after.endpoints.length > 0);
  const details: Detail[] = [];
  for (const on of [true, false]) {
    const found = same.filter((flow) => flow.after.masqueraded === on);
    const names = [...new Set(found.map((flow) => flow.frontend?.servicePort ?? flow.frontend?.key ?? ''))].sort();
    if (names.length > 0) details.push({ label: 'effect', text: `connections from ${sendersText(found)} to ${listed(names, 5)} are ${on ? 'now' : 'no longer'} masqueraded` });
  }
  return details;
}

function serves(frontend: Frontend, others: ReadonlyMap<string, Frontend>): boolean {
  return others.has(frontend.key) || others.has(`${frontend.protocol} *:${frontend.port}`);
}

/** A node port on every address was there before if it was there on one. */
function servesNodePort(frontend: Frontend, others: ReadonlyMap<string, Frontend>): boolean {
  if (frontend.address !== undefined) return false;
  return [...others.values()].some((other) => other.protocol === frontend.protocol && other.port === frontend.port && other.purpose === 'node port');
}

function labels(frontends: readonly Frontend[]): string {
  return listed(frontends.map(frontendLabel).sort(), 5);
}
