import { decodeUtf8 } from './utf8.ts';

/** How the bytes of an input stand for text; told from a byte order mark alone. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * The encoding that the first two bytes tell: UTF-16 with a byte order mark (as PowerShell's `>` writes it), else UTF-8.
 *
 * @example
 * detectEncoding(Uint8Array.of(0xff, 0xfe, 0x43, 0x00)) // => 'utf-16le'
 */
export function detectEncoding(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/**
 * The text that all spans of an input point into. A string is given back as it is.
 *
 * Bytes are read as UTF-8, and each byte that is not UTF-8 becomes a lone surrogate U+DC80–DCFF, so that
 * {@link encode} restores it. Bytes with a UTF-16 byte order mark are read as UTF-16 (a last odd byte becomes U+FFFD). A
 * byte order mark stays in the text as its first character, U+FEFF; taking it off is the transcript's work.
 *
 * An input of more than about 500 million characters is beyond what a JavaScript string holds and throws a RangeError.
 *
 * @example
 * decode(Uint8Array.of(0x63, 0x61, 0x66, 0xe9)) // => 'caf\udce9'
 */
export function decode(input: string | Uint8Array): string {
  if (typeof input === 'string') return input;
  const encoding = detectEncoding(input);
  return encoding === 'utf-8' ? decodeUtf8(input) : decodeUtf16(input, encoding === 'utf-16be');
}

function decodeUtf16(bytes: Uint8Array, bigEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units = new Uint16Array(8192);
  const length = bytes.length >> 1;
  let text = '';
  for (let at = 0; at < length;) {
    const filled = Math.min(units.length, length - at);
    for (let index = 0; index < filled; index += 1, at += 1) units[index] = view.getUint16(at * 2, !bigEndian);
    text += String.fromCharCode(...units.subarray(0, filled));
  }
  return bytes.length % 2 === 0 ? text : `${text}\ufffd`;
}
