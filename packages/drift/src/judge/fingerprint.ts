import { shortHash } from '../common/short-hash.ts';
import type { PendingChange } from './pending-change.ts';

/**
 * A short name for a change that is the same in every run and on every machine: made of its id, its subject and its values, and not
 * of wording, line numbers, numbers of rules, or counters.
 */
export function fingerprint(change: PendingChange): string {
  return shortHash(
    JSON.stringify([
      change.id,
      stable(change.subject.name),
      change.subject.frontends ?? [],
      canonical(change.before),
      canonical(change.after),
    ]),
  );
}

/** Without the number of a rule in its chain, and without the hashes in names of chains. */
function stable(name: string): string {
  return name.replace(/#\d+$/, '').replace(/\bKUBE-(SVC|SVL|SEP|EXT|XLB|FW)-[A-Z2-7]{16}\b/g, 'KUBE-$1');
}

function canonical(facts: unknown): unknown {
  if (Array.isArray(facts)) return facts.map(canonical);
  if (typeof facts === 'string') return stable(facts);
  if (typeof facts !== 'object' || facts === null) return facts;
  const kept = Object.entries(facts).filter(([name]) => name !== 'number' && name !== 'connections');
  return Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => [name, canonical(value)]));
}
