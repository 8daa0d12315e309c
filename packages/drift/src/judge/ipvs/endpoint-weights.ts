import type { DestinationDifference, ServiceDifference } from '../../differences/difference.ts';
import type { IpvsService } from '../../state/model.ts';
import { looksAtWeights } from '../../ipvs/schedulers.ts';
import type { PendingChange } from '../pending-change.ts';
import { counted, newConnections, percent } from '../words.ts';
import type { ChangeKind } from '../rule.ts';
import { connectionsOf, type EndpointFacts } from './endpoint-facts.ts';
import type { EndpointClause } from './endpoint-sentences.ts';

export const WEIGHT_CHANGES = [
  {
    id: 'ipvs.destination.draining',
    severity: 'by effect',
    title: 'a weight was set to 0',
    why: 'established connections stay; new ones go to the others, or fail where sh, mh or dh still sends them to it',
    mirror: 'ipvs.destination.undrained',
  },
  {
    id: 'ipvs.destination.undrained',
    severity: 'notice',
    title: 'a weight rose from 0',
    why: 'the destination takes new connections again',
    mirror: 'ipvs.destination.draining',
  },
  {
    id: 'ipvs.destination.weight-changed',
    severity: 'by effect',
    title: 'a weight changed',
    why: 'the shares of new connections change if the scheduler uses weights',
  },
] as const satisfies readonly ChangeKind[];

type WeightChange = Pick<PendingChange, 'id' | 'severity' | 'effect' | 'details'> &
  Partial<Pick<PendingChange, 'certainty'>> & { readonly clause: EndpointClause };

export function weightChange(
  change: DestinationDifference,
  difference: ServiceDifference,
  { movedByWeights, before, after }: EndpointFacts,
): WeightChange {
  const was = change.before.weight ?? 0;
  const is = change.after.weight ?? 0;
  const { key } = change.before;
  const fails = after.failing.find(({ address }) => address === key);
  if (is === 0 && fails !== undefined) return failingWeight(difference.after, fails.share, `${key} has weight 0 (was ${was})`);
  if (is === 0) {
    const connections = connectionsOf(change.after, difference.after);
    return {
      id: 'ipvs.destination.draining',
      severity: 'notice',
      effect: 'capacity',
      clause: {
        kind: 'so',
        text: `${key} is being drained (weight ${was} → 0${connections === 0 ? '' : `, ${counted(connections, 'connection')} left`})`,
      },
    };
  }
  if (was === 0) {
    const failed = before.failing.some(({ address }) => address === key) ? `; what ${difference.before.scheduler} gave it failed` : '';
    return {
      id: 'ipvs.destination.undrained',
      severity: 'notice',
      effect: failed === '' ? 'share-moved' : 'gained',
      clause: { kind: 'so', text: `${key} takes new connections again (weight 0 → ${is})${failed}` },
    };
  }
  const blind = !looksAtWeights(difference.after.scheduler);
  const moved = blind ? 0 : movedByWeights;
  return {
    id: 'ipvs.destination.weight-changed',
    severity: moved > 0.1 ? 'warning' : 'notice',
    effect: blind ? 'attribute' : 'share-moved',
    clause: { kind: 'so', text: `${key} has weight ${is} (was ${was})` },
    details: blind
      ? [
          {
            label: 'effect',
            text: `the scheduler ${difference.after.scheduler} looks at no weight but 0: while it stays, weight ${is} divides connections as weight ${was} did`,
          },
        ]
      : [],
  };
}

/** A destination of weight 0 that keeps its place under a scheduler that hashes: nothing is drained, connections fail. */
function failingWeight(service: IpvsService, share: number | undefined, text: string): WeightChange {
  const { scheduler = '', flags } = service;
  const part = share === undefined ? '' : ` (about ${percent(share)})`;
  const what = newConnections(service.protocol ?? '');
  if (scheduler === 'dh') {
    return {
      id: 'ipvs.destination.draining',
      severity: 'critical',
      effect: 'lost',
      certainty: 'assumed',
      clause: {
        kind: 'so',
        text: `${text}, and dh sends all ${what} to one destination, which no listing names: if it is this one, all of them fail`,
      },
    };
  }
  const details =
    flags === undefined ? [{ label: 'if' as const, text: `no flag ${scheduler}-fallback is set: this listing shows no flags` }] : [];
  return {
    id: 'ipvs.destination.draining',
    severity: 'critical',
    effect: 'lost',
    ...(flags === undefined ? { certainty: 'assumed' as const } : {}),
    clause: {
      kind: 'so',
      text: `${text}, and the ${what} that ${scheduler} gives it${part} fail: without the flag ${scheduler}-fallback they go to no other`,
    },
    details,
  };
}
