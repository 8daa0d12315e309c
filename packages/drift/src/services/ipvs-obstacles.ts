import { requiredIpvsModules } from '@netdrift/modules';
import type { NodeKnowledge } from '../read/kinds/knowledge.ts';
import type { IpvsObstacle } from '../read/readers/logs/log-statement.ts';
import type { Model } from '../state/model.ts';
import { type Origin, originIn } from '../state/origin.ts';
import type { NodeView } from './node-facts.ts';
import type { NodeFacts } from './facts-of-node.ts';

/** What keeps kube-proxy from ipvs mode. */
export type Missing =
  | { readonly kind: 'module'; readonly module: string; /** Modules that are missing with it. */ readonly others: readonly string[] }
  | { readonly kind: 'program'; readonly program: 'ipset' }
  | { readonly kind: 'scheduler'; readonly scheduler: string }
  | { readonly kind: 'other'; readonly reason: string };

/** Something missing, and where that was read. */
export interface Found {
  readonly missing: Missing;
  readonly origins: readonly Origin[];
}

/** `module ip_vs is missing (and with it ip_vs_rr)`. */
export function missingText(missing: Missing): string {
  switch (missing.kind) {
    case 'module': {
      const others = missing.others.length === 0 ? '' : ` (and with it ${missing.others.join(', ')})`;
      return `module ${missing.module} is missing${others}`;
    }
    case 'program':
      return `the program ${missing.program} is missing`;
    case 'scheduler':
      return `scheduler "${missing.scheduler}" does not exist`;
    case 'other':
      return missing.reason;
  }
}

/** What the log says is missing. */
export function fromLog({ knowledge, facts }: NodeView): Found | undefined {
  return missingInLog(knowledge.log, facts.schedulerAsked?.value);
}

/** What a log of kube-proxy says is missing for ipvs mode. */
export function missingInLog(log: NodeKnowledge['log'], schedulerAsked: string | undefined): Found | undefined {
  let best: Found | undefined;
  for (const told of log) {
    const { value } = told;
    if (value.kind !== 'ipvs-unusable' || value.obstacle === undefined) continue;
    const missing = missingOf(value.obstacle, schedulerAsked);
    // A later line repeats the reason in the words of the kernel, which say less.
    if (best === undefined || (best.missing.kind === 'other' && missing.kind !== 'other')) best = { missing, origins: [originIn(told)] };
  }
  return best;
}

function missingOf(obstacle: IpvsObstacle, scheduler: string | undefined): Missing {
  switch (obstacle.kind) {
    case 'modules':
      return modulesMissing(obstacle.modules);
    case 'ipset':
      return { kind: 'program', program: 'ipset' };
    case 'scheduler':
      return { kind: 'scheduler', scheduler: obstacle.scheduler };
    case 'ipvs':
      return { kind: 'module', module: 'ip_vs', others: [] };
    case 'other': {
      if (/no such file or directory/i.test(obstacle.reason) && scheduler !== undefined) return { kind: 'scheduler', scheduler };
      return { kind: 'other', reason: obstacle.reason };
    }
  }
}

/** The schedulers are modules that need ip_vs: without it, it is the one to look for. */
function modulesMissing(modules: readonly string[]): Missing {
  const sorted = [...modules].sort();
  const [first = 'ip_vs'] = sorted;
  const module = sorted.includes('ip_vs') ? 'ip_vs' : first;
  return { kind: 'module', module, others: sorted.filter((name) => name !== module) };
}

/** ipset, where a shell did not find it. */
export function fromPrograms({ knowledge }: NodeView): Found | undefined {
  const ipset = knowledge.noPrograms.get('ipset');
  return ipset === undefined ? undefined : { missing: { kind: 'program', program: 'ipset' }, origins: [originIn(ipset)] };
}

/** ipvsadm could not talk to the kernel, or the kernel has no settings of IPVS. */
export function fromKernel({ snapshot, knowledge, model }: NodeView): Found | undefined {
  const answer = snapshot.parts.find(({ content }) => content.kind === 'tool-error' && content.error === 'ipvs-not-available');
  const setting = knowledge.absentSysctls.get('net.ipv4.vs');
  const loaded = model.modules?.loaded?.has('ip_vs') === true || model.modules?.builtin?.has('ip_vs') === true;
  const part = answer?.index ?? setting?.part;
  if (part === undefined || loaded) return undefined;
  return { missing: { kind: 'module', module: 'ip_vs', others: [] }, origins: [{ part, lines: [1, 1] }] };
}

/** Modules that are neither loaded nor built in. Whether one could be loaded on demand, no list of loaded modules tells. */
export function fromModules({ model, facts }: NodeView): Found | undefined {
  const { loaded, builtin } = model.modules ?? {};
  if (loaded === undefined || builtin === undefined) return undefined;
  const absent = absentModules(model, facts);
  if (absent.length === 0) return undefined;
  const [origin] = [...loaded.values(), ...builtin.values()];
  return { missing: modulesMissing(absent), origins: origin === undefined ? [] : [origin] };
}

/** Required modules that no list of the snapshot has, under any of their names. */
export function absentModules(model: Model, facts: NodeFacts): string[] {
  const { loaded, builtin } = model.modules ?? {};
  const { modules } = requiredIpvsModules({
    ...(facts.kernel === undefined ? {} : { kernel: facts.kernel.value }),
    ...(facts.version === undefined ? {} : { kubeProxy: facts.version.value }),
    ...(facts.schedulerAsked === undefined ? {} : { scheduler: facts.schedulerAsked.value }),
  });
  const here = (name: string): boolean => loaded?.has(name) === true || builtin?.has(name) === true;
  return [...new Set(modules.filter(({ accepted }) => !accepted.some(here)).map(({ name }) => name))];
}

/** Schedulers of Linux 6.12, net/netfilter/ipvs/Kconfig; kube-proxy up to 1.26 allows fewer. */
const SCHEDULERS = new Set(['rr', 'wrr', 'lc', 'wlc', 'fo', 'ovf', 'lblc', 'lblcr', 'dh', 'sh', 'mh', 'sed', 'nq', 'twos']);

/** A scheduler that IPVS does not have. */
export function fromScheduler({ facts }: NodeView): Found | undefined {
  const { schedulerAsked } = facts;
  if (schedulerAsked === undefined || SCHEDULERS.has(schedulerAsked.value)) return undefined;
  return { missing: { kind: 'scheduler', scheduler: schedulerAsked.value }, origins: schedulerAsked.origins };
}
