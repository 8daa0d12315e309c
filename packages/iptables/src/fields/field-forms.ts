import { ABSENT, type Template } from '@netdrift/core';
import type { Form, Grammar } from '../extension.ts';
import { isGlued, isSigned, type Field, type FieldCodec } from './field.ts';
import { foundField, nodeOf, nodesOf } from './field-nodes.ts';

/** Options of {@link listingForm}. */
export interface ListingOptions {
  /** Words before the fields: `ADDRTYPE match`. */
  readonly header?: string;
  /** Without a header: how many of the first fields may begin the text; all unless given. */
  readonly lead?: number;
  /** All of the text is of one node: a target is there once. */
  readonly single?: boolean;
}

/** A form that always gives one node. */
export interface SingleForm<N> extends Form<N> {
  grammar(grammar: Grammar): Template<N>;
}

/** The listing form of an extension that is a row of fields. */
export function listingForm<N>(base: object, fields: readonly Field[], { header, lead, single = false }: ListingOptions = {}): Form<N> {
  const rows = fields.map((field, at) => ({ field, at })).filter(({ field }) => field.word !== undefined || field.bare === true);
  const worded = rows.map(({ field }) => field).filter((field) => field.word !== undefined);
  const wordsOf = (wanted: (field: Field) => boolean): string[] => worded.filter(wanted).map((field) => field.word ?? '');
  const part =
    (g: Grammar, { field, at }: (typeof rows)[number], round: number) =>
    () =>
      readField(g, field, at, { word: field.word ?? '', value: field.value, words: field.listedWords ?? 1, round });
  return {
    starts: header === undefined ? worded.slice(0, lead).map((field) => field.word ?? '') : [header],
    words: wordsOf((field) => !isGlued(field)),
    glued: wordsOf(isGlued),
    negatable: wordsOf(({ not }) => not === 'before' || not === 'tight'),
    values: wordsOf((field) => takesWord(field) && !isGlued(field) && field.not !== 'joined' && field.withWord !== true),
    grammar(g) {
      if (header !== undefined) {
        g.word(header);
        return nodesOf<N>(
          base,
          g.repeat(() => g.choose(rows.map((row) => part(g, row, 0)))),
          false,
        );
      }
      const first = g.choose(rows.slice(0, lead).map((row) => part(g, row, 0)));
      const more = g.repeat(() =>
        g.choose(
          rows.slice(lead ?? 0).map((row) => part(g, row, 1)),
          1,
        ),
      );
      return nodesOf<N>(base, [first, ...more], !single);
    },
  };
}

/** The save form of an extension that is a set of options. */
export function saveForm<N>(base: object, fields: readonly Field[]): SingleForm<N> {
  const rows = fields.map((field, at) => ({ field, at })).filter(({ field }) => field.option !== undefined);
  return {
    starts: rows.map(({ field }) => field.option ?? ''),
    values: rows.filter(({ field }) => takesWord(field)).map(({ field }) => field.option ?? ''),
    grammar(g) {
      const parts = rows.map(
        ({ field, at }) =>
          () =>
            readField(g, field, at, { word: field.option ?? '', value: field.saved ?? field.value, words: field.words ?? 1, round: 0 }),
      );
      return nodeOf<N>(base, parts.length === 0 ? [] : g.repeat(() => g.choose(parts)));
    },
  };
}

/** The options of an extension where they begin a text themselves: at least one. */
export function leadingOptions<N>(base: object, fields: readonly Field[]): SingleForm<N> {
  const form = saveForm<N>(base, fields);
  const rows = fields.map((field, at) => ({ field, at })).filter(({ field }) => field.option !== undefined);
  return {
    ...form,
    grammar(g) {
      const part =
        ({ field, at }: (typeof rows)[number], round: number) =>
        () =>
          readField(g, field, at, { word: field.option ?? '', value: field.saved ?? field.value, words: field.words ?? 1, round });
      const first = g.choose(rows.map((row) => part(row, 0)));
      const more = g.repeat(() =>
        g.choose(
          rows.map((row) => part(row, 1)),
          1,
        ),
      );
      return nodeOf<N>(base, [first, ...more]);
    },
  };
}

function takesWord(field: Field): boolean {
  return field.value !== undefined;
}

/** How one form reads a field. */
interface Reading {
  readonly word: string;
  readonly value: FieldCodec | undefined;
  readonly words: number;
  /** Tells apart two places of one fragment that read the same field. */
  readonly round: number;
}

function readField(g: Grammar, field: Field, at: number, { word, value: codec, words, round }: Reading): Template<unknown> {
  const nth = at * 4 + round;
  if (word === '') return readBare(g, field, at, nth);
  const first = g.word(word, round);
  const not = isSigned(field) ? g.sign(nth) : ABSENT;
  const isJoined = word === field.word && isGlued(field);
  const value = codec === undefined || isJoined ? first : g.value(nth);
  if (field.withWord === true && word === field.word) return foundField({ field, at, codec, not, value: first, last: value });
  return foundField({ field, at, codec, not, value, last: words === 2 ? g.value(nth + 2) : value });
}

/** `[!] 0,7`: a value alone; a keyword there begins something else. */
function readBare(g: Grammar, field: Field, at: number, nth: number): Template<unknown> {
  const not = isSigned(field) ? g.sign(nth) : ABSENT;
  const value = g.bare(nth);
  return foundField({ field, at, codec: field.value, not, value, last: value });
}
