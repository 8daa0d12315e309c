import { type LostAndGained, lostAndGained } from '../../common/lost-and-gained.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import { addressText, blockRange } from '../../state/address-range.ts';
import type { Facts } from '../../report.ts';
import type { PendingCause, PendingChange } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { type Story, withChanges } from '../claims.ts';
import { baseName } from '../services/service-groups.ts';
import { counted, listed } from '../words.ts';
import type { CauseKind, CauseRule } from '../rule.ts';

const ENDPOINT_CAUSES = [
  { id: 'cause.rollout', title: 'the endpoints of a service were replaced', why: 'as many endpoints on the same port took their place' },
  {
    id: 'cause.endpoint-ip-changed',
    title: 'an endpoint has another address',
    why: 'one address was replaced by one other in several service ports',
  },
  {
    id: 'cause.node-drained',
    title: 'a node was drained',
    why: 'several services lost their endpoints in one /24 (/64), and none leads there any longer',
  },
  {
    id: 'cause.proxy-restart-gap',
    title: 'kube-proxy has not finished its first sync',
    why: 'four of five virtual services or more lost all endpoints at once',
  },
] as const satisfies readonly CauseKind[];

export const endpointCauses: CauseRule = { causes: ENDPOINT_CAUSES, explain: withEndpointCauses };

/** Services that must show the same before it counts as one cause. */
const SEVERAL = 2;
/** Services that must lose all endpoints at once before a restart is the likely cause. */
const MANY = 3;

/** Lays changes of endpoints in several services to what they have in common: an address that moved, a node that is gone, a restart. */
function withEndpointCauses(all: readonly Story[], comparison: Comparison): readonly Story[] {
  const stories = all.flatMap(({ change, parts }) =>
    isEndpointStory(change) ? [{ change, ...hostsOf([change, ...parts.filter(isOneDestination)]), ...placesOf(change, parts) }] : [],
  );
  const causes = new Map<PendingChange, PendingCause>();
  restartGap(stories, comparison, causes);
  addressMoved(stories, causes);
  rolledOver(stories, causes);
  nodeDrained(stories, comparison, causes);
  return withChanges(all, new Map([...causes].map(([change, cause]) => [change, { ...change, cause }])));
}

interface EndpointStory {
  readonly change: PendingChange;
  /** Its address, and those where the same is told with it. */
  readonly services: readonly string[];
  readonly names: readonly string[];
  readonly lost: readonly string[];
  readonly gained: readonly string[];
}

const STORIES = new Set([
  'ipvs.endpoints.replaced',
  'ipvs.service.blackholed',
  'ipvs.destination.removed',
  'ipvs.destination.draining',
  'kube.service.endpoints-changed',
  'kube.service.no-endpoints',
  'kube.frontend.endpoints-changed',
  'kube.frontend.lost',
]);

function isEndpointStory({ id, cause }: PendingChange): boolean {
  return STORIES.has(id) && (cause === undefined || cause.id === 'cause.rollout');
}

function placesOf(change: PendingChange, parts: readonly PendingChange[]): Pick<EndpointStory, 'services' | 'names'> {
  const all = [change, ...parts.filter(({ id }) => STORIES.has(id))];
  return {
    services: [...new Set(all.map(({ subject }) => subject.frontends?.[0] ?? subject.name))],
    names: [...new Set(all.map(({ subject, service }) => service ?? subject.name))],
  };
}

/** The addresses of machines or pods that are gone from, and new to, a service. */
function hostsOf(changes: readonly PendingChange[]): LostAndGained {
  return lostAndGained(hostsIn(changes.map(({ before }) => before)), hostsIn(changes.map(({ after }) => after)));
}

function hostsIn(all: readonly (Facts | undefined)[]): Set<string> {
  const hosts = new Set<string>();
  for (const facts of all) {
    const list = facts?.['endpoints'] ?? facts?.['destinations'] ?? (facts?.['address'] === undefined ? [] : [facts]);
    if (!Array.isArray(list)) continue;
    for (const entry of list as readonly unknown[]) {
      const { address, weight } = (entry ?? {}) as { readonly address?: unknown; readonly weight?: unknown };
      if (typeof address === 'string' && weight !== 0) hosts.add(address.slice(0, address.lastIndexOf(':')));
    }
  }
  return hosts;
}

/** Told beside the first one that is gone, where several are. */
function isOneDestination({ id }: PendingChange): boolean {
  return id === 'ipvs.destination.removed' || id === 'ipvs.destination.draining';
}

/** One address was replaced by one other in several services. */
function addressMoved(stories: readonly EndpointStory[], causes: Map<PendingChange, PendingCause>): void {
  const groups = new Map<string, EndpointStory[]>();
  for (const story of stories) {
    if (causes.has(story.change) || story.lost.length !== 1 || story.gained.length !== 1) continue;
    const key = `${story.lost[0]} → ${story.gained[0]}`;
    addToGroup(groups, key, story);
  }
  for (const [change, group] of groups) {
    if (group.length < SEVERAL) continue;
    const cause: PendingCause = {
      id: 'cause.endpoint-ip-changed',
      certainty: 'heuristic',
      text: `an endpoint has another address, ${change}, in ${counted(group.length, 'service port')}`,
      details: [{ label: 'services', text: namesOf(group) }],
    };
    for (const { change } of group) causes.set(change, cause);
  }
}

/** The same pods were replaced by as many others in several service ports: a service of several ports rolled over. */
function rolledOver(stories: readonly EndpointStory[], causes: Map<PendingChange, PendingCause>): void {
  const groups = new Map<string, EndpointStory[]>();
  for (const story of stories) {
    if (
      causes.has(story.change) ||
      story.change.effect !== 'rolled-over' ||
      story.lost.length === 0 ||
      story.lost.length !== story.gained.length
    )
      continue;
    const key = `${story.lost.join()} ${story.gained.join()}`;
    addToGroup(groups, key, story);
  }
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined || group.length < SEVERAL) continue;
    const bases = new Set(group.map(({ change }) => (change.subject.name.includes('/') ? baseName(change.subject.name) : '')));
    const [base = ''] = bases;
    const cause: PendingCause = {
      id: 'cause.rollout',
      certainty: 'heuristic',
      text: `${bases.size === 1 && base !== '' ? base : `one workload of ${counted(group.length, 'service port')}`} rolled over: ${counted(first.lost.length, 'endpoint')} replaced by as many (${listed(first.lost)} → ${listed(first.gained)})`,
      details: [{ label: 'services', text: namesOf(group) }],
    };
    for (const { change } of group) causes.set(change, cause);
  }
}

/** Everything in one /24 that several services led to is gone or has weight 0, and nothing leads there any more. */
function nodeDrained(stories: readonly EndpointStory[], comparison: Comparison, causes: Map<PendingChange, PendingCause>): void {
  const groups = new Map<string, EndpointStory[]>();
  for (const story of stories) {
    if (causes.has(story.change) || story.lost.length === 0) continue;
    const blocks = new Set(story.lost.map(blockOf));
    const [block] = blocks;
    if (blocks.size !== 1 || block === undefined || story.gained.some((host) => blockOf(host) === block)) continue;
    addToGroup(groups, block, story);
  }
  const served = groups.size === 0 ? new Set<string>() : servedBlocks(comparison);
  for (const [block, group] of groups) {
    const services = new Set(group.flatMap((story) => story.services));
    if (services.size < SEVERAL || blockRange(block) === undefined || served.has(block)) continue;
    const down = group.filter(({ change }) => change.effect === 'lost');
    const hosts = [...new Set(group.flatMap((story) => story.lost))].sort();
    const cause: PendingCause = {
      id: 'cause.node-drained',
      certainty: 'heuristic',
      text: `no service leads to ${block} any more: ${counted(services.size, 'service address', 'service addresses')} lost ${listed(hosts)}, as when a node is drained or lost`,
      details: [
        ...(down.length === 0 ? [] : [{ label: 'effect' as const, text: `no endpoint is left at ${namesOf(down)}` }]),
        { label: 'services', text: namesOf(group) },
      ],
    };
    for (const { change } of group) causes.set(change, cause);
  }
}

function blockOf(host: string): string {
  const range = blockRange(`${host}/${host.includes(':') ? 64 : 24}`);
  return range === undefined ? host : `${addressText(range.low)}/${host.includes(':') ? 64 : 24}`;
}

/** The /24s and /64s that something leads into. */
function servedBlocks({ after: { model }, survival }: Comparison): Set<string> {
  const hosts = new Set<string>();
  if ((model.nft?.tables.size ?? 0) > 0)
    for (const { senders } of survival().places)
      for (const { address } of senders.flatMap((sender) => sender.after.endpoints)) hosts.add(address.slice(0, address.lastIndexOf(':')));
  for (const service of model.ipvs?.services.values() ?? [])
    for (const { address, weight } of service.destinations.values()) if (weight !== 0) hosts.add(address);
  for (const table of model.tables.values()) {
    for (const chain of table.chains.values()) {
      for (const { target } of chain.rules) if (target.kind === 'dnat') hosts.add(target.to.slice(0, target.to.lastIndexOf(':')));
    }
  }
  return new Set([...hosts].map(blockOf));
}

/** Most services lost all their endpoints at once, and none of the services is gone: kube-proxy has just started anew. */
function restartGap(stories: readonly EndpointStory[], { before, after }: Comparison, causes: Map<PendingChange, PendingCause>): void {
  const empty = stories.filter(({ change }) => change.id === 'ipvs.service.blackholed');
  const usable = [...(before.model.ipvs?.services.values() ?? [])].filter((service) => service.destinations.size > 0);
  const kept = usable.filter((service) => after.model.ipvs?.services.has(service.key) === true);
  if (empty.length < MANY || kept.length < usable.length || empty.length * 5 < usable.length * 4) return;
  const cause: PendingCause = {
    id: 'cause.proxy-restart-gap',
    certainty: 'heuristic',
    text: `${empty.length} of ${usable.length} virtual services lost all endpoints at once, as while kube-proxy starts anew`,
    details: [
      { label: 'services', text: namesOf(empty) },
      { label: 'look at', text: 'ipvsadm -ln, once more' },
    ],
  };
  for (const { change } of empty) causes.set(change, cause);
}

function namesOf(stories: readonly EndpointStory[]): string {
  return listed([...new Set(stories.flatMap(({ names }) => names))].sort(), 8);
}
