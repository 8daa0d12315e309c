import { node, type Line } from '@netdrift/core';
import { wholeNumber } from '../codec.ts';
import type { Grammar, Kinded, MatchExtension } from '../extension.ts';
import { noteSpelling } from '../rule/rule-line.ts';
import type { IcmpNames } from './icmp-names.ts';

/** The type of a message that is asked for, and its code. */
export interface IcmpComparison {
  readonly not: boolean;
  readonly type: number | string;
  readonly code?: number;
}

/** The words of one family. */
export interface IcmpWords {
  readonly name: 'icmp' | 'icmp6';
  /** What a listing begins with: `icmp`. */
  readonly word: string;
  readonly option: string;
  readonly names: IcmpNames;
  readonly samples: readonly string[];
}

const EXPECTED = 'an ICMP type 0-255 or its name';
const CODE = wholeNumber(255);

/** `-m icmp` and `-m icmp6`, which differ in their words alone. */
export function icmpComparison<N extends Kinded & IcmpComparison>(kind: N['kind'], words: IcmpWords): MatchExtension<N> {
  const { name: matchName, word, option, names: known, samples } = words;
  const [joined, apart, negated] = [`${word}type`, `${word} type`, `${word} !type`];
  const spelling = `${word}-type-apart`;
  // The node is made of exactly these keys; its type adds nothing.
  const build = (comparison: IcmpComparison): N => ({ kind, ...comparison }) as unknown as N;

  /** `icmptype 3 code 4`, `icmp !type 3`: by number. */
  const listed =
    (not: boolean) =>
    (line: Line, type: number, code: number): N =>
      build({ not, type: line.read(type, CODE), ...(code < 0 ? {} : { code: line.read(code, CODE) }) });

  /** `icmp type 3 code 4`, before 1.4. */
  function listedApart(line: Line, type: number, code: number): N {
    noteSpelling(line, spelling);
    return listed(false)(line, type, code);
  }

  /** `icmp echo-request`: without `-n` a name, with its sign joined to it. */
  function named(line: Line, value: number): N {
    const text = line.text(value);
    const not = text.startsWith('!');
    const read = known.read(not ? text.slice(1) : text);
    if (read === undefined) line.refuse(value, EXPECTED);
    return build({ not, ...(read ?? { type: 0 }) });
  }

  /** `--icmp-type 3/4`, `--icmp-type echo-request`. */
  function saved(line: Line, not: number, value: number): N {
    const [name = '', digits] = line.text(value).split('/');
    const read = known.read(name);
    const code = digits === undefined ? undefined : CODE.decode(digits);
    if (read === undefined || (digits !== undefined && code === undefined)) line.refuse(value, EXPECTED);
    return build({ not: not >= 0, ...(read ?? { type: 0 }), ...(code === undefined ? {} : { code }) });
  }

  return {
    type: 'match',
    name: matchName,
    kind,
    listing: {
      starts: [joined, apart, negated, word],
      words: ['code'],
      values: [joined, apart, negated, word],
      grammar: (g) =>
        g.choose([
          () => {
            g.word(joined);
            const type = g.value();
            return node(
              listed(false),
              type,
              g.maybe(() => readCode(g, 0), 0),
            );
          },
          () => {
            g.word(apart);
            const type = g.value(2);
            return node(
              listedApart,
              type,
              g.maybe(() => readCode(g, 1), 2),
            );
          },
          () => {
            g.word(negated);
            const type = g.value(1);
            return node(
              listed(true),
              type,
              g.maybe(() => readCode(g, 2), 1),
            );
          },
          () => {
            g.word(word);
            return node(named, g.value(3));
          },
        ]),
    },
    print({ not, type, code }, { names, spells }) {
      const name = typeof type === 'string' ? type : names ? known.nameOf(code === undefined ? { type } : { type, code }) : undefined;
      if (name !== undefined) return `${word} ${not ? '!' : ''}${name}`;
      return `${word}${not ? ' !type' : spells(spelling) ? ' type' : 'type'} ${type}${code === undefined ? '' : ` code ${code}`}`;
    },
    save: {
      starts: [option],
      values: [option],
      grammar(g) {
        g.word(option);
        return node(saved, g.sign(), g.value());
      },
    },
    printSave: ({ not, type, code }) =>
      `${not ? ' !' : ''} ${option} ${type === 255 && code === undefined ? 'any' : type}${code === undefined ? '' : `/${code}`}`,
    samples,
  };
}

/** `code 4`: the number behind the word. */
function readCode(g: Grammar, nth: number): number {
  g.word('code', nth);
  return g.value(nth + 4);
}
