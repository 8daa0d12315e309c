import { node, type Line } from '@netdrift/core';
import { decodeWhole, wordList, WORD, type Codec } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { fieldTarget, type Field } from '../fields/fields.ts';
import { noteSpelling } from '../rule/rule-line.ts';

/** `-j CT`: attaches settings to the connection before it is tracked, or leaves it untracked. */
export interface CtTarget {
  readonly kind: 'CtTarget';
  readonly name: 'CT';
  readonly notrack?: true;
  readonly helper?: string;
  readonly timeout?: string;
  readonly zone?: { readonly direction?: 'orig' | 'reply'; readonly value: number | 'mark' };
  readonly events?: readonly string[];
  readonly expectationEvents?: readonly string[];
}

type Zone = NonNullable<CtTarget['zone']>;

const NUMBER: Codec<number | 'mark'> = {
  expected: 'a zone 0-65535 or mark',
  decode: (text) => (text === 'mark' ? text : decodeWhole(text, 0xffff)),
  print: String,
};

function zone(direction: 'orig' | 'reply' | undefined): Field {
  const word = direction === undefined ? 'zone' : `zone-${direction}`;
  return {
    key: 'zone',
    holds: 'value',
    value: {
      expected: NUMBER.expected,
      decode(text: string): Zone | undefined {
        const value = NUMBER.decode(text);
        return value === undefined ? undefined : { ...(direction === undefined ? {} : { direction }), value };
      },
      print: ({ value }: Zone) => NUMBER.print(value),
    },
    word,
    option: `--${word}`,
    when: (held: Zone) => held.direction === direction,
  };
}

const LIST = wordList();

const fields: readonly Field[] = [
  { key: 'notrack', holds: 'flag', word: 'notrack', option: '--notrack' },
  { key: 'helper', holds: 'value', value: WORD, word: 'helper', option: '--helper' },
  { key: 'timeout', holds: 'value', value: WORD, word: 'timeout', option: '--timeout' },
  { key: 'events', holds: 'value', value: LIST, word: 'ctevents', option: '--ctevents' },
  { key: 'expectationEvents', holds: 'value', value: LIST, word: 'expevents', option: '--expevents' },
  zone('orig'),
  zone('reply'),
  zone(undefined),
];

const base = fieldTarget<CtTarget>({
  name: 'CT',
  kind: 'CtTarget',
  header: 'CT',
  fields,
  samples: ['CT notrack', 'CT helper ftp', 'CT ctevents new,destroy expevents new zone 65535'],
});

/** 1.4.21 prints no blank before the zone, and one behind it. */
const OLD_ZONE = 'ct-joined-zone';

function oldZone(line: Line, zoneValue: number): CtTarget {
  noteSpelling(line, OLD_ZONE);
  return { kind: 'CtTarget', name: 'CT', zone: { value: line.read(zoneValue, NUMBER) } };
}

/** `-j CT`. */
export const ctTarget: TargetExtension<CtTarget> = {
  ...base,
  listing: {
    ...base.listing,
    starts: [...base.listing.starts, 'CTzone'],
    grammar: (g) =>
      g.choose(
        [
          () => base.listing.grammar(g),
          () => {
            g.word('CTzone');
            return node(oldZone, g.value(99));
          },
        ],
        9,
      ),
  },
  print(target, style) {
    if (!style.spells(OLD_ZONE) || target.zone === undefined) return base.print(target, style);
    const { zone: last, ...rest } = target;
    return `${base.print(rest, style)}zone ${last.value} `;
  },
};
