import type { ServiceChange } from '../../check/expected/cluster-change.ts';
import { type Severity, worse } from '../../report.ts';
import type { PendingChange } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { changesOf, type Story, withChanges } from '../claims.ts';
import { baseName } from '../services/service-groups.ts';
import { listed } from '../words.ts';
import { type CauseRule, type ChangeKind, type ChangeRule, each } from '../rule.ts';
import { inOneMode } from './served-mode.ts';

const SYNC_CHANGES = [
  {
    id: 'kube.sync.stalled',
    severity: 'critical',
    title: 'the cluster changed and the node did not follow',
    why: 'kube-proxy lags behind: connections go to endpoints that are gone, or not to new ones',
    mirror: 'kube.sync.caught-up',
  },
  {
    id: 'kube.sync.caught-up',
    severity: 'none',
    title: 'the node already did what the cluster now asks for',
    why: 'node and cluster agree',
    mirror: 'kube.sync.stalled',
  },
] as const satisfies readonly ChangeKind[];

export const sync: ChangeRule = { kinds: SYNC_CHANGES, when: inOneMode, find: each(judgeSync) };

export const clusterRequests: CauseRule = { explain: withClusterRequests };

/**
 * Services of which the cluster asks for something else than before, while the node does the same: kube-proxy does not follow
 * (`kube.sync.stalled`), or the cluster came to what the node did already (`kube.sync.caught-up`).
 *
 * What the cluster asks for is computed as kube-proxy programs it. Nothing is claimed from a list that is cut.
 */
function judgeSync(comparison: Comparison): PendingChange[] {
  const services = comparison.cluster()?.services;
  return [...(services ?? [])].flatMap(([service, change]): PendingChange[] => {
    if (change.changed !== true) return [];
    if (change.node === 'stalled') return [stalledChange(service, change)];
    return change.node === 'ahead' ? [caughtUpChange(service, change)] : [];
  });
}

function stalledChange(service: string, { lacking, asked, origin }: ServiceChange): PendingChange {
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
function caughtUpChange(service: string, { asked, origin }: ServiceChange): PendingChange {
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
function withClusterRequests(stories: readonly Story[], comparison: Comparison): readonly Story[] {
  const cluster = stories.length === 0 ? undefined : comparison.cluster();
  if (cluster?.inFull !== true) return stories;
  const replaced = new Map<PendingChange, PendingChange>();
  for (const change of changesOf(stories)) {
    const service = change.id.startsWith('kube.sync.') ? undefined : serviceOf(change, cluster.places);
    const asked = service === undefined ? undefined : cluster.services.get(service);
    const text = asked === undefined ? undefined : requestText(asked);
    if (text !== undefined) replaced.set(change, { ...change, details: [...(change.details ?? []), { label: 'cluster', text }] });
  }
  return withChanges(stories, replaced);
}

/** The service that a change is about: by its name, or by a place of it. */
function serviceOf({ subject: { kind, name, frontends = [] } }: PendingChange, places: ReadonlyMap<string, string>): string | undefined {
  if (kind === 'kube.servicePort') return baseName(name);
  return [name, ...frontends].map((place) => places.get(place)).find((service) => service !== undefined);
}

function requestText({ changed, node, lacking }: ServiceChange): string | undefined {
  if (changed === undefined) return undefined;
  if (lacking.length > 0)
    return `did not ask for this: it asks for ${changed ? 'something else' : 'the same as before'}, and the node does not do it`;
  if (!changed) return 'asks for the same as before, and the node does it now';
  return node === 'followed' ? 'asked for this: its Services or endpoints changed, and the node followed' : undefined;
}
