import { isIpv6Set } from '../../proxy/names/set-catalogue.ts';
import type { IpSetEntry } from '../../state/model.ts';
import type { Side } from '../../report.ts';
import type { Comparison } from '../comparison.ts';
import { askedNames } from '../packets/exact-set-effect.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import type { AskingRules } from './set-effects.ts';

/** What is asked of each set and member, made once, when it is asked for first. */
export interface SetContext {
  readonly comparison: Comparison;
  readonly explained: ReadonlySet<object>;
  /** Packets treated differently, by the member that speaks of their frontend. */
  readonly flows: ReadonlyMap<string, readonly FlowDifference[]>;
  /** The rules of either side that ask for each set. */
  readonly asking: () => AskingRules;
  /** Endpoints that IPVS leads to on both sides. */
  readonly endpoints: () => ReadonlySet<string>;
}

/** Of a set of which nobody can tell whether rules look into it. */
export const UNSEEN = 'whether a rule looks into it cannot be told: not all rules are in the snapshots';

/** Whether a rule looks into a set; `unseen` where none is listed that does, and not both snapshots have the whole of nat and filter. */
export function useOf(set: IpSetEntry, context: SetContext): 'used' | 'unused' | 'unseen' {
  const { comparison } = context;
  if ((['before', 'after'] as const).some((side) => isAskedFor(set, context, side))) return 'used';
  const rules = set.family === 'inet6' || isIpv6Set(set.name) ? 'ipv6' : 'ipv4';
  const whole = [comparison.before, comparison.after].every(({ model }) =>
    ['nat', 'filter'].every((table) => model.tables.get(`${rules} ${table}`)?.complete === true),
  );
  return whole ? 'unused' : 'unseen';
}

/** Whether a rule of one snapshot asks for a set, or for a list that has it. */
export function isAskedFor(set: IpSetEntry, { asking, comparison }: SetContext, of: Side): boolean {
  const names = askedNames(set.name, comparison);
  return [...names].some(
    (name) =>
      asking()
        .get(name)
        ?.some(({ side }) => side === of) === true,
  );
}
