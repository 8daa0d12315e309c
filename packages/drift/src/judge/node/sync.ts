import type { ServiceChange } from '../../check/expected/cluster-change.ts';
import { type Severity, worse } from '../../report.ts';
import type { Draft } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { replaceDrafts } from '../causes/replace-drafts.ts';
import { baseName } from '../services/service-groups.ts';
import { listed } from '../words.ts';

/**
 * Services of which the cluster asks for something else than before, while the node does the same: kube-proxy does not follow
 * (`kube.sync.stalled`), or the cluster came to what the node did already (`kube.sync.caught-up`).
 *
 * What the cluster asks for is computed as kube-proxy programs it. Nothing is claimed from a list that is cut.
 */
export function judgeSync(judgement: Judgement): Draft[] {
  const services = judgement.cluster()?.services;
  return [...(services ?? [])].flatMap(([service, change]): Draft[] => {
    if (change.changed !== true) return [];
    if (change.node === 'stalled') return [stalledDraft(service, change)];
    return change.node === 'ahead' ? [caughtUpDraft(service, change)] : [];
  });
}

function stalledDraft(service: string, { lacking, asked, origin }: ServiceChange): Draft {
  const severity = lacking.reduce<Severity>(
    (most, one) => worse(most, one.certainty === 'conditional' ? 'warning' : one.severity === 'notice' ? 'notice' : 'critical'),
    'none',
  );
  const certain = lacking.some(({ certainty }) => certainty !== 'conditional');
  return {
    id: 'kube.sync.stalled',
    severity,
    effect: 'lost',
    certainty: certain ? 'proven' : 'conditional',
    subject: { kind: 'kube.servicePort', name: service },
    after: { asked },
    text: `${service}: the cluster asks for something else than before, and the node did not follow: ${listed(
      lacking.map(({ text }) => text),
      3,
    )}`,
    details: [
      { label: 'if', text: 'the node was listed after the cluster (kube-proxy follows within seconds)' },
      { label: 'look at', text: 'kubectl -n kube-system logs -l k8s-app=kube-proxy --tail=50' },
    ],
    origins: [origin],
  };
}

/** The node had before what the cluster asks for now. */
function caughtUpDraft(service: string, { asked, origin }: ServiceChange): Draft {
  return {
    id: 'kube.sync.caught-up',
    severity: 'none',
    effect: 'none',
    certainty: 'proven',
    subject: { kind: 'kube.servicePort', name: service },
    after: { asked },
    text: `${service}: the cluster asks now for what the node did already`,
    origins: [origin],
  };
}

/** Says of each change of a service whether the cluster asked for it; only objects tell that. */
export function withClusterRequests(drafts: readonly Draft[], judgement: Judgement): Draft[] {
  const cluster = drafts.length === 0 ? undefined : judgement.cluster();
  const replaced = new Map<Draft, Draft>();
  for (const draft of cluster?.inFull === true ? drafts : []) {
    const service = draft.id.startsWith('kube.sync.') ? undefined : serviceOf(draft, cluster?.places ?? new Map());
    const change = service === undefined ? undefined : cluster?.services.get(service);
    const text = change === undefined ? undefined : requestText(change);
    if (text !== undefined) replaced.set(draft, { ...draft, details: [...(draft.details ?? []), { label: 'cluster', text }] });
  }
  return replaceDrafts(drafts, replaced);
}

/** The service that a change is about: by its name, or by a place of it. */
function serviceOf({ subject: { kind, name, frontends = [] } }: Draft, places: ReadonlyMap<string, string>): string | undefined {
  if (kind === 'kube.servicePort') return baseName(name);
  return [name.split(' -> ')[0] ?? name, ...frontends].map((place) => places.get(place)).find((service) => service !== undefined);
}

function requestText({ changed, node, lacking }: ServiceChange): string | undefined {
  if (changed === undefined) return undefined;
  if (lacking.length > 0)
    return `did not ask for this: it asks for ${changed ? 'something else' : 'the same as before'}, and the node does not do it`;
  if (!changed) return 'asks for the same as before, and the node does it now';
  return node === 'followed' ? 'asked for this: its Services or endpoints changed, and the node followed' : undefined;
}
