import { LINE_FEED } from '../machine/source-bytes.ts';
import { decodeUtf8 } from './utf8.ts';

/** Puts pieces of a text together to text that ends with a line end. */
export interface WholeLines {
  /** What is complete with this piece; may be empty. */
  add(piece: string | Uint8Array): string;
  /** The last line, when it has no line end. */
  rest(): string;
}

/**
 * Takes pieces of text, or of its bytes in UTF-8, and gives text that ends with a line end: a character or a line may be cut between two
 * pieces.
 *
 * @example
 * const lines = wholeLines();
 * lines.add('a\nb'); // => 'a\n'
 * lines.rest(); // => 'b'
 */
export function wholeLines(): WholeLines {
  let waiting: (string | Uint8Array)[] = [];
  return {
    add(piece) {
      const end = (typeof piece === 'string' ? piece.lastIndexOf('\n') : piece.lastIndexOf(LINE_FEED)) + 1;
      if (end === 0) {
        waiting.push(piece);
        return '';
      }
      const complete = joined([...waiting, cut(piece, 0, end)]);
      waiting = end === piece.length ? [] : [cut(piece, end, piece.length)];
      return complete;
    },
    rest: () => joined(waiting),
  };
}

function cut(piece: string | Uint8Array, start: number, end: number): string | Uint8Array {
  return typeof piece === 'string' ? piece.slice(start, end) : piece.slice(start, end);
}

/** Pieces of bytes are joined before they are decoded: a character may be cut between them. */
function joined(pieces: readonly (string | Uint8Array)[]): string {
  let text = '';
  let bytes: Uint8Array[] = [];
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      bytes.push(piece);
      continue;
    }
    text += decodeAll(bytes) + piece;
    bytes = [];
  }
  return text + decodeAll(bytes);
}

function decodeAll(pieces: readonly Uint8Array[]): string {
  const [only] = pieces;
  if (only === undefined) return '';
  if (pieces.length === 1) return decodeUtf8(only);
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return decodeUtf8(all);
}
