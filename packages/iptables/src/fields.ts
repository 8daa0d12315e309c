import { ABSENT, node, type Line, type Template } from '@netdrift/core';
import type { Form, Grammar, Kinded, MatchExtension, Named, PrintStyle, TargetExtension } from './extension.ts';

/**
 * One condition or setting of an extension: `key` of the node, the word that brings it in a listing and the option
 * that brings it in a save form. The generic grammar and printing below are made from a list of these.
 */
export interface Field {
  readonly key: string;
  /** How the value is read and printed; missing: the word alone says it. */
  readonly value?: FieldCodec;
  /** How a save form differs. */
  readonly saved?: FieldCodec;
  /**
   * What the key holds. `flag`: true. `value`: the value itself. `condition`: `{ not, value }`. `spread`: `{ not, ...value }`.
   * `sign`: `{ not }`. `merge`: the value's own keys become keys of the node, with `not` where the field has a sign.
   */
  readonly holds: 'flag' | 'value' | 'condition' | 'spread' | 'sign' | 'merge';
  /** What a `flag` holds instead of true. */
  readonly says?: string;
  /** The word in a listing; it ends in `:` or `=` where the value is joined on. */
  readonly word?: string;
  /**
   * Where a listing puts the sign: before the word (`! ctstate`), joined to it (`!ECE`), after it (`mode ! x`), or joined to
   * the value (`!x`).
   */
  readonly not?: 'before' | 'tight' | 'after' | 'joined';
  /** A listing has the value alone, without a word. */
  readonly bare?: true;
  /** Two blanks stand between word and value where no sign does. */
  readonly wide?: true;
  /** A blank stands between a word that ends in `:` and its value. */
  readonly spaced?: true;
  /** What a `merge` without a value gives. */
  readonly merges?: object;
  /** The value is joined to a word without `:` or `=`: `match0x10`. */
  readonly glued?: true;
  /** The option in a save form; more spellings, which are read but not printed, after `|`. */
  readonly option?: string;
  /** The option takes two words, which are read as one text. */
  readonly words?: 2;
  /** The same in a listing. */
  readonly listedWords?: 2;
  /** In a listing the word is part of the value: `only 0x0000,0x0006`. */
  readonly withWord?: true;
  /** Several fields share the key: whether this one prints what is held. */
  readonly when?: (held: never) => boolean;
  /** Prints the text in a listing where the rule above does not say it. */
  readonly print?: (held: never, style: PrintStyle) => string;
  /** Prints the option of a save form where the rule above does not say it; with its leading blank. */
  readonly printSave?: (held: never, style: PrintStyle) => string;
}

/** A {@link Codec} of any kind of value: each field's own codec reads what it prints. */
interface FieldCodec {
  readonly expected: string;
  readonly decode: (text: string) => unknown;
  print(value: never): string;
}

/** A field found in a line: its place in the table, and what it holds. */
interface Found {
  readonly at: number;
  readonly held: unknown;
}

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
  const part = (g: Grammar, { field, at }: (typeof rows)[number], round: number) => () =>
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
        return node(assembleAll(base, fields), g.repeat(() => g.choose(rows.map((row) => part(g, row, 0)))));
      }
      const first = g.choose(rows.slice(0, lead).map((row) => part(g, row, 0)));
      const more = g.repeat(() => g.choose(rows.slice(lead ?? 0).map((row) => part(g, row, 1)), 1));
      return single ? node(assembleOne<N>(base, fields), first, more) : node(assembleSome<N>(base, fields), first, more);
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
      return node(assembleAll<N>(base, fields), parts.length === 0 ? [] : g.repeat(() => g.choose(parts)));
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
      const part = ({ field, at }: (typeof rows)[number], round: number) => () =>
        readField(g, field, at, { word: field.option ?? '', value: field.saved ?? field.value, words: field.words ?? 1, round });
      const first = g.choose(rows.map((row) => part(row, 0)));
      const more = g.repeat(() => g.choose(rows.map((row) => part(row, 1)), 1));
      return node((_line: Line, one: Found, others: readonly Found[]): N => gather(base, fields, [one, ...others], 0, others.length + 1), first, more);
    },
  };
}

/** The text of a row of fields in a listing, a blank between two, none at the ends. */
export function printListing(held: object, fields: readonly Field[], style: PrintStyle, header?: string): string {
  const values = new Map<string, unknown>(Object.entries(held));
  const texts = header === undefined ? [] : [header];
  for (const field of fields) {
    const value = field.holds === 'merge' ? heldBy(field, held) : values.get(field.key);
    if (value === undefined || (field.word === undefined && field.bare !== true) || field.when?.(value as never) === false) continue;
    texts.push(printField(field, value as never, style));
  }
  return texts.join(' ');
}

/** The options of a row of fields in a save form, each with a blank before it. */
export function printOptions(held: object, fields: readonly Field[], style: PrintStyle): string {
  const values = new Map<string, unknown>(Object.entries(held));
  let text = '';
  for (const field of fields) {
    const value = field.holds === 'merge' ? heldBy(field, held) : values.get(field.key);
    if (value === undefined || field.option === undefined || field.when?.(value as never) === false) continue;
    text += printOption(field, value as never, style);
  }
  return text;
}

/** The value is joined to the word, and both are one token that stands for the value. */
function isGlued(field: Field): boolean {
  return field.spaced !== true && (field.glued === true || /[:=]$/.test(field.word ?? ''));
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

function readField(g: Grammar, field: Field, at: number, { word, value: codec, words, round }: Reading): Template<Found> {
  const nth = at * 4 + round;
  if (word === '') return readBare(g, field, at, nth);
  const first = g.word(word, round);
  const not = isSigned(field) ? g.sign(nth) : ABSENT;
  const isJoined = word === field.word && isGlued(field);
  const value = codec === undefined || isJoined ? first : g.value(nth);
  if (field.withWord === true && word === field.word) return node(foundField(field, at, codec), not, first, value);
  return node(foundField(field, at, codec), not, value, words === 2 ? g.value(nth + 2) : value);
}

/** `[!] 0,7`: a value alone; a keyword there begins something else. */
function readBare(g: Grammar, field: Field, at: number, nth: number): Template<Found> {
  const not = isSigned(field) ? g.sign(nth) : ABSENT;
  const value = g.bare(nth);
  return node(foundField(field, at, field.value), not, value, value);
}

function foundField(field: Field, at: number, codec: FieldCodec | undefined) {
  return (line: Line, not: number, value: number, last: number): Found => {
    const read = codec === undefined ? (field.merges ?? field.says ?? true) : readValue(line, codec, value, last);
    switch (field.holds) {
      case 'flag':
      case 'value':
        return { at, held: read };
      case 'sign':
        return { at, held: { not: not >= 0 } };
      case 'condition':
        return { at, held: { not: not >= 0, value: read } };
      case 'spread':
        return { at, held: { not: not >= 0, ...(typeof read === 'object' ? { ...read, not: not >= 0 } : {}) } };
      case 'merge':
        return { at, held: { ...(isSigned(field) ? { not: not >= 0 } : {}), ...(typeof read === 'object' ? read : {}) } };
    }
  };
}

function readValue(line: Line, codec: FieldCodec, value: number, last: number): unknown {
  if (value === last) return line.read<unknown>(value, codec);
  const read = codec.decode(line.text(value, last));
  if (read === undefined) line.refuse(value, codec.expected);
  return read;
}

/** One node of all that was found; a field given twice holds what was given last, as in the tools. */
function assembleAll<N>(base: object, fields: readonly Field[]) {
  return (_line: Line, found: readonly Found[]): N => gather(base, fields, found, 0, found.length);
}

function assembleOne<N>(base: object, fields: readonly Field[]) {
  return (_line: Line, first: Found, more: readonly Found[]): N => gather(base, fields, [first, ...more], 0, more.length + 1);
}

/** Fields without a header: the tool prints those of one match in order, so a step back begins the next match. */
function assembleSome<N>(base: object, fields: readonly Field[]) {
  return (_line: Line, first: Found, more: readonly Found[]): N | N[] => {
    if (more.length === 0) return gather(base, fields, [first], 0, 1);
    const found = [first, ...more];
    const nodes: N[] = [];
    let start = 0;
    for (let index = 1; index <= found.length; index += 1) {
      if (index < found.length && (found[index]?.at ?? 0) > (found[index - 1]?.at ?? 0)) continue;
      nodes.push(gather(base, fields, found, start, index));
      start = index;
    }
    const [only] = nodes;
    return nodes.length === 1 && only !== undefined ? only : nodes;
  };
}

/** Keys stand in the order of the table. */
function gather<N>(base: object, fields: readonly Field[], found: readonly Found[], start: number, end: number): N {
  const values: unknown[] = [];
  for (let index = start; index < end; index += 1) {
    const one = found[index];
    if (one !== undefined) values[one.at] = one.held;
  }
  const gathered: Record<string, unknown> = { ...base };
  fields.forEach((field, at) => {
    if (values[at] === undefined) return;
    if (field.holds === 'merge') Object.assign(gathered, values[at]);
    else gathered[field.key] = values[at];
  });
  // Each field's codec gives what the node's key holds: the table of fields is the node's definition.
  return gathered as N;
}

function printField(field: Field, held: never, style: PrintStyle): string {
  if (field.print !== undefined) return field.print(held, style);
  const word = field.word ?? '';
  const not = isNegated(field, held);
  const value = field.value === undefined ? '' : field.value.print(heldValue(field, held));
  if (field.withWord === true) return `${not ? '! ' : ''}${value}`;
  const space = field.value === undefined || isGlued(field) ? '' : ' ';
  if (field.bare === true) return `${not ? (field.not === 'joined' ? '!' : '! ') : ''}${value}`;
  const before = not && field.not === 'before' ? '! ' : not && field.not === 'tight' ? '!' : '';
  const after = not && field.not === 'after' ? ' !' : field.wide === true ? ' ' : '';
  const joined = not && field.not === 'joined' ? '!' : '';
  return `${before}${word}${after}${space}${joined}${value}`;
}

function printOption(field: Field, held: never, style: PrintStyle): string {
  if (field.printSave !== undefined) return field.printSave(held, style);
  const option = (field.option ?? '').split('|')[0] ?? '';
  const codec = field.saved ?? field.value;
  const value = codec === undefined ? '' : ` ${codec.print(heldValue(field, held))}`;
  return `${isNegated(field, held) ? ' !' : ''} ${option}${value}`;
}

/** A merged field is there when the node has its key. */
function heldBy(field: Field, held: object): unknown {
  return field.key in held ? held : undefined;
}

function isSigned(field: Field): boolean {
  if (field.holds === 'merge') return field.not !== undefined;
  return field.holds === 'condition' || field.holds === 'spread' || field.holds === 'sign';
}

function isNegated(field: Field, held: { readonly not?: boolean }): boolean {
  return isSigned(field) && held.not === true;
}

function heldValue(field: Field, held: never): never {
  return field.holds === 'condition' ? (held as { readonly value: never }).value : held;
}

/** What {@link fieldMatch} and {@link fieldTarget} make an extension from. */
interface FieldExtension {
  readonly name: string;
  readonly kind: string;
  /** Words before the fields in a listing. */
  readonly header?: string;
  /** Without a header: how many of the first fields may begin the text; all unless given. */
  readonly lead?: number;
  readonly fields: readonly Field[];
  readonly samples: readonly string[];
}

/** A match whose text is a row of fields. */
export function fieldMatch<N extends Kinded>({ name, kind, header, lead, fields, samples }: FieldExtension & { readonly kind: N['kind'] }): MatchExtension<N> {
  return {
    type: 'match',
    name,
    kind,
    listing: listingForm<N>({ kind }, fields, options(header, lead)),
    print: (node, style) => printListing(node, fields, style, header),
    save: saveForm<N>({ kind }, fields),
    printSave: (node, style) => printOptions(node, fields, style),
    samples,
  };
}

/** A target whose text is a row of fields. `plain`: the listing may show no text for it. */
export function fieldTarget<N extends Named>({
  name,
  kind,
  header,
  lead,
  fields,
  samples,
  plain,
}: FieldExtension & { readonly kind: N['kind']; readonly plain?: N }): TargetExtension<N> {
  return {
    type: 'target',
    name,
    kind,
    listing: listingForm<N>({ kind, name }, fields, { ...options(header, lead), single: true }),
    print: (node, style) => printListing(node, fields, style, header),
    save: saveForm<N>({ kind, name }, fields),
    printSave: (node, style) => printOptions(node, fields, style),
    samples,
    ...(plain === undefined ? {} : { plain }),
  };
}

function options(header: string | undefined, lead: number | undefined): ListingOptions {
  return { ...(header === undefined ? {} : { header }), ...(lead === undefined ? {} : { lead }) };
}
