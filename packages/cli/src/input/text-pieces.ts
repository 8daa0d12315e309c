import { createReadStream } from 'node:fs';
import { decode } from '@netdrift/core';
import { reasonOf, Trouble } from '../trouble.ts';
import type { StandardInput } from './standard-input.ts';

const LINE_FEED = 0x0a;

/** A source read piece by piece. */
export function openPieces(name: string, standardInput: StandardInput): AsyncIterable<Uint8Array> {
  return name === '-' ? standardInput.stream() : createReadStream(name);
}

/**
 * The text of a source as it comes: each piece ends with a line end, but the last. What has come is given at once, so an
 * input that pauses holds back no more than its unfinished line.
 *
 * @throws {@link Trouble} when the source cannot be read.
 */
export async function* textPieces(name: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  let waiting: Uint8Array[] = [];
  try {
    for await (const piece of pieces) {
      const end = piece.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) yield decode(Buffer.concat([...waiting, piece.subarray(0, end)]));
      if (end > 0) waiting = [];
      if (end < piece.length) waiting.push(piece.subarray(end));
    }
  } catch (error) {
    throw new Trouble(`cannot read ${name}: ${reasonOf(error)}`);
  }
  if (waiting.length > 0) yield decode(Buffer.concat(waiting));
}
