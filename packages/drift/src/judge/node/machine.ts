import { servicePortAt } from '../../services/frontends.ts';
import { IPVS_INTERFACE } from '../../proxy/facts/node-world.ts';
import { requiredIpvsModules } from '@netdrift/modules';
import type { InterfaceDifference, ModuleDifference } from '../../structure/difference.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import type { SideView } from '../side.ts';
import { runningMode } from './running-mode.ts';
import { type ChangeKind, type ChangeRule, each } from '../rule.ts';

export const MODULE_CHANGES = [
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

export const INTERFACE_CHANGES = [
  {
    id: 'interface.address.added',
    severity: 'notice',
    title: 'an address was added to an interface',
    why: 'the node accepts packets to it as its own',
    mirror: 'interface.address.removed',
  },
  {
    id: 'interface.address.removed',
    severity: 'critical',
    title: 'an address was removed from an interface',
    why: 'the node no longer accepts packets to it as its own',
    mirror: 'interface.address.added',
  },
] as const satisfies readonly ChangeKind[];

export const modules: ChangeRule = { kinds: MODULE_CHANGES, find: each(judgeModules) };

export const interfaces: ChangeRule = { kinds: INTERFACE_CHANGES, find: each(judgeInterfaces) };

/** Changes of kernel modules: those that ipvs mode needs count, others decide nothing. */
export function judgeModules(comparison: Comparison, explained: ReadonlySet<object>): PendingChange[] {
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
  const drafts = comparison.differences.modules
    .filter((difference) => difference.kind === kind)
    .map((difference) => [difference, changedModule(difference, needed, comparison)] as const);
  return new Map(drafts.filter(([, { id }]) => id.startsWith('modules.required-')));
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

/** Changes of the addresses of interfaces: a service address that is not on kube-ipvs0 is dead in ipvs mode. */
export function judgeInterfaces(comparison: Comparison, explained: ReadonlySet<object>): PendingChange[] {
  return comparison.differences.interfaces
    .filter((difference) => !explained.has(difference))
    .map((difference) => changedAddress(difference, comparison));
}

function changedAddress({ interface: device, kind, address, origin }: InterfaceDifference, { before, after }: Comparison): PendingChange {
  const gone = kind === 'removed';
  const services = [...after.frontends.values(), ...before.frontends.values()].filter((frontend) => frontend.address === address);
  const served = gone && [...after.frontends.values()].some((frontend) => frontend.address === address);
  const name =
    services.find((frontend) => frontend.servicePort !== undefined)?.servicePort?.split(/[ :]/)[0] ??
    servicePortAt(after.model, `tcp ${address}:0`);
  const what = name === undefined ? `address ${address}` : `${name}: address ${address}`;
  const dead = served && device === IPVS_INTERFACE;
  return {
    id: `interface.address.${kind}`,
    severity: dead ? 'critical' : gone && device === IPVS_INTERFACE ? 'none' : 'notice',
    effect: dead ? 'lost' : gone ? 'none' : 'gained',
    certainty: 'proven',
    subject: { kind: 'interface.address', name: `${address} on ${device}` },
    ...(gone ? { before: { address } } : { after: { address } }),
    text: dead
      ? `${what} is no longer on ${device}: the node does not take packets to it, although virtual services have it`
      : `${what} ${gone ? 'is no longer' : 'is now'} on ${device}`,
    origins: gone ? seenAt(origin, undefined) : seenAt(undefined, origin),
  };
}
