import type { Origin } from '../state/origin.ts';
import type { FoundThing } from './finding.ts';

/** Rules that treat packets of many services: where one is wrong, what becomes of each service follows from it. */
const RULE_CAUSES: ReadonlySet<string> = new Set([
  'lint.kube.anchor-missing',
  'lint.kube.nodeport-not-last',
  'lint.kube.postrouting-bypassed',
  'x.rule-missing',
  'x.rule-not-expected',
]);

/** What follows from another finding. */
const EFFECTS: ReadonlySet<string> = new Set([
  'x.source-not-expected',
  'x.service-not-served',
  'x.service-not-refused',
  'x.source-not-restricted',
  'lint.kube.filter-nat-contradiction',
]);

/** What is odd in the tables by itself, and is told better by what the cluster asks for. */
const LESS_EXACT: ReadonlySet<string> = new Set([
  'lint.kube.filter-nat-contradiction',
  'lint.kube.svc-unused',
  'lint.kube.svc-empty',
  'lint.kube.sep-without-dnat',
  'lint.kube.chain-hash-mismatch',
  'lint.kube.share-skewed',
  'lint.kube.comment-mismatch',
  'lint.ipvs.all-weight-zero',
  'lint.ipvs.weight-zero-fails',
  'lint.ipvs.mixed-schedulers',
  'lint.nft.table-partial',
  'lint.kube.node-port-not-masqueraded',
]);

/** Rules that no packet meets: where kube-proxy did not write the rule that takes their packets, or the rule itself, that is the cause. */
const DEAD_RULES: ReadonlySet<string> = new Set(['lint.iptables.shadowed-rule', 'lint.iptables.redundant-rule', 'lint.nat.duplicate-dnat']);

function isSame(one: Origin, other: Origin): boolean {
  return one.part === other.part && one.lines[0] === other.lines[0];
}

/** Findings without those that follow from others: one cause is told once. What wrong rules may explain stays, with severity `none`. */
export function withoutEffects(found: readonly FoundThing[]): FoundThing[] {
  const loud = found.filter(({ severity }) => severity !== 'none');
  const has = (id: string): boolean => loud.some((one) => one.id === id);
  // A rule of one service says nothing of the others.
  const brokenRules = loud.some(({ id, subject }) => RULE_CAUSES.has(id) && subject.kind !== 'kube.servicePort');
  const exact = loud.filter(({ id }) => id.startsWith('x.'));
  const explained = new Set(exact.flatMap(({ subject, about }) => about ?? [subject.name]));
  const places = new Set(exact.flatMap(({ subject }) => subject.frontends ?? []));
  const notes = new Map<FoundThing, string>();
  for (const dead of loud.filter(({ id }) => DEAD_RULES.has(id))) {
    const teller = loud.find(
      ({ id, origins }) => id === 'x.rule-not-expected' && origins.some((one) => dead.origins.some((other) => isSame(one, other))),
    );
    if (teller !== undefined) notes.set(dead, '').set(teller, [notes.get(teller), dead.text].filter(Boolean).join('; '));
  }
  const weighed = found
    .filter((one) => notes.get(one) !== '')
    .map((one) => (notes.has(one) ? { ...one, note: notes.get(one) ?? '' } : one))
    .map((one) => (brokenRules && EFFECTS.has(one.id) ? { ...one, severity: 'none' as const } : one));
  return weighed.filter(({ id, subject, about }) => {
    if (id === 'lint.kube.nodeport-not-last' && (has('x.rule-missing') || has('x.rule-not-expected'))) return false;
    if (id === 'lint.iptables.shadowed-rule' && exact.length > 0 && subject.name.includes('KUBE-')) return false;
    if (id === 'lint.ipvs.mixed-schedulers' && has('x.scheduler-not-expected')) return false;
    // `tcp 10.96.0.1:443`, and `tcp 10.96.0.1:443 -> 10.244.0.9:443` of a destination.
    const [place = ''] = subject.name.split(' -> ');
    return !(LESS_EXACT.has(id) && (places.has(place) || (about ?? [subject.name]).some((name) => explained.has(name))));
  });
}
