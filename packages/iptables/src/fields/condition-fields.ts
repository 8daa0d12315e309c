import { numberRange, type Codec, type NumberRange } from '../codec.ts';
import type { Field } from './fields.ts';

/** A condition on a number: one, or a range. */
export interface NumberCondition extends NumberRange {
  readonly not: boolean;
}

/** `spi:5`, `spis:!0:32`: a number or a range of them, with a word for one and a word for several. */
export function rangeField(key: string, one: string, several: string, option: string, max: number): Field {
  return {
    key,
    holds: 'spread',
    value: numberRange(max),
    word: `${one}:|${several}:`,
    option,
    print: ({ not, low, high }: NumberCondition) =>
      `${low === high ? one : several}:${not ? '!' : ''}${low === high ? low : `${low}:${high}`}`,
  };
}

/** A whole number too large for a `number` stays as its digits. */
export const LARGE: Codec<number | string> = {
  expected: 'a whole number',
  decode(text) {
    if (!/^(?:0|[1-9]\d{0,19})$/.test(text)) return undefined;
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : text;
  },
  print: String,
};
