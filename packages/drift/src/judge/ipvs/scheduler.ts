import { schedulerEffect } from '../../ipvs/schedulers.ts';
import type { IpvsService } from '../../state/model.ts';
import type { PendingCause, PendingChange } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { changesOf, type Story } from '../claims.ts';
import { counted, listed } from '../words.ts';
import type { CauseKind, CauseRule, ChangeKind } from '../rule.ts';

const SCHEDULER_CHANGES = [
  {
    id: 'kube.config.scheduler-changed',
    severity: 'notice',
    title: 'the scheduler of all services changed',
    why: 'new connections are distributed differently',
  },
] as const satisfies readonly ChangeKind[];

const SCHEDULER_CAUSES = [
  {
    id: 'cause.scheduler-changed',
    title: 'kube-proxy has another scheduler',
    why: 'nine of ten virtual services or more went from one scheduler to one other',
  },
] as const satisfies readonly CauseKind[];

export const schedulerSetting: CauseRule = { kinds: SCHEDULER_CHANGES, causes: SCHEDULER_CAUSES, explain: withSchedulerSetting };

/** Services that must have changed alike before it is the setting that changed. */
const SEVERAL = 2;
/** The part of the virtual services of both sides that must have changed alike. */
const MOST = 0.9;

/** Lays changes of nearly all virtual services from one scheduler to one other to the setting of kube-proxy (`--ipvs-scheduler`). */
function withSchedulerSetting(stories: readonly Story[], comparison: Comparison): readonly Story[] {
  const { before, after } = comparison;
  if ([before, after].some(({ facts }) => facts.proxyMode?.value !== 'ipvs')) return stories;
  const was = before.facts.scheduler?.value;
  const is = after.facts.scheduler?.value;
  if (was === undefined || is === undefined || was === is) return stories;
  const isAlike = ({ id, before: one, after: other }: PendingChange): boolean =>
    id === 'ipvs.service.scheduler-changed' && one?.['scheduler'] === was && other?.['scheduler'] === is;
  const alike = changesOf(stories).filter(isAlike);
  const common = [...(before.model.ipvs?.services.values() ?? [])].filter(({ key }) => after.model.ipvs?.services.has(key) === true);
  if (alike.length < common.length * MOST || differentServices(common) < SEVERAL) return stories;
  const text = `the scheduler of the virtual services changed from ${was} to ${is}`;
  const names = [...new Set(alike.map(({ subject }) => subject.name))].sort();
  const cause: PendingCause = {
    id: 'cause.scheduler-changed',
    certainty: 'heuristic',
    text: `${text} (${alike.length} of ${counted(common.length, 'virtual service')}, one cause)`,
    details: [
      { label: 'effect', text: schedulerEffect(was, is) },
      { label: 'services', text: listed(names, 6) },
    ],
  };
  const setting: PendingChange = {
    id: 'kube.config.scheduler-changed',
    severity: 'notice',
    effect: 'attribute',
    certainty: 'heuristic',
    subject: { kind: 'config', name: 'ipvs-scheduler' },
    before: { scheduler: was },
    after: { scheduler: is },
    text,
    details: cause.details,
    origins: [],
    cause,
  };
  // The cause tells them, whatever else the same service has.
  const others = stories.flatMap(({ change, parts }): Story[] => {
    const rest = parts.filter((part) => !isAlike(part));
    return isAlike(change) ? rest.map((part) => ({ change: part, parts: [] })) : [{ change, parts: rest }];
  });
  return [{ change: setting, parts: [] }, ...others, ...alike.map((change) => ({ change: { ...change, cause }, parts: [] }))];
}

/** Virtual services with the same destinations are addresses of one service: somebody may well change them together by hand. */
function differentServices(services: readonly IpvsService[]): number {
  return new Set(services.map(({ destinations }) => [...destinations.keys()].sort().join())).size;
}
