import type { Codec } from '../codec.ts';

const CLASSES = new Map<string, number>([
  ['BE', 0],
  ['EF', 0x2e],
  ...Array.from({ length: 8 }, (_, level): [string, number] => [`CS${level}`, level * 8]),
  ...[1, 2, 3, 4].flatMap((level) => [1, 2, 3].map((drop): [string, number] => [`AF${level}${drop}`, level * 8 + drop * 2])),
]);

/** A class of differentiated services as restore files may name it: `EF`, `AF11`, `CS1`. */
export const DSCP_CLASS: Pick<Codec<number>, 'expected' | 'decode'> = {
  expected: 'a class BE, EF, CS0-CS7 or AF11-AF43',
  decode: (text) => CLASSES.get(text.toUpperCase()),
};
