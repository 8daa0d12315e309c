/** Ranges of code points that take two columns of a terminal (Unicode 15, East Asian Width W and F; emoji). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x274c, 0x274c],
  [0x2753, 0x2755],
  [0x2b1b, 0x2b1c],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1_7000, 0x1_8cff],
  [0x1_b000, 0x1_b2ff],
  [0x1_f300, 0x1_f64f],
  [0x1_f680, 0x1_f6ff],
  [0x1_f900, 0x1_faff],
  [0x2_0000, 0x3_fffd],
];

/**
 * Columns of a terminal that one character takes: 0 for a mark that combines with the one before, 2 for East Asian wide
 * characters and emoji, else 1. Meant for text that `displayText` has made safe.
 *
 * @example
 * displayWidth('한') // => 2
 */
export function displayWidth(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/\p{Mn}|\p{Me}/u.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
