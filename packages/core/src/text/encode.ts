import type { Encoding } from './decode.ts';
import { encodeUtf8 } from './utf8.ts';

/**
 * The bytes of a text, the other way round from `decode`: `encode(decode(bytes), detectEncoding(bytes))` equals `bytes`
 * for every input (but a UTF-16 one of odd length).
 *
 * In UTF-8, which is what it writes unless told otherwise, a lone surrogate U+DC80–DCFF becomes the one byte it stands
 * for, and any other lone surrogate becomes U+FFFD.
 *
 * @example
 * encode('caf\udce9') // => Uint8Array.of(0x63, 0x61, 0x66, 0xe9)
 */
export function encode(text: string, encoding: Encoding = 'utf-8'): Uint8Array {
  if (encoding === 'utf-8') return encodeUtf8(text);
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), encoding === 'utf-16le');
  return bytes;
}
