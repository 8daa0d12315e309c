import type { Condition } from '../../state/condition.ts';
import type { RuleEntry, RuleTable } from '../../state/model.ts';

/** A mark that one rule sets and that the rules which would act on it do not read. */
export interface UnreadMark {
  readonly bit: number;
  readonly setBy: RuleEntry;
  /** The mask that a rule behind POSTROUTING reads instead, and that rule. */
  readonly read: number;
  readonly readBy: RuleEntry;
}

/** The rules of a chain and of those that it leads to, each chain once. */
export function* rulesBehind({ chains }: RuleTable, chain: string): Generator<RuleEntry> {
  const reached = new Set([chain]);
  for (const name of reached) {
    for (const rule of chains.get(name)?.rules ?? []) {
      if (rule.target.kind === 'jump') reached.add(rule.target.chain);
      yield rule;
    }
  }
}

/** The mark of KUBE-MARK-MASQ where no rule behind POSTROUTING reads it: nothing is masqueraded for it. */
export function unreadMasqueradeMark(nat: RuleTable | undefined): UnreadMark | undefined {
  const setBy = nat?.chains.get('KUBE-MARK-MASQ')?.rules.find(({ target }) => target.kind === 'mark');
  if (nat === undefined || setBy?.target.kind !== 'mark' || !nat.chains.has('POSTROUTING')) return undefined;
  const bit = setBy.target.xorValue;
  const reading: { readonly rule: RuleEntry; readonly mask: number }[] = [];
  for (const rule of rulesBehind(nat, 'POSTROUTING')) {
    const mark = rule.conditions.find((condition): condition is Extract<Condition, { kind: 'mark' }> => condition.kind === 'mark');
    if (mark !== undefined) reading.push({ rule, mask: mark.mask });
  }
  const [other] = reading;
  return other === undefined || reading.some(({ mask }) => (mask & bit) !== 0)
    ? undefined
    : { bit, setBy, read: other.mask, readBy: other.rule };
}
