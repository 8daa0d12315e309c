import { requiredIpvsModules } from '@netdrift/modules';
import type { ModuleDifference } from '../../differences/difference.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import type { SideView } from '../side.ts';
import { type ChangeKind, type ChangeRule, each } from '../rule.ts';
import { runningMode } from './running-mode.ts';

const MODULE_CHANGES = [
  { id: 'modules.loaded', severity: 'none', title: 'a kernel module was loaded', why: 'nothing here needs it', mirror: 'modules.unloaded' },
  {
    id: 'modules.unloaded',
    severity: 'none',
    title: 'a kernel module was unloaded',
    why: 'nothing here needs it',
    mirror: 'modules.loaded',
  },
  {
    id: 'modules.builtin.added',
    severity: 'none',
    title: 'a kernel module is built in',
    why: 'another kernel is installed',
    mirror: 'modules.builtin.removed',
  },
  {
    id: 'modules.builtin.removed',
    severity: 'none',
    title: 'a kernel module is no longer built in',
    why: 'another kernel is installed',
    mirror: 'modules.builtin.added',
  },
  {
    id: 'modules.required-missing',
    severity: 'critical',
    title: 'a kernel module that ipvs mode needs is missing',
    why: 'kube-proxy cannot run in ipvs mode',
    mirror: 'modules.required-present',
  },
  {
    id: 'modules.required-present',
    severity: 'notice',
    title: 'a kernel module that ipvs mode needs is present again',
    why: 'kube-proxy can run in ipvs mode',
    mirror: 'modules.required-missing',
  },
] as const satisfies readonly ChangeKind[];

export const modules: ChangeRule = { kinds: MODULE_CHANGES, find: each(judgeModules) };

/** Changes of kernel modules: those that ipvs mode needs count, others decide nothing. */
function judgeModules(comparison: Comparison, explained: ReadonlySet<object>): PendingChange[] {
  // A proxy that runs by rules needs none of them; what is lost or found on the way there or back is told with the change of mode.
  const runsByRules = (side: SideView): boolean => ['iptables', 'nftables'].includes(runningMode(side) ?? '');
  const needed = {
    removed: runsByRules(comparison.after) ? new Set<string>() : neededModules(comparison, comparison.after, comparison.before),
    added: runsByRules(comparison.before) ? new Set<string>() : neededModules(comparison, comparison.before, comparison.after),
  };
  return comparison.differences.modules
    .filter((difference) => !explained.has(difference))
    .map((difference) => changedModule(difference, needed[difference.kind], comparison));
}

/**
 * Modules that ipvs mode needs and that nothing gives any more (`removed`), or gave before (`added`): each difference with the change it
 * makes.
 */
export function requiredModules(comparison: Comparison, kind: ModuleDifference['kind']): ReadonlyMap<ModuleDifference, PendingChange> {
  const { before, after } = comparison;
  const needed = kind === 'removed' ? neededModules(comparison, after, before) : neededModules(comparison, before, after);
  const changes = comparison.differences.modules
    .filter((difference) => difference.kind === kind)
    .map((difference) => [difference, changedModule(difference, needed, comparison)] as const);
  return new Map(changes.filter(([, { id }]) => id.startsWith('modules.required-')));
}

/** The modules of ipvs mode, with the scheduler of the side that lacks one. */
function neededModules({ before, after }: Comparison, lacking: SideView, other: SideView): Set<string> {
  const ipvs = [before, after].some((side) => side.facts.proxyMode?.value === 'ipvs' || (side.model.ipvs?.services.size ?? 0) > 0);
  if (!ipvs) return new Set();
  const scheduler = lacking.facts.scheduler?.value ?? other.facts.scheduler?.value;
  const needed = requiredIpvsModules(scheduler === undefined ? {} : { scheduler })
    .modules.filter((module) => !module.checked || module.purpose !== 'scheduler')
    .flatMap((module) => module.accepted);
  return new Set([...needed, ...modulesMissing(lacking)]);
}

/** Modules that the log of a side says are missing. */
export function modulesMissing({ missing }: SideView): string[] {
  return missing?.missing.kind === 'module' ? [missing.missing.module, ...missing.missing.others] : [];
}

function changedModule(difference: ModuleDifference, needed: ReadonlySet<string>, { before, after }: Comparison): PendingChange {
  const { name, list, kind, origin } = difference;
  const gone = kind === 'removed';
  const { modules } = (gone ? after : before).model;
  const required = needed.has(name) && modules?.builtin?.has(name) !== true && modules?.loaded?.has(name) !== true;
  const plain = list === 'builtin' ? `modules.builtin.${kind}` : gone ? 'modules.unloaded' : 'modules.loaded';
  const did =
    list === 'builtin'
      ? gone
        ? 'is no longer built into the kernel'
        : 'is built into the kernel now'
      : gone
        ? 'is no longer loaded'
        : 'was loaded';
  const open =
    required && list === 'loaded' && modules?.builtin === undefined
      ? `module ${name} is not built into the kernel (no list of built-in modules is in the snapshot)`
      : undefined;
  return {
    id: required ? `modules.required-${gone ? 'missing' : 'present'}` : plain,
    severity: required ? (gone ? 'critical' : 'notice') : 'none',
    effect: required ? (gone ? 'lost' : 'gained') : 'none',
    certainty: 'proven',
    subject: { kind: 'module', name },
    ...(gone ? { before: { list } } : { after: { list } }),
    text: required
      ? `module ${name} ${did}, ${gone ? 'and ipvs mode needs it' : 'which ipvs mode needs and did not have'}`
      : `module ${name} ${did}`,
    details: open === undefined ? [] : [{ label: 'if', text: open }],
    origins: gone ? seenAt(origin, undefined) : seenAt(undefined, origin),
  };
}
