/**
 * The decisions by which a grammar read a line, in the order they were taken: of a part that may be missing 1 or 0, of a part
 * that repeats how often it came, of a choice the place of the part that was taken.
 *
 * They are all that a grammar finds out about a line: the rules run again with them give the same template.
 */
export type Decisions = readonly number[];

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** In front of a digit that counts from here on; the last digit, so that none is written in two ways. */
const MORE = DIGITS.length - 1;
/** What two digits hold. */
const MOST = MORE + DIGITS.length;

/** Decisions as a word, or undefined where one is too large to be written: such a line is no usual one. */
export function printDecisions(decisions: Decisions): string | undefined {
  let text = '';
  for (const decision of decisions) {
    if (decision >= MOST) return undefined;
    text += decision < MORE ? DIGITS.charAt(decision) : DIGITS.charAt(MORE) + DIGITS.charAt(decision - MORE);
  }
  return text;
}

/** The decisions of a word. */
export function readDecisions(text: string): Decisions {
  const decisions: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const digit = DIGITS.indexOf(text.charAt(at));
    if (digit === MORE) at += 1;
    decisions.push(digit === MORE ? MORE + DIGITS.indexOf(text.charAt(at)) : digit);
  }
  return decisions;
}

/** A number below 4096 in two digits. */
export function twoDigits(value: number): string {
  return DIGITS.charAt(value >> 6) + DIGITS.charAt(value & 63);
}
