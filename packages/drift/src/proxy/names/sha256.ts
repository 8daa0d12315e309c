/** Fractional parts of the cube roots of the first 64 primes, and of the square roots of the first 8 (FIPS 180-4 §4.2.2, §5.3.3). */
const [ROUND_CONSTANTS, START] = constants();

/** Filled anew for each block of 64 bytes. */
const SCHEDULE = new Int32Array(64);

/** Signed, as the arithmetic of JavaScript on 32 bits is: the bits are the same. */
function constants(): readonly [Int32Array, Int32Array] {
  const rounds = new Int32Array(64);
  const start = new Int32Array(8);
  let found = 0;
  for (let candidate = 2; found < 64; candidate++) {
    if (!isPrime(candidate)) continue;
    rounds[found] = fraction(Math.cbrt(candidate));
    if (found < 8) start[found] = fraction(Math.sqrt(candidate));
    found++;
  }
  return [rounds, start];
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

/**
 * SHA-256 of bytes. Meant for the short names that kube-proxy hashes into names of chains: it keeps all of its input.
 *
 * @example
 * sha256(new TextEncoder().encode('abc')).slice(0, 4) // => Uint8Array [0xba, 0x78, 0x16, 0xbf]
 */
export function sha256(message: Uint8Array): Uint8Array {
  const { length } = message;
  const padded = new Uint8Array(((length + 72) >> 6) << 6);
  padded.set(message);
  padded[length] = 0x80;
  putWord(padded, padded.length - 8, Math.floor(length / 2 ** 29));
  putWord(padded, padded.length - 4, length << 3);
  const state = START.slice();
  for (let block = 0; block < padded.length; block += 64) {
    expand(SCHEDULE, padded, block);
    compress(state, SCHEDULE);
  }
  const digest = new Uint8Array(32);
  for (let at = 0; at < 8; at++) putWord(digest, at * 4, word(state, at));
  return digest;
}

function putWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

function expand(schedule: Int32Array, message: Uint8Array, block: number): void {
  for (let at = 0, from = block; at < 16; at++, from += 4)
    schedule[at] = (word(message, from) << 24) | (word(message, from + 1) << 16) | (word(message, from + 2) << 8) | word(message, from + 3);
  for (let at = 16; at < 64; at++) {
    const early = word(schedule, at - 15);
    const late = word(schedule, at - 2);
    const low = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const high = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[at] = (word(schedule, at - 16) + low + word(schedule, at - 7) + high) | 0;
  }
}

function compress(state: Int32Array, schedule: Int32Array): void {
  let a = word(state, 0);
  let b = word(state, 1);
  let c = word(state, 2);
  let d = word(state, 3);
  let e = word(state, 4);
  let f = word(state, 5);
  let g = word(state, 6);
  let h = word(state, 7);
  for (let round = 0; round < 64; round++) {
    const choice = (e & f) ^ (~e & g);
    const one = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + word(ROUND_CONSTANTS, round) + word(schedule, round)) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  add(state, 0, a);
  add(state, 1, b);
  add(state, 2, c);
  add(state, 3, d);
  add(state, 4, e);
  add(state, 5, f);
  add(state, 6, g);
  add(state, 7, h);
}

function add(state: Int32Array, at: number, value: number): void {
  state[at] = word(state, at) + value;
}

function word(words: Int32Array | Uint8Array, index: number): number {
  return words[index] ?? 0;
}

function rotate(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}
