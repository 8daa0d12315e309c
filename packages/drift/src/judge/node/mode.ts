import type { Draft } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { changesMode } from './served-mode.ts';

/** kube-proxy itself says that its mode is another, and no table that both sides show tells. */
export function judgeMode(judgement: Judgement): Draft[] {
  if (changesMode(judgement)) return [];
  const was = judgement.before.model.proxyModeAnswer;
  const is = judgement.after.model.proxyModeAnswer;
  if (
    was === undefined ||
    is === undefined ||
    was === is ||
    judgement.before.facts.proxyMode?.value !== judgement.after.facts.proxyMode?.value
  )
    return [];
  return [
    {
      id: 'kube.mode.changed',
      severity: 'warning',
      effect: 'undecided',
      certainty: 'heuristic',
      subject: { kind: 'config', name: 'proxy-mode' },
      before: { proxyMode: was },
      after: { proxyMode: is },
      text: `kube-proxy says that its mode is ${is}, it was ${was}; the tables that would show it are not among those compared`,
      origins: [],
    },
  ];
}
