import type { PendingCause } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { changesOf, type Story, withChanges } from '../claims.ts';
import { counted, listed } from '../words.ts';
import type { CauseRule } from '../rule.ts';
import { OWNER_CAUSES } from '../rules/owners.ts';

export const ipvsEmptied: CauseRule = { causes: OWNER_CAUSES, explain: withIpvsEmptied };

/** Virtual services that must be gone at once before it is told as one cause. */
const SEVERAL = 2;

const GONE = new Set(['ipvs.service.removed', 'kube.service.removed']);

/** An IPVS table with nothing left in it is one cause: `ipvsadm -C`, or a kernel that has no IPVS any more. */
function withIpvsEmptied(stories: readonly Story[], { before, after }: Comparison): readonly Story[] {
  const was = before.model.ipvs;
  const is = after.model.ipvs;
  if (was === undefined || was.services.size < SEVERAL || is === undefined || !is.complete || is.services.size > 0) return stories;
  // Another mode has another table, and that says so.
  if (after.facts.proxyMode !== undefined && after.facts.proxyMode.value !== before.facts.proxyMode?.value) return stories;
  const gone = changesOf(stories).filter(({ id }) => GONE.has(id));
  const lost = stories.flatMap(({ change }) => (GONE.has(change.id) && change.severity === 'critical' ? [change] : []));
  const why = is.notAvailable === true ? 'the kernel has no IPVS any more' : 'the IPVS table is empty';
  const cause: PendingCause = {
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
  return withChanges(stories, new Map(gone.map((change) => [change, { ...change, cause }])));
}
