import { RULES } from '@netdrift/drift';
import { closest } from 'fastest-levenshtein';
import { Trouble } from '../trouble.ts';

/**
 * An id that somebody wrote, if netdrift has it; `*` stands for any text.
 *
 * @param place where it was written, for the message
 * @throws {@link Trouble} for an id that nothing has, with the nearest one: a rule that silently does nothing would be worse.
 */
export function knownId(written: string, place: string): string {
  if (written.includes('*')) {
    if (!someIdFits(written)) throw new Trouble(`${place}: no id fits ${written} (netdrift rules lists them)`);
    return written;
  }
  if (RULES.has(written)) return written;
  throw new Trouble(`${place}: nothing has the id ${written}; the nearest is ${nearestId(written)} (netdrift rules lists them)`);
}

/** The id that differs from a word by the fewest letters. */
export function nearestId(written: string): string {
  return closest(written, [...RULES.keys()]);
}

/** Whether one id at least begins, goes on and ends as the parts between the stars say. */
function someIdFits(glob: string): boolean {
  const [first = '', ...parts] = glob.split('*');
  const last = parts.pop() ?? '';
  return [...RULES.keys()].some((id) => {
    if (!id.startsWith(first) || !id.endsWith(last) || id.length < first.length + last.length) return false;
    let at = first.length;
    return parts.every((part) => {
      const found = id.indexOf(part, at);
      at = found + part.length;
      return found >= 0 && at <= id.length - last.length;
    });
  });
}
