import type { Origin } from '../state/origin.ts';
import {
  absentModules,
  fromKernel,
  fromLog,
  fromModules,
  fromPrograms,
  fromScheduler,
  type Missing,
  missingText,
} from './ipvs-obstacles.ts';
import type { NodeView } from './node-facts.ts';

/** Whether kube-proxy can run in ipvs mode on a node, and if not, why. */
export interface IpvsReadiness {
  /** `runs`: it does; `cannot`: something is missing; `unknown`: the snapshot does not tell; `not asked`: nothing asks for it. */
  readonly verdict: 'runs' | 'cannot' | 'unknown' | 'not asked';
  readonly asked?: string;
  readonly used?: string;
  readonly missing?: Missing;
  /** What could not be looked at, where that leaves the answer open. */
  readonly unseen: readonly string[];
  /** One sentence: mode asked for, mode got, and what is missing. */
  readonly text: string;
  readonly origins: readonly Origin[];
}

/**
 * Why kube-proxy does not run in ipvs mode. The log tells best; without one, missing programs, the kernel's own answers and lists of
 * modules do, as far as they are in the snapshot.
 */
export function ipvsReadiness(view: NodeView): IpvsReadiness {
  const { facts } = view;
  const asked = facts.modeAsked?.value;
  const used = facts.modeUsed?.value;
  const modes = { ...(asked === undefined ? {} : { asked }), ...(used === undefined ? {} : { used }) };
  const origins = facts.modeUsed?.origins ?? [];
  if (used === 'ipvs') return { verdict: 'runs', ...modes, unseen: [], text: 'kube-proxy runs in ipvs mode', origins };
  if (used === 'mixed') {
    return {
      verdict: 'unknown',
      ...modes,
      unseen: [],
      text: 'IPVS and rules of iptables mode are both there, and nothing tells which mode runs',
      origins,
    };
  }
  // From another mode kube-proxy never falls back to this one.
  if (used === 'nftables' && asked === undefined)
    return { verdict: 'not asked', ...modes, unseen: [], text: 'kube-proxy runs in nftables mode', origins };
  const found = fromLog(view) ?? fromPrograms(view) ?? fromKernel(view) ?? fromModules(view) ?? fromScheduler(view);
  // The default is iptables mode: without a sign that somebody wants ipvs there is nothing to explain.
  if (asked !== undefined && asked !== 'ipvs') {
    return {
      verdict: 'not asked',
      ...modes,
      unseen: [],
      text:
        asked === used ? `kube-proxy runs in ${used} mode, as it was asked to` : `${modesText(asked, used)}: ipvs mode was not asked for`,
      origins: facts.modeAsked?.origins ?? [],
    };
  }
  if (found !== undefined) {
    return {
      verdict: 'cannot',
      ...modes,
      missing: found.missing,
      unseen: [],
      text: `${modesText(asked, used)}: ${missingText(found.missing)}`,
      origins: found.origins,
    };
  }
  const unseen = unseenOf(view);
  if (used === undefined && asked === undefined) {
    const served = view.model.ipvs?.services.size ?? 0;
    const ipvs = served === 0 ? '' : `IPVS has ${served} virtual ${served === 1 ? 'service' : 'services'}; `;
    const other = facts.otherProxy;
    if (other !== undefined)
      return {
        verdict: 'not asked',
        unseen,
        text: `${ipvs}most likely ${other.value} handles services here, not kube-proxy: ${other.because}`,
        origins: other.origins,
      };
    return {
      verdict: 'unknown',
      unseen,
      text: `${ipvs}nothing in the snapshot tells which proxy mode was asked for and which one runs`,
      origins,
    };
  }
  const text = `${modesText(asked, used)}: cannot tell: ${unseen.join(', ')}`;
  return { verdict: 'unknown', ...modes, unseen, text, origins };
}

function modesText(asked: string | undefined, used: string | undefined): string {
  const wanted = asked === undefined ? 'the mode asked for is not known' : `${asked} mode was asked for`;
  if (used === undefined) return `${wanted}, the mode that runs is not known`;
  return used === 'none' ? `${wanted}, kube-proxy does not run` : `${wanted}, ${used} mode runs`;
}

function unseenOf({ knowledge, model, facts }: NodeView): string[] {
  const unseen = knowledge.hasLog ? ['the log does not say'] : ['no log'];
  const { loaded, builtin } = model.modules ?? {};
  if (loaded === undefined && builtin === undefined) return [...unseen, 'no module list'];
  const absent = absentModules(model, facts);
  if (absent.length === 0) return [...unseen, 'every module that ipvs mode needs is there'];
  const lists = loaded === undefined ? 'built in' : 'loaded';
  return [
    ...unseen,
    `${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} not ${lists}, which says nothing of ${loaded === undefined ? 'loaded' : 'built-in and loadable'} modules`,
  ];
}
