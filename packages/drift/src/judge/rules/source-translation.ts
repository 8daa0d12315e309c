import type { RuleDifference } from '../../structure/difference.ts';
import type { Draft } from '../draft.ts';
import { packetsOf } from '../words.ts';

const ATTRIBUTES = / --(?:random-fully|random|persistent)\b/g;

/**
 * A rule that replaces the source address by another one than before, or picks ports in another way. Packets led through both sides do not
 * show it: that the source is replaced is all they tell.
 */
export function otherSource(difference: RuleDifference): Pick<Draft, 'severity' | 'effect' | 'certainty' | 'text' | 'details'> | undefined {
  if (difference.kind !== 'target-changed') return undefined;
  const { before, after } = difference;
  if (before.target.kind !== 'snat' || after.target.kind !== 'snat') return undefined;
  const [was, is] = [before, after].map(({ target }) => target.text.replace(/^-j /, ''));
  const packets = `packets ${packetsOf(after)}`;
  const change = `${was} → ${is}`;
  if (before.target.text.replaceAll(ATTRIBUTES, '') === after.target.text.replaceAll(ATTRIBUTES, '')) {
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
