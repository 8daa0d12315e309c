import { sourceBytes } from './source-bytes.ts';
import type { TokenCode } from './token-set.ts';

/** Gives the code of a word straight from the bytes of a text, without making a string. */
export interface WordTable {
  /** The code of the word at `start..end`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): TokenCode;
}

/**
 * A {@link WordTable} of ASCII words.
 *
 * @throws Error when a word is empty, not ASCII, or listed with two codes.
 *
 * @example
 * const table = wordTable([['tcp', 4], ['udp', 5]]);
 * table.find(sourceBytes('-p udp'), 3, 6) // => 5
 */
export function wordTable(words: Iterable<readonly [word: string, code: TokenCode]>): WordTable {
  const listed = new Map<string, TokenCode>();
  for (const [word, code] of words) {
    if (!isAsciiWord(word)) throw new Error(`"${word}" cannot be looked up: it is not an ASCII word`);
    if ((listed.get(word) ?? code) !== code) throw new Error(`word "${word}" has two codes`);
    listed.set(word, code);
  }
  let size = 16;
  while (size < listed.size * 4) size *= 2;
  const mask = size - 1;
  const codes = new Int32Array(size).fill(-1);
  const spellings = new Array<Uint8Array>(size);
  for (const [word, code] of listed) {
    const spelling = sourceBytes(word);
    let slot = hashOf(spelling, 0, spelling.length) & mask;
    while (codes[slot] !== -1) slot = (slot + 1) & mask;
    codes[slot] = code;
    spellings[slot] = spelling;
  }
  return {
    find(bytes, start, end) {
      let slot = hashOf(bytes, start, end) & mask;
      for (;;) {
        const code = codes[slot] ?? -1;
        if (code === -1) return -1;
        if (spells(bytes, start, end, spellings[slot] ?? EMPTY)) return code;
        slot = (slot + 1) & mask;
      }
    },
  };
}

const EMPTY = new Uint8Array(0);

function isAsciiWord(word: string): boolean {
  if (word.length === 0) return false;
  for (let index = 0; index < word.length; index += 1) if (word.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** FNV-1a over at most the first 32 bytes: no keyword is longer, and hostile words stay cheap. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 ^ (end - start);
  const stop = Math.min(end, start + 32);
  for (let index = start; index < stop; index += 1) hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15);
}

function spells(bytes: Uint8Array, start: number, end: number, spelling: Uint8Array): boolean {
  if (end - start !== spelling.length) return false;
  for (let index = 0; index < spelling.length; index += 1) if (bytes[start + index] !== spelling[index]) return false;
  return true;
}
