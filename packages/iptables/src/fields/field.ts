import type { PrintStyle } from '../extension.ts';

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
export interface FieldCodec {
  readonly expected: string;
  readonly decode: (text: string) => unknown;
  print(value: never): string;
}

/** The value is joined to the word, and both are one token that stands for the value. */
export function isGlued(field: Field): boolean {
  return field.spaced !== true && (field.glued === true || /[:=]$/.test(field.word ?? ''));
}

/** Whether a sign may come with the field. */
export function isSigned(field: Field): boolean {
  if (field.holds === 'merge') return field.not !== undefined;
  return field.holds === 'condition' || field.holds === 'spread' || field.holds === 'sign';
}
