/**
 * How a scheduler of the kernel chooses:
 *
 * - `weight`, `turn`: by turn or load, weights looked at or not; a destination of weight 0 or that is full gets nothing, the others its
 *   part
 * - `client`: a hash of the client's address; one of weight 0 or full keeps its place, and what is hashed to it fails
 * - `address`: a hash of the address asked for, or one destination kept for it: all connections to one address go to one destination
 * - `highest`: the highest weight alone
 * - `idle`: an idle destination first
 */
export type SchedulerKind = 'weight' | 'turn' | 'client' | 'address' | 'highest' | 'idle';

/** A scheduler of Linux. */
export interface Scheduler {
  readonly kind: SchedulerKind;
  /** Where it chooses: the file of `net/netfilter/ipvs` in Linux. */
  readonly source: string;
  /** Which destination a new connection takes, for a sentence. */
  readonly takes: string;
  /** Its place is kept by a destination of weight 0, and connections that fall there fail. */
  readonly failsAtZero?: true;
}

/** The schedulers of Linux 6.1 by name; others are out of tree and not known. */
export const SCHEDULERS: ReadonlyMap<string, Scheduler> = new Map<string, Scheduler>([
  ['rr', { kind: 'turn', source: 'ip_vs_rr.c', takes: 'each endpoint in turn' }],
  ['wrr', { kind: 'weight', source: 'ip_vs_wrr.c', takes: 'each endpoint in turn, by weight' }],
  ['lc', { kind: 'turn', source: 'ip_vs_lc.c', takes: 'the endpoint with the fewest connections' }],
  ['wlc', { kind: 'weight', source: 'ip_vs_wlc.c', takes: 'the endpoint with the fewest connections for its weight' }],
  ['sed', { kind: 'weight', source: 'ip_vs_sed.c', takes: 'the endpoint with the shortest expected delay' }],
  ['twos', { kind: 'weight', source: 'ip_vs_twos.c', takes: 'the less loaded of two endpoints drawn by weight' }],
  ['nq', { kind: 'idle', source: 'ip_vs_nq.c', takes: 'an idle endpoint, else the one with the shortest expected delay' }],
  [
    'sh',
    {
      kind: 'client',
      source: 'ip_vs_sh.c',
      takes: 'the endpoint by the source address, so that a client keeps its endpoint',
      failsAtZero: true,
    },
  ],
  [
    'mh',
    {
      kind: 'client',
      source: 'ip_vs_mh.c',
      takes: 'the endpoint by the source address (Maglev), so that a client keeps its endpoint',
      failsAtZero: true,
    },
  ],
  ['dh', { kind: 'address', source: 'ip_vs_dh.c', takes: 'the endpoint by the destination address', failsAtZero: true }],
  ['lblc', { kind: 'address', source: 'ip_vs_lblc.c', takes: 'the endpoint used last for the destination' }],
  ['lblcr', { kind: 'address', source: 'ip_vs_lblcr.c', takes: 'an endpoint of those used last for the destination' }],
  ['fo', { kind: 'highest', source: 'ip_vs_fo.c', takes: 'the endpoint with the highest weight alone' }],
  ['ovf', { kind: 'highest', source: 'ip_vs_ovf.c', takes: 'the endpoint with the highest weight until it is full' }],
]);

/** Whether a scheduler looks at more of a weight than whether it is 0. One that is not known is taken to. */
export function looksAtWeights(scheduler: string | undefined): boolean {
  const known = SCHEDULERS.get(scheduler ?? '');
  return known === undefined || (known.kind !== 'turn' && known.kind !== 'address');
}

/** What another scheduler does, in a sentence. */
export function schedulerEffect(was: string, is: string): string {
  const chosen = SCHEDULERS.get(is)?.takes;
  const before = SCHEDULERS.get(was)?.takes;
  return chosen === undefined || before === undefined
    ? 'new connections are divided in another way'
    : `a new connection now takes ${chosen}; it took ${before}`;
}
