import type { Match, Target } from '../ast.ts';
import type { PrintStyle } from '../extension.ts';
import { printSavedMatch, printSavedTarget } from '../save/print-save.ts';

const STYLE: Readonly<Record<'ipv4' | 'ipv6', PrintStyle>> = {
  ipv4: { names: false, family: 'ipv4', spells: () => false },
  ipv6: { names: false, family: 'ipv6', spells: () => false },
};

/**
 * One match as a save form spells it; the text of an `UnknownMatch` as it was read.
 *
 * @example
 * printIptablesMatch({ kind: 'MarkMatch', not: true, value: 0x4000, mask: 0x4000 }) // => '-m mark ! --mark 0x4000/0x4000'
 */
export function printIptablesMatch(match: Match, family: 'ipv4' | 'ipv6' = 'ipv4'): string {
  return printSavedMatch(match, STYLE[family]).trim();
}

/**
 * One target as a save form spells it.
 *
 * @example
 * printIptablesTarget({ kind: 'VerdictTarget', name: 'DROP' }) // => '-j DROP'
 */
export function printIptablesTarget(target: Target, options: { readonly family?: 'ipv4' | 'ipv6'; readonly goto?: boolean } = {}): string {
  return printSavedTarget(target, options.goto === true, STYLE[options.family ?? 'ipv4']).trim();
}
