import { schedulerEffect } from '../../ipvs/schedulers.ts';
import type { IpvsService } from '../../state/model.ts';
import type { CauseDraft, Draft } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { replaceDrafts } from '../causes/replace-drafts.ts';
import { counted, listed } from '../words.ts';

/** Services that must have changed alike before it is the setting that changed. */
const SEVERAL = 2;
/** The part of the virtual services of both sides that must have changed alike. */
const MOST = 0.9;

/** Lays changes of nearly all virtual services from one scheduler to one other to the setting of kube-proxy (`--ipvs-scheduler`). */
export function withSchedulerSetting(drafts: readonly Draft[], judgement: Judgement): Draft[] {
  const { before, after } = judgement;
  if ([before, after].some(({ facts }) => facts.proxyMode?.value !== 'ipvs')) return [...drafts];
  const was = before.facts.scheduler?.value;
  const is = after.facts.scheduler?.value;
  if (was === undefined || is === undefined || was === is) return [...drafts];
  const alike = drafts.filter(
    (draft) => draft.id === 'ipvs.service.scheduler-changed' && draft.before?.['scheduler'] === was && draft.after?.['scheduler'] === is,
  );
  const common = [...(before.model.ipvs?.services.values() ?? [])].filter(({ key }) => after.model.ipvs?.services.has(key) === true);
  if (alike.length < common.length * MOST || differentServices(common) < SEVERAL) return [...drafts];
  const text = `the scheduler of the virtual services changed from ${was} to ${is}`;
  const names = [...new Set(alike.map(({ subject }) => subject.name))].sort();
  const cause: CauseDraft = {
    id: 'cause.scheduler-changed',
    certainty: 'heuristic',
    text: `${text} (${alike.length} of ${counted(common.length, 'virtual service')}, one cause)`,
    details: [
      { label: 'effect', text: schedulerEffect(was, is) },
      { label: 'services', text: listed(names, 6) },
    ],
  };
  const setting: Draft = {
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
  // Told by the cause, whatever else the same service has.
  const replaced = new Map(
    alike.map((draft) => {
      const { toldWith: _, ...alone } = draft;
      return [draft, { ...alone, cause }] as const;
    }),
  );
  return [setting, ...replaceDrafts(drafts, replaced)];
}

/** Virtual services with the same destinations are addresses of one service: somebody may well change them together by hand. */
function differentServices(services: readonly IpvsService[]): number {
  return new Set(services.map(({ destinations }) => [...destinations.keys()].sort().join())).size;
}
