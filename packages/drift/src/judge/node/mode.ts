import type { PendingChange } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { type ChangeRule, each } from '../rule.ts';
import { changesMode, MODE_CHANGES } from './served-mode.ts';

export const modeAnswer: ChangeRule = { kinds: MODE_CHANGES, find: each(judgeMode) };

/** kube-proxy itself says that its mode is another, and no table that both sides show tells. */
function judgeMode(comparison: Comparison): PendingChange[] {
  if (changesMode(comparison)) return [];
  const was = comparison.before.model.proxyModeAnswer;
  const is = comparison.after.model.proxyModeAnswer;
  if (
    was === undefined ||
    is === undefined ||
    was === is ||
    comparison.before.facts.proxyMode?.value !== comparison.after.facts.proxyMode?.value
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
