import type { Trace, Tracer } from '../../packets/traced.ts';
import type { Condition } from '../../packets/traveller.ts';

/** A packet that was led through one side. */
export interface Led {
  readonly tracer: Tracer;
  readonly trace: Trace;
}

/**
 * Whether a connection that gets to an endpoint hangs on a condition that no listing decides, as it did not before: `-m bpf … -j DROP`, a
 * statement of nft that nobody models.
 */
export function mayBeLost(before: Led | undefined, after: Led | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  const known = new Set(asked(before.trace).map(({ text }) => text));
  if (asked(after.trace).every(({ text }) => known.has(text))) return false;
  const [was, is] = [failing(before), failing(after)];
  return [...is].some((conditions) => !was.has(conditions));
}

/** Whether the endpoints see the same source, whatever is taken of the conditions that no listing decides. */
export function isSourceKnown({ tracer, trace }: Led): boolean {
  const seen = new Set<string>();
  for (const { outcomes } of tracer.traces(trace.packet)) {
    const sources = new Set(outcomes.map(({ verdict, source }) => (verdict === 'delivered' ? source : '')));
    seen.add([...sources].sort().join());
  }
  return seen.size < 2;
}

/** What is taken otherwise where a connection does not get to an endpoint. */
function failing({ tracer, trace }: Led): Set<string> {
  const usual = new Map(trace.conditions.map(({ identity, holds }) => [identity, holds]));
  const found = new Set<string>();
  for (const one of tracer.traces(trace.packet)) {
    if (one.outcomes.every(({ verdict }) => verdict === 'delivered')) continue;
    const unusual = asked(one).filter(({ identity, holds }) => holds !== (usual.get(identity) ?? false));
    found.add(
      unusual
        .map(({ text }) => text)
        .sort()
        .join('\n'),
    );
  }
  return found;
}

/** Conditions that hold of all packets of a connection or of none. */
function asked({ conditions }: Trace): Condition[] {
  return conditions.filter(({ about, counts }) => (about === 'rule' || about === 'interface') && counts !== true);
}
