import type { RuleTarget } from '../model/condition.ts';
import type { RuleTable } from '../model/model.ts';

/** Targets that mark a packet by what nobody shows, or do not let it go on: by chance of a hash, to a socket, to a program, to another prefix. */
const OPAQUE = new Set(['HMARK', 'TPROXY', 'NFQUEUE', 'DNPT', 'SNPT']);

/**
 * Whether a target decides in the mangle table about what a walk does not follow.
 *
 * The mark of a new connection is 0, so that `CONNMARK --restore-mark` does nothing to a packet without a mark, unless a rule of the table sets
 * the connection's mark.
 */
export function isOpaqueInMangle(target: RuleTarget, mark: number, table: RuleTable): boolean {
  if (target.kind !== 'other' || table.name !== 'mangle') return false;
  if (target.name === 'SET') return target.text.includes(' mapMark');
  if (target.name === 'CONNMARK' && target.text.includes(' action=restore')) return mark !== 0 || setsConnectionMarks(table);
  return OPAQUE.has(target.name);
}

function setsConnectionMarks({ chains }: RuleTable): boolean {
  for (const { rules } of chains.values()) if (rules.some(({ target }) => target.kind === 'other' && target.name === 'CONNMARK' && target.text.includes(' action=set'))) return true;
  return false;
}
