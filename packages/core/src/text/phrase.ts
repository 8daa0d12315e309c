/** What the places of a phrase hold. */
export type PhraseParts = Readonly<Record<string, string>>;

type Piece = { readonly literal: string } | { readonly place: string };

/** A sentence with places in it, read and printed by the same words. */
export interface Phrase {
  /** The sentence with its places in braces: `Module {name} is in use.` */
  readonly words: string;
  /** What the places hold in this text, or `undefined` where the text is another sentence. A place is never empty. */
  readonly read: (text: string) => PhraseParts | undefined;
  /** The sentence with its places filled. */
  readonly print: (parts: PhraseParts) => string;
}

/**
 * A {@link Phrase} for one message of a tool. A place ends where the next words of the phrase begin for the first time;
 * the last place takes all the rest.
 *
 * @throws Error when two places touch: nothing would tell where the first ends.
 *
 * @example
 * const inUse = phrase('Module {name} is in use.');
 * inUse.read('Module ip_vs is in use.') // => { name: 'ip_vs' }
 * inUse.print({ name: 'ip_vs' }) // => 'Module ip_vs is in use.'
 */
export function phrase(words: string): Phrase {
  const pieces = piecesOf(words);
  return {
    words,
    read: (text) => readPieces(pieces, text),
    print: (parts) => pieces.map((piece) => ('literal' in piece ? piece.literal : (parts[piece.place] ?? ''))).join(''),
  };
}

function piecesOf(words: string): readonly Piece[] {
  if (words.includes('}{')) throw new Error(`two places touch in "${words}"`);
  return words
    .split(/[{}]/)
    .map((part, index) => (index % 2 === 1 ? { place: part } : { literal: part }))
    .filter((piece) => !('literal' in piece) || piece.literal !== '');
}

function readPieces(pieces: readonly Piece[], text: string): PhraseParts | undefined {
  const parts = new Map<string, string>();
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    if ('literal' in piece) {
      if (!text.startsWith(piece.literal, at)) return undefined;
      at += piece.literal.length;
      continue;
    }
    const end = endOfPlace(pieces, index, text, at);
    if (end <= at) return undefined;
    parts.set(piece.place, text.slice(at, end));
    at = end;
  }
  return at === text.length ? Object.fromEntries(parts) : undefined;
}

/** Where the words after a place begin: at the end of the text for the last words, so that what they hold may repeat them. */
function endOfPlace(pieces: readonly Piece[], index: number, text: string, at: number): number {
  const next = pieces[index + 1];
  if (next === undefined || !('literal' in next)) return text.length;
  if (index + 2 === pieces.length) return text.endsWith(next.literal) ? text.length - next.literal.length : -1;
  return text.indexOf(next.literal, at + 1);
}
