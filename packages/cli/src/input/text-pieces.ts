import { createReadStream } from 'node:fs';
import { decode, decodeUtf8, detectEncoding } from '@netdrift/core';
import { reasonOf, Trouble } from '../trouble.ts';
import { MAX_INPUT_BYTES, tooLarge } from './input-limit.ts';
import type { StandardInput } from './standard-input.ts';

const LINE_FEED = 0x0a;

/** A source read piece by piece. */
export function openPieces(name: string, standardInput: StandardInput): AsyncIterable<Uint8Array> {
  return name === '-' ? standardInput.stream() : createReadStream(name);
}

/**
 * The text of a source as it comes: each piece ends with a line end, but the last. What has come is given at once, so an
 * input that pauses holds back no more than its unfinished line. UTF-16 is given whole: its line ends are not to be told by bytes.
 *
 * @throws {@link Trouble} when the source cannot be read, or what has no line end is beyond the limit.
 */
export async function* textPieces(name: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let isUtf8: boolean | undefined;
  try {
    for await (const piece of pieces) {
      waiting.push(piece);
      size += piece.length;
      if (size > MAX_INPUT_BYTES) throw tooLarge(name);
      const end = piece.lastIndexOf(LINE_FEED) + 1;
      if (end === 0) continue;
      isUtf8 ??= detectEncoding(Buffer.concat(waiting)) === 'utf-8';
      if (!isUtf8) continue;
      yield decodeUtf8(Buffer.concat([...waiting.slice(0, -1), piece.subarray(0, end)]));
      waiting = end < piece.length ? [piece.subarray(end)] : [];
      size = piece.length - end;
    }
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(`cannot read ${name}: ${reasonOf(error)}`);
  }
  const rest = Buffer.concat(waiting);
  if (rest.length > 0) yield isUtf8 === true ? decodeUtf8(rest) : decode(rest);
}
