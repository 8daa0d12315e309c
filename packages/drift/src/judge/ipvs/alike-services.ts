import { addToGroup } from '../../common/add-to-group.ts';
import type { IpvsService } from '../../state/model.ts';
import type { ServiceDifference } from '../../differences/difference.ts';
import { persistenceText } from '../../differences/ipvs.ts';
import type { Comparison } from '../comparison.ts';

/**
 * Virtual services of one service port that changed alike: cluster IP, node port on each address, and so on. Where no name is known, the
 * same destinations are those of one service.
 */
export function alike(changed: readonly ServiceDifference[], comparison: Comparison): ServiceDifference[][] {
  const groups = new Map<string, ServiceDifference[]>();
  for (const difference of changed) {
    const { before, after, added, removed, attributes } = difference;
    const destinations = [...before.destinations.keys()].sort().join();
    const name = servicePortOf(before.key, comparison) ?? (destinations === '' ? before.key : `${before.protocol} ${destinations}`);
    const weights = difference.changed.map(
      (change) => `${change.before.key} ${change.attributes.join()} ${change.before.weight} ${change.after.weight}`,
    );
    const key = [
      name,
      // What a lost or drained destination means is told by scheduler and flags: services of different ones are not told as one.
      attributes.join(),
      ...[before, after].map(attributesText),
      added
        .map((one) => one.key)
        .sort()
        .join(),
      removed
        .map((one) => one.key)
        .sort()
        .join(),
      weights.sort().join(),
    ].join('|');
    addToGroup(groups, key, difference);
  }
  return [...groups.values()].map((group) =>
    group.some(({ before }) => servicePortOf(before.key, comparison) !== undefined)
      ? group
      : group.toSorted((one, other) => (one.before.key < other.before.key ? -1 : 1)),
  );
}

function attributesText(service: IpvsService): string {
  return [service.scheduler, ...(service.flags ?? []), persistenceText(service)].join(' ');
}

/** The service port that a virtual service belongs to, where either side names it. */
export function servicePortOf(key: string, { before, after }: Comparison): string | undefined {
  return after.frontends.get(key)?.servicePort ?? before.frontends.get(key)?.servicePort;
}
