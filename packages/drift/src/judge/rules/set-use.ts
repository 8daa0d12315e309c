import { isIpv6Set } from '../../proxy/names/set-catalogue.ts';
import type { IpSetEntry } from '../../state/model.ts';
import type { Comparison } from '../comparison.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';

/** What is asked of each set and member, made once, when it is asked for first. */
export interface SetContext {
  readonly comparison: Comparison;
  readonly explained: ReadonlySet<object>;
  /** Packets treated differently, by the member that speaks of their frontend. */
  readonly flows: ReadonlyMap<string, readonly FlowDifference[]>;
  /** Sets that a rule of either side looks into. */
  readonly used: () => ReadonlySet<string>;
  /** Members that stand for a frontend that both snapshots have. */
  readonly places: () => ReadonlySet<string>;
  /** Endpoints that IPVS leads to on both sides. */
  readonly endpoints: () => ReadonlySet<string>;
}

/** Of a set of which nobody can tell whether rules look into it. */
export const UNSEEN = 'whether a rule looks into it cannot be told: not all rules are in the snapshots';

/** Whether a rule looks into a set; `unseen` where none is listed that does, and not both snapshots have the whole of nat and filter. */
export function useOf({ name, family }: IpSetEntry, { used, comparison }: SetContext): 'used' | 'unused' | 'unseen' {
  if (used().has(name)) return 'used';
  const rules = family === 'inet6' || isIpv6Set(name) ? 'ipv6' : 'ipv4';
  const whole = [comparison.before, comparison.after].every(({ model }) =>
    ['nat', 'filter'].every((table) => model.tables.get(`${rules} ${table}`)?.complete === true),
  );
  return whole ? 'unused' : 'unseen';
}
