/** The runtime's own codecs, which every host of ES2023 has and the ES2023 library does not declare. */
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/** U+DC00: a byte that is not UTF-8 decodes to this plus the byte, which gives U+DC80 to U+DCFF. */
const ESCAPE = 0xdc00;
const CHUNK = 8192;

/** Text of UTF-8 bytes; each byte that is not part of a valid sequence becomes a lone surrogate U+DC80–DCFF. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeInvalidUtf8(bytes);
  }
}

/** UTF-8 bytes of a text; lone surrogates U+DC80–DCFF become the single byte they stand for, any other becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(text)) return new TextEncoder().encode(text);
  return encodeEscaped(text);
}

function decodeInvalidUtf8(bytes: Uint8Array): string {
  const units = new Uint16Array(CHUNK);
  let text = '';
  let filled = 0;
  for (let at = 0; at < bytes.length;) {
    if (filled > CHUNK - 2) {
      text += String.fromCharCode(...units.subarray(0, filled));
      filled = 0;
    }
    const size = sequenceLength(bytes, at);
    if (size === 0) {
      units[filled++] = ESCAPE + byteAt(bytes, at);
      at += 1;
      continue;
    }
    const code = codePointAt(bytes, at, size);
    if (code > 0xffff) units[filled++] = 0xd7c0 + (code >> 10);
    units[filled++] = code > 0xffff ? ESCAPE + (code & 0x3ff) : code;
    at += size;
  }
  return text + String.fromCharCode(...units.subarray(0, filled));
}

/** Length of the valid sequence at an offset, 0 where there is none (Unicode 15, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = byteAt(bytes, at);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const second = byteAt(bytes, at + 1);
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let index = 2; index < size; index += 1) if ((byteAt(bytes, at + index) & 0xc0) !== 0x80) return 0;
  return size;
}

function codePointAt(bytes: Uint8Array, at: number, size: number): number {
  let code = size === 1 ? byteAt(bytes, at) : byteAt(bytes, at) & (0xff >> (size + 1));
  for (let index = 1; index < size; index += 1) code = (code << 6) | (byteAt(bytes, at + index) & 0x3f);
  return code;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function encodeEscaped(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let size = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at) ?? 0;
    if (code > 0xffff) at += 1;
    if (code < 0x80) bytes[size++] = code;
    else if (code >= 0xdc80 && code <= 0xdcff) bytes[size++] = code - ESCAPE;
    else size = putSequence(bytes, size, code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
  }
  return bytes.slice(0, size);
}

function putSequence(bytes: Uint8Array, at: number, code: number): number {
  const size = code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  for (let index = size - 1, rest = code; index >= 0; index -= 1, rest >>= 6) {
    bytes[at + index] = index === 0 ? ((0xf00 >> size) & 0xff) | rest : 0x80 | (rest & 0x3f);
  }
  return at + size;
}
