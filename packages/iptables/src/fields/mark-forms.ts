import { decodeWhole, hex, MARK, type Codec, type MaskedValue } from '../codec.ts';
import type { Field } from './fields.ts';

const ALL = 0xffffffff;

/** The forms a change of a mark is listed in, in the order the tools try them. */
const FORMS: readonly (readonly [word: string, matches: (mark: MaskedValue) => boolean, print: (mark: MaskedValue) => string])[] = [
  ['and', ({ value }) => value === 0, ({ mask }) => hex(~mask >>> 0)],
  ['or', ({ value, mask }) => value === mask, ({ value }) => hex(value)],
  ['xor', ({ mask }) => mask === 0, ({ value }) => hex(value)],
  ['set', ({ mask }) => mask === ALL, ({ value }) => hex(value)],
  ['xset', () => true, ({ value, mask }) => `${hex(value)}/${hex(mask)}`],
];

function masked(toMask: (value: number) => MaskedValue): Codec<MaskedValue> {
  return {
    expected: 'a mark 0x0-0xffffffff',
    decode(text) {
      const value = decodeWhole(text, ALL);
      return value === undefined ? undefined : toMask(value);
    },
    print: MARK.print,
  };
}

const AND = masked((value) => ({ value: 0, mask: ~value >>> 0 }));
const OR = masked((value) => ({ value, mask: value }));
const XOR = masked((value) => ({ value, mask: 0 }));

/** `--set-mark V/M`: the bits of M become those of V; bits of V outside M are set too. */
const SET_MARK: Codec<MaskedValue> = {
  ...MARK,
  decode(text) {
    const mark = MARK.decode(text);
    return mark === undefined ? undefined : { value: mark.value, mask: (mark.value | mark.mask) >>> 0 };
  },
};

const CODECS = new Map([
  ['and', AND],
  ['or', OR],
  ['xor', XOR],
]);

/** `MARK set 0x1`, `MARK or 0x4000` and so on; `--set-xmark` is how every save form prints it. */
export function markFields(name: 'MARK' | 'CONNMARK', merges: object = {}): readonly Field[] {
  const withMerges = (codec: Codec<MaskedValue>): Codec<MaskedValue> => ({
    ...codec,
    decode(text) {
      const mark = codec.decode(text);
      return mark === undefined ? undefined : { ...merges, ...mark };
    },
  });
  return [
    ...FORMS.map(([word, , print], at): Field => ({
      key: 'value',
      holds: 'merge',
      value: { ...withMerges(CODECS.get(word) ?? MARK), print },
      word: `${name} ${word}`,
      when: (held: MaskedValue) => FORMS.findIndex(([, matches]) => matches(held)) === at,
    })),
    {
      key: 'value',
      holds: 'merge',
      value: withMerges({ ...MARK, print: ({ value, mask }) => `${hex(value)}/${hex(mask)}` }),
      option: '--set-xmark',
    },
    { key: 'value', holds: 'merge', value: withMerges(SET_MARK), option: '--set-mark', when: () => false },
    { key: 'value', holds: 'merge', value: withMerges(AND), option: '--and-mark', when: () => false },
    { key: 'value', holds: 'merge', value: withMerges(OR), option: '--or-mark', when: () => false },
    { key: 'value', holds: 'merge', value: withMerges(XOR), option: '--xor-mark', when: () => false },
  ];
}
