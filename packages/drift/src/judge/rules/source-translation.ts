import type { RuleDifference } from '../../differences/difference.ts';
import type { PendingChange } from '../pending-change.ts';
import { packetsOf } from '../words.ts';

/**
 * A rule that replaces the source address by another one than before, or picks ports in another way. Packets led through both sides do not
 * show it: that the source is replaced is all they tell.
 */
export function otherSource(
  difference: RuleDifference,
): Pick<PendingChange, 'severity' | 'effect' | 'certainty' | 'text' | 'details'> | undefined {
  if (difference.kind !== 'target-changed') return undefined;
  const { before, after } = difference;
  if (before.target.kind !== 'snat' || after.target.kind !== 'snat') return undefined;
  const packets = `packets ${packetsOf(after)}`;
  const change = [before, after].map(({ target }) => target.text.slice('-j '.length)).join(' → ');
  if (before.target.to === after.target.to) {
    return {
      severity: 'notice',
      effect: 'attribute',
      certainty: 'proven',
      text: `${packets}: the port they leave from, or the address of several, is chosen in another way (${change})`,
      details: [],
    };
  }
  return {
    severity: 'warning',
    effect: 'source-changed',
    certainty: 'proven',
    text: `${packets} get another source address (${change}): receivers that know the old one no longer know them`,
    details: [{ label: 'if', text: 'no rule before it takes these packets' }],
  };
}
