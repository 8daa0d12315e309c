import { tokenSet, wordTable, type TokenCode, type TokenSet, type WordTable } from '@netdrift/core';
import type { Form } from '../extension.ts';

/** Bits of {@link Vocabulary.flags}. */
export const NEXT_IS_VALUE = 1;
/** A `!` before this word is its negation. */
export const NEGATABLE = 2;
/** The word may begin a phrase. */
export const PHRASE_HEAD = 4;
/** The value is joined on; the token is the value alone. */
export const GLUED = 8;
/** The quoted text after this word ends where the line ends. */
export const QUOTED_TO_END = 16;

/** The words of one form (listing or save) of all extensions: what the scanner looks up and the grammar reads. */
export interface Vocabulary {
  readonly tokens: TokenSet;
  /** Any single word; every keyword counts as it. */
  readonly word: TokenCode;
  /** What may stand in unknown text: words that begin nothing. */
  readonly loose: TokenCode;
  readonly plain: TokenCode;
  readonly bang: TokenCode;
  readonly quoted: TokenCode;
  readonly comment: TokenCode;
  /** The code of a word, phrase or glued word of some form, by one of its spellings or by all, `dpt:|dpts:`. */
  readonly code: (spelling: string) => TokenCode;
  readonly words: WordTable;
  readonly glued: WordTable;
  /** Head code * 65536 + code of the next word -> code of the phrase. */
  readonly phrases: ReadonlyMap<number, TokenCode>;
  /** Words and phrases that may stand directly behind other text. */
  readonly joined: readonly string[];
  /** By byte: 1 where the first word of one of them ends with it. */
  readonly joinedEnds: Uint8Array;
  readonly flags: Uint8Array;
}

/** What {@link vocabularyOf} needs to know beside the forms. */
export interface VocabularyOptions {
  /** Forms whose starts begin a text only behind their target's name, and are ordinary words elsewhere. */
  readonly bound?: readonly Form<unknown>[];
  /** Words whose quoted text ends where the line ends. */
  readonly quotedToEnd?: readonly string[];
  /** Words or phrases that the tools print without a blank before them. */
  readonly joined?: readonly string[];
}

/** Builds the vocabulary of a list of forms. */
export function vocabularyOf(
  free: readonly Form<unknown>[],
  { bound = [], quotedToEnd = [], joined = [] }: VocabularyOptions = {},
): Vocabulary {
  const forms = [...free, ...bound];
  const tokens = tokenSet();
  const word = tokens.add('Word');
  const loose = tokens.add('Loose');
  const plain = tokens.add('Plain', word, loose);
  const bang = tokens.add('Bang', loose);
  const quoted = tokens.add('Quoted', word, loose);
  const comment = tokens.add('Comment');

  const starts = new Set(forms.flatMap((form) => form.starts.flatMap(spellings)));
  const gluedSpellings = new Set(forms.flatMap((form) => (form.glued ?? []).flatMap(spellings)));
  // `match` is a word of `mark match` and has its value joined on in `tos match0x10`.
  const spoken = new Set(
    forms
      .flatMap((form) => [...form.starts, ...(form.words ?? [])].flatMap(spellings).flatMap((one) => one.split(' ')))
      .filter((one) => !/[:=]$/.test(one)),
  );
  const codes = new Map<string, TokenCode>();
  const phrases = new Map<number, TokenCode>();
  const flagged = new Map<TokenCode, number>();
  const flag = (code: TokenCode, bit: number): void => void flagged.set(code, (flagged.get(code) ?? 0) | bit);

  /** One token for all spellings of `dpt:|dpts:`. */
  function add(spelling: string): TokenCode {
    const all = spellings(spelling);
    const known = all.map((one) => codes.get(one)).find((code) => code !== undefined);
    const isGlued = all.some((one) => gluedSpellings.has(one));
    const categories = [
      ...(isGlued && !all.some((one) => spoken.has(one)) ? [] : [word]),
      ...(all.some((one) => starts.has(one)) ? [] : [loose]),
    ];
    const code = known ?? tokens.add(all[0] ?? spelling, ...categories);
    for (const one of all) {
      codes.set(one, code);
      if (one.includes(' ')) addPhrase(one, code);
    }
    if (isGlued) flag(code, GLUED);
    return code;
  }

  function addPhrase(phrase: string, code: TokenCode): void {
    const parts = phrase.split(' ');
    const last = parts.pop() ?? '';
    const head = add(parts.join(' '));
    flag(head, PHRASE_HEAD);
    phrases.set(head * 65_536 + add(last), code);
  }

  for (const form of forms) for (const spelling of [...form.starts, ...(form.words ?? []), ...(form.glued ?? [])]) add(spelling);
  for (const form of forms) for (const spelling of form.values ?? []) flag(add(spelling), NEXT_IS_VALUE);
  for (const form of forms) for (const spelling of form.negatable ?? []) flag(add(spelling), NEGATABLE);
  for (const spelling of quotedToEnd) flag(add(spelling), QUOTED_TO_END);

  const flags = new Uint8Array(65_536);
  for (const [code, bits] of flagged) flags[code] = bits;
  const single = [...codes].filter(([spelling]) => !spelling.includes(' '));
  return {
    tokens,
    word,
    loose,
    plain,
    bang,
    quoted,
    comment,
    code(spelling) {
      const code = codes.get(spellings(spelling)[0] ?? spelling);
      if (code === undefined) throw new Error(`"${spelling}" is read by a grammar and not listed among its words`);
      return code;
    },
    words: wordTable([...single.filter(([spelling]) => !gluedSpellings.has(spelling) || spoken.has(spelling)), ['!', bang]]),
    glued: wordTable(single.filter(([spelling]) => gluedSpellings.has(spelling))),
    phrases,
    joined,
    joinedEnds: endsOf(joined),
    flags,
  };
}

/** The last bytes of the first words of texts: few words end like them, and the others are not compared. */
function endsOf(texts: readonly string[]): Uint8Array {
  const ends = new Uint8Array(256);
  for (const text of texts) {
    const [word = text] = text.split(' ');
    ends[word.charCodeAt(word.length - 1)] = 1;
  }
  return ends;
}

/** `dpt:|dpts:` are two spellings of one word. */
function spellings(spelling: string): string[] {
  return spelling.length > 1 ? spelling.split('|') : [spelling];
}
