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

/** The mark of KUBE-MARK-MASQ where no rule behind POSTROUTING reads it: nothing is masqueraded for it. */
export function unreadMasqueradeMark(nat: RuleTable | undefined): UnreadMark | undefined {
  const setBy = nat?.chains.get('KUBE-MARK-MASQ')?.rules.find(({ target }) => target.kind === 'mark');
  if (nat === undefined || setBy?.target.kind !== 'mark' || !nat.chains.has('POSTROUTING')) return undefined;
  const bit = setBy.target.xorValue;
  const reached = new Set(['POSTROUTING']);
  const reading: { readonly rule: RuleEntry; readonly mask: number }[] = [];
  for (const name of reached) {
    for (const rule of nat.chains.get(name)?.rules ?? []) {
      if (rule.target.kind === 'jump') reached.add(rule.target.chain);
      const mark = rule.conditions.find((condition): condition is Extract<Condition, { kind: 'mark' }> => condition.kind === 'mark');
      if (mark !== undefined) reading.push({ rule, mask: mark.mask });
    }
  }
  const [other] = reading;
  return other === undefined || reading.some(({ mask }) => (mask & bit) !== 0)
    ? undefined
    : { bit, setBy, read: other.mask, readBy: other.rule };
}
