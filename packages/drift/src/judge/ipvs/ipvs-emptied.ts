import type { CauseDraft, Draft } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { replaceDrafts } from '../causes/replace-drafts.ts';
import { counted, listed } from '../words.ts';

/** Virtual services that must be gone at once before it is told as one cause. */
const SEVERAL = 2;

const GONE = new Set(['ipvs.service.removed', 'kube.service.removed']);

/** An IPVS table with nothing left in it is one cause: `ipvsadm -C`, or a kernel that has no IPVS any more. */
export function withIpvsEmptied(drafts: readonly Draft[], { before, after }: Judgement): Draft[] {
  const was = before.model.ipvs;
  const is = after.model.ipvs;
  if (was === undefined || was.services.size < SEVERAL || is === undefined || !is.complete || is.services.size > 0) return [...drafts];
  // Another mode has another table, and that is told.
  if (after.facts.proxyMode !== undefined && after.facts.proxyMode.value !== before.facts.proxyMode?.value) return [...drafts];
  const gone = drafts.filter(({ id }) => GONE.has(id));
  const lost = gone.filter(({ severity, toldWith }) => severity === 'critical' && toldWith === undefined);
  const why = is.notAvailable === true ? 'the kernel has no IPVS any more' : 'the IPVS table is empty';
  const cause: CauseDraft = {
    id: 'cause.owner-wiped',
    certainty: 'proven',
    text: `${why}: all ${counted(was.services.size, 'virtual service')} are gone`,
    details: [
      ...(lost.length === 0
        ? []
        : [
            {
              label: 'effect' as const,
              text: `new connections to ${listed([...new Set(lost.map(({ subject }) => subject.name))].sort(), 8)} reach no endpoint any more`,
            },
          ]),
      { label: 'look at', text: is.notAvailable === true ? 'lsmod | grep ip_vs' : 'ipvsadm -ln, once more' },
    ],
  };
  return replaceDrafts(drafts, new Map(gone.map((draft) => [draft, { ...draft, cause }])));
}
