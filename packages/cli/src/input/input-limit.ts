import { Trouble } from '../trouble.ts';

/** A listing is kilobytes to megabytes; a text beyond this cannot become a JavaScript string. */
export const MAX_INPUT_BYTES = 512 * 1024 * 1024;

/** Why an input beyond the limit is not read. */
export const TOO_LARGE = 'it is larger than 512 MiB';

/** The trouble with an input beyond the limit. */
export function tooLarge(name: string): Trouble {
  return new Trouble(`cannot read ${name}: ${TOO_LARGE}`);
}

/**
 * All bytes of an input that may never end, as a pipe or `/dev/zero`.
 *
 * @throws {@link Trouble} beyond the limit.
 */
export async function wholeOf(name: string, pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > MAX_INPUT_BYTES) throw tooLarge(name);
    all.push(piece);
  }
  return Buffer.concat(all);
}
