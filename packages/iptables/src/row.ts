import { ABSENT, node, type Line, type Template } from '@netdrift/core';
import type { Codec } from './codec.ts';
import type { Form, Grammar } from './extension.ts';

/** One word of a row, and what belongs to it. */
export interface RowWord {
  readonly word: string;
  /** How many words after it are its value; 0 unless given. */
  readonly takes?: 1 | 2;
  /** The value is joined to the word: `spi:5`, `match0x10`. */
  readonly glued?: true;
  /**
   * Where the sign of a negation may stand: `before` the word, between the word and its value (`after`), or joined to a
   * value that stands apart (`joined`). Options of a save form need none: theirs always stands before.
   */
  readonly not?: 'before' | 'after' | 'joined';
  /** The value is in quotes. */
  readonly quoted?: true;
  /** The value is one of a few words, so that the word does not claim whatever follows it: other texts use it otherwise. */
  readonly known?: true;
  /** The value may be missing; where it is there it is no keyword. */
  readonly optional?: true;
}

/** One word as it was found. */
export interface RowItem {
  readonly word: string;
  readonly not: boolean;
  /** First and last token of the value; the word itself where it takes none, and absent where it may be missing and is. */
  readonly value: number;
  readonly last: number;
}

/** The words found in a line, in their order. Of a word given twice the last counts, as in the tools. */
export class Row {
  readonly line: Line;
  readonly items: readonly RowItem[];

  constructor(line: Line, items: readonly RowItem[]) {
    this.line = line;
    this.items = items;
  }

  /** What was found for a word. */
  item(word: string): RowItem | undefined {
    return this.items.findLast((item) => item.word === word);
  }

  has(word: string): boolean {
    return this.item(word) !== undefined;
  }

  /** `true` where the word is there; for keys that are absent otherwise. */
  flag(word: string): true | undefined {
    return this.has(word) ? true : undefined;
  }

  /** Whether the word is there with a sign. */
  not(word: string): boolean {
    return this.item(word)?.not === true;
  }

  /** The text of a word's value. */
  text(word: string): string | undefined {
    const item = this.item(word);
    return item === undefined ? undefined : this.line.text(item.value, item.last);
  }

  /** The value of a word; a text that is no such value is refused. */
  read<T>(word: string, codec: Pick<Codec<T>, 'expected' | 'decode'>): T | undefined {
    const item = this.item(word);
    return item === undefined ? undefined : readItem(this.line, item, codec);
  }

  /** The value with its sign, for keys that hold `{ not, value }`. */
  condition<T>(word: string, codec: Pick<Codec<T>, 'expected' | 'decode'>): { readonly not: boolean; readonly value: T } | undefined {
    const item = this.item(word);
    return item === undefined ? undefined : { not: item.not, value: readItem(this.line, item, codec) };
  }

  /** The parts of a value with its sign, for keys that hold `{ not, low, high }` and the like. */
  spread<T extends object>(word: string, codec: Pick<Codec<T>, 'expected' | 'decode'>): ({ readonly not: boolean } & T) | undefined {
    const item = this.item(word);
    return item === undefined ? undefined : { not: item.not, ...readItem(this.line, item, codec) };
  }
}

/** The value of an item; a text that is no such value is refused, and what is returned then is never seen. */
export function readItem<T>(line: Line, item: RowItem, codec: Pick<Codec<T>, 'expected' | 'decode'>): T {
  const value = codec.decode(line.text(item.value, item.last));
  if (value === undefined) line.refuse(item.value, codec.expected);
  return value as T;
}

/**
 * The listing form of a text that one of `starts` begins and any of `words` goes on with.
 *
 * `build` gets what was found; it must not branch the grammar, only read.
 */
export function listedRow<N>(starts: readonly RowWord[], words: readonly RowWord[], build: (row: Row) => N): Form<N> {
  const all = [...starts, ...words];
  const rest = starts.length;
  return {
    starts: starts.map(({ word }) => word),
    words: words.filter(({ glued }) => glued !== true).map(({ word }) => word),
    glued: all.filter(({ glued }) => glued === true).map(({ word }) => word),
    negatable: all.filter(({ not }) => not === 'before').map(({ word }) => word),
    values: all.filter(isFollowedByValue).map(({ word }) => word),
    grammar(g) {
      const first = g.choose(starts.map((word, at) => () => readWord(g, word, at, 0)));
      const more =
        words.length === 0
          ? []
          : g.repeat(() =>
              g.choose(
                words.map((word, at) => () => readWord(g, word, at + rest, 1)),
                1,
              ),
            );
      return node((line: Line, one: RowItem, others: readonly RowItem[]) => build(new Row(line, [one, ...others])), first, more);
    },
  };
}

/** The save form of an extension: its options in any order. `a|b` are two spellings, of which the first is printed. */
export function savedRow<N>(options: readonly (string | RowWord)[], build: (row: Row) => N): Form<N> {
  const all = options.map((option): RowWord => (typeof option === 'string' ? { word: option, takes: 1 } : option));
  return {
    starts: all.map(({ word }) => word),
    values: all.filter(isFollowedByValue).map(({ word }) => word),
    grammar(g) {
      const found =
        all.length === 0 ? [] : g.repeat(() => g.choose(all.map((word, at) => () => readWord(g, { ...word, not: 'before' }, at, 0))));
      return node((line: Line, items: readonly RowItem[]) => build(new Row(line, items)), found);
    },
  };
}

/** An option that takes no value. */
export function bare(word: string): RowWord {
  return { word };
}

function isFollowedByValue({ takes, glued, not, optional, known }: RowWord): boolean {
  return takes !== undefined && glued !== true && not !== 'joined' && optional !== true && known !== true;
}

function readWord(g: Grammar, { word, takes, glued, not, quoted, optional }: RowWord, at: number, round: number): Template<RowItem> {
  const name = word.split('|')[0] ?? word;
  const token = g.word(word, round);
  const sign = not === undefined && glued !== true ? ABSENT : g.sign(at);
  const nth = at * 2;
  const isOwn = takes === undefined || glued === true;
  const value = isOwn ? token : optional === true ? g.maybe(() => g.bare(nth), nth) : quoted === true ? g.quoted(nth) : g.value(nth);
  const last = takes === 2 ? g.value(nth + 1) : value;
  return node(
    (_line: Line, sign: number, value: number, last: number): RowItem => ({ word: name, not: sign >= 0, value, last }),
    sign,
    value,
    last,
  );
}

/** An object without the keys that hold nothing: a key that is missing says that the text does not show it. */
export function shown<N extends object>(keys: { readonly [K in keyof N]: N[K] | undefined }): N {
  const node: Partial<N> = {};
  for (const key of Object.keys(keys) as (keyof N)[]) {
    const value = keys[key];
    if (value !== undefined) node[key] = value;
  }
  // What is left out may be missing: the caller's types say so key by key.
  return node as N;
}

/** Texts with a blank between two; what is missing or false is left out. */
export function joinShown(...texts: readonly (string | false | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== false).join(' ');
}

/** Options of a save form, each with the blank before it. */
export function joinOptions(...texts: readonly (string | false | undefined)[]): string {
  let joined = '';
  for (const text of texts) if (text !== undefined && text !== false) joined += ` ${text}`;
  return joined;
}

/** The sign of a negation that stands apart. */
export function sign(condition: { readonly not?: boolean } | undefined): string {
  return condition?.not === true ? '! ' : '';
}

/** The sign of a negation that is joined to its value. */
export function joinedSign(condition: { readonly not?: boolean } | undefined): string {
  return condition?.not === true ? '!' : '';
}
