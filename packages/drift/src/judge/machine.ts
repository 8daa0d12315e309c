import { servicePortAt } from '../kubernetes/frontends.ts';
import { requiredIpvsModules } from '@netdrift/modules';
import type { InterfaceDifference, ModuleDifference } from '../compare/difference.ts';
import { type Draft, seenAt } from './draft.ts';
import type { Judgement } from './judgement.ts';

/** Changes of kernel modules: those that ipvs mode needs count, others decide nothing. */
export function judgeModules(judgement: Judgement): Draft[] {
  // A proxy that runs by iptables rules needs none of them; what it lost on the way there is told with the change of mode.
  const needed = judgement.after.facts.proxyMode?.value === 'iptables' ? new Set<string>() : neededModules(judgement);
  return judgement.differences.modules.filter((difference) => !judgement.told.has(difference)).map((difference) => changedModule(difference, needed, judgement));
}

/** Modules that ipvs mode needs and that are neither loaded nor built in any more: each difference with the change it makes. */
export function lostModules(judgement: Judgement): ReadonlyMap<ModuleDifference, Draft> {
  const needed = neededModules(judgement);
  const drafts = judgement.differences.modules.map((difference) => [difference, changedModule(difference, needed, judgement)] as const);
  return new Map(drafts.filter(([, { id }]) => id === 'modules.required-missing'));
}

function neededModules({ before, after }: Judgement): Set<string> {
  const ipvs = [before, after].some((side) => side.facts.proxyMode?.value === 'ipvs' || (side.model.ipvs?.services.size ?? 0) > 0);
  if (!ipvs) return new Set();
  const scheduler = after.facts.scheduler?.value ?? before.facts.scheduler?.value;
  return new Set(requiredIpvsModules(scheduler === undefined ? {} : { scheduler }).modules.filter((module) => !module.checked || module.purpose !== 'scheduler').flatMap((module) => module.accepted));
}

function changedModule(difference: ModuleDifference, needed: ReadonlySet<string>, { after }: Judgement): Draft {
  const { name, list, kind, origin } = difference;
  const gone = kind === 'removed';
  const elsewhere = (after.model.modules?.builtin?.has(name) ?? false) || (after.model.modules?.loaded?.has(name) ?? false);
  const missing = gone && needed.has(name) && !elsewhere;
  const id = missing ? 'modules.required-missing' : list === 'builtin' ? `modules.builtin.${kind}` : gone ? 'modules.unloaded' : 'modules.loaded';
  const did = list === 'builtin' ? (gone ? 'is no longer built into the kernel' : 'is built into the kernel now') : gone ? 'is no longer loaded' : 'was loaded';
  return {
    id,
    severity: missing ? 'critical' : 'none',
    effect: missing ? 'lost' : 'none',
    certainty: missing ? 'assumed' : 'proven',
    subject: { kind: 'module', name },
    ...(gone ? { before: { list } } : { after: { list } }),
    text: missing ? `module ${name} ${did}, and ipvs mode needs it` : `module ${name} ${did}`,
    origins: gone ? seenAt(origin, undefined) : seenAt(undefined, origin),
  };
}

/** Changes of the addresses of interfaces: a service address that is not on kube-ipvs0 is dead in ipvs mode. */
export function judgeInterfaces(judgement: Judgement): Draft[] {
  return judgement.differences.interfaces.filter((difference) => !judgement.told.has(difference)).map((difference) => changedAddress(difference, judgement));
}

function changedAddress({ interface: device, kind, address, origin }: InterfaceDifference, { before, after }: Judgement): Draft {
  const gone = kind === 'removed';
  const services = [...after.frontends.values(), ...before.frontends.values()].filter((frontend) => frontend.address === address);
  const served = gone && [...after.frontends.values()].some((frontend) => frontend.address === address);
  const name = services.find((frontend) => frontend.servicePort !== undefined)?.servicePort?.split(/[ :]/)[0] ?? servicePortAt(after.model, `tcp ${address}:0`);
  const what = name === undefined ? `address ${address}` : `${name}: address ${address}`;
  const dead = served && device === 'kube-ipvs0';
  return {
    id: `interface.address.${kind}`,
    severity: dead ? 'critical' : gone && device === 'kube-ipvs0' ? 'none' : 'notice',
    effect: dead ? 'lost' : gone ? 'none' : 'gained',
    certainty: dead ? 'proven' : 'assumed',
    subject: { kind: 'interface.address', name: `${address} on ${device}` },
    ...(gone ? { before: { address } } : { after: { address } }),
    text: dead
      ? `${what} is no longer on ${device}: the node does not take packets to it, although virtual services have it`
      : `${what} ${gone ? 'is no longer' : 'is now'} on ${device}`,
    origins: gone ? seenAt(origin, undefined) : seenAt(undefined, origin),
  };
}
